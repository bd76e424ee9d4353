import { expect, test } from 'vitest';
import type { Label, Plan } from '../api/types';
import { me, ostia } from './samples';
import { findPlaces, harbours, routeLine } from './select';
import { journal, picture, subject } from './timeline';

const roma = { ...ostia, id: 'roma', latin: 'Roma', modern: 'Rome', harbour: 'river', rank: 1 };
const caesarea = {
  ...ostia,
  id: 'caesarea',
  latin: 'Cæsarēa',
  modern: 'Caesarea',
  province: 'Iudaea',
  rank: 3,
};
const inland = { ...ostia, id: 'corduba', latin: 'Corduba', harbour: 'none' };

test('places are found by any of their names, without accents, the greatest first', () => {
  expect(findPlaces([ostia, caesarea, roma], 'CAESAREA').map(({ id }) => id)).toEqual(['caesarea']);
  expect(findPlaces([ostia, caesarea, roma], ' italia').map(({ id }) => id)).toEqual(['roma', 'ostia']);
});

test('ships sail to other places with a sea harbour', () => {
  expect(harbours([ostia, roma, caesarea, inland], 'ostia').map(({ id }) => id)).toEqual(['caesarea']);
});

test('the voyage under way hides the plan', () => {
  const plan = { path: [[1, 2]] } as unknown as Plan;
  expect(routeLine(me, plan)).toEqual({ kind: 'planned', path: [[1, 2]] });
  const voyage = {
    from: 'a',
    to: 'b',
    departed_at: '',
    anchors_at: '',
    arrives_at: '',
    days: 1,
    path: [[3, 4]],
    progress: 0,
  };
  expect(routeLine({ ...me, voyage }, plan)).toEqual({ kind: 'sailing', path: [[3, 4]] });
  expect(routeLine(me, null)).toBeNull();
});

const date = { plain: '0150-03-14', roman: 'pridie Id. Mart.', year_auc: 903 };
const label = (kind: string, from: string, to: string | null, evidence: number[]): Label => ({
  label: kind,
  title: kind,
  from,
  to,
  world_from: date,
  world_to: null,
  evidence,
  detail: {},
});

test('the picture of a life spans its first moment to now, a lane a kind, open spans to the end', () => {
  const start = Date.parse('2026-01-01T00:00:00Z');
  const drawn = picture(
    [
      label('sojourn', '2026-01-01T00:00:00Z', '2026-01-01T00:05:00Z', [start * 1_000]),
      label('voyage', '2026-01-01T00:05:00Z', null, [(start + 300_000) * 1_000]),
    ],
    start + 600_000,
  );
  expect(drawn.lanes.map(({ kind }) => kind)).toEqual(['sojourn', 'voyage']);
  expect(
    drawn.lanes
      .flatMap(({ bars }) => bars)
      .map(({ start, end, open, ticks }) => ({ start, end, open, ticks })),
  ).toEqual([
    { start: 0, end: 0.5, open: false, ticks: [0] },
    { start: 0.5, end: 1, open: true, ticks: [0.5] },
  ]);
});

test('journal pages come newest first with the day they were written on', () => {
  const page = (from: string, text: string) => ({
    ...label('journal', from, from, [1, 1]),
    detail: { text },
  });
  expect(journal([page('a', 'one'), label('voyage', 'b', null, [2]), page('c', 'two')])).toEqual([
    { from: 'c', text: 'two', date },
    { from: 'a', text: 'one', date },
  ]);
});

test('a label tells what it is about without words, and an unknown one keeps its title', () => {
  const about = (detail: Record<string, unknown>) => subject({ ...label('x', '', null, []), detail });
  expect(about({ from: 'ostia', to: 'puteoli' })).toEqual({ kind: 'voyage', from: 'ostia', to: 'puteoli' });
  expect(about({ place: 'ostia', trades: 2 })).toEqual({ kind: 'place', place: 'ostia' });
  expect(about({ closed: true, year: 150 })).toEqual({ kind: 'season', closed: true, year: 150 });
  expect(about({ text: 'rain' })).toEqual({ kind: 'text', text: 'rain' });
  expect(about({})).toEqual({ kind: 'text', text: 'x' });
});
