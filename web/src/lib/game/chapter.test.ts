import { expect, test } from 'vitest';
import type { Label, Me } from '../api/types';
import { refreshed } from './change';
import { numeral } from './numeral';
import { me } from './samples';
import { newLife } from './state';
import { picture, subject } from './timeline';

const progress = (done: number) => ({ done, needed: 2, met: done >= 2 });
const inChapter = (number: number): Me => ({
  ...me,
  chapter: { number, negotium: progress(1), otium: progress(2) },
});

test('a chapter is told in Roman numerals', () => {
  expect([1, 2, 3, 4, 5, 8, 9, 11, 12].map(numeral)).toEqual([
    'I',
    'II',
    'III',
    'IV',
    'V',
    'VIII',
    'IX',
    'XI',
    'XII',
  ]);
  expect([0, 40, 1.5].map(numeral)).toEqual(['0', '40', '1.5']);
});

test('a new chapter is news, and going on in the old one is not', () => {
  const life = newLife(inChapter(3));
  expect(refreshed(life, inChapter(4)).news.at(-1)?.item).toEqual({ kind: 'chapter', number: 4 });
  expect(refreshed(life, inChapter(3)).news).toEqual([]);
  expect(refreshed(newLife(me), inChapter(3)).news).toEqual([]);
  expect(refreshed(life, { ...me, chapter: null }).news).toEqual([]);
});

test('a chapter is a lane of its own and speaks the language of its reader', () => {
  const words = { en: 'The Harbour', la: 'Portus', it: 'Il porto' };
  const label: Label = {
    label: 'chapter',
    title: 'I. The Harbour',
    from: '2026-11-24T00:00:00Z',
    to: null,
    world_from: me.world_date,
    world_to: null,
    evidence: [],
    detail: { chapter: 1, words },
  };
  expect(subject(label)).toEqual({ kind: 'chapter', number: 1, words });
  const drawn = picture([label], Date.parse('2026-11-24T01:00:00Z'));
  expect(drawn.lanes.map(({ kind }) => kind)).toEqual(['chapter']);
});
