import { expect, test } from 'vitest';
import type { Label } from '../api/types';
import { olderPages, refreshedPages } from './pages';

const date = { plain: '0150-03-01', roman: 'Kal. Mart.', year_auc: 903 };
const label = (day: number, to: number | null): Label => ({
  label: 'sojourn',
  title: `${day}`,
  from: `2026-01-0${day}T00:00:00Z`,
  to: to === null ? null : `2026-01-0${to}T00:00:00Z`,
  world_from: date,
  world_to: date,
  evidence: [],
  detail: {},
});

test('an older page goes before what is known, each label once', () => {
  const known = { labels: [label(3, 4), label(4, null)], earlier: 'x' };
  const page = { labels: [label(2, 3), label(1, 2)], earlier: null };
  expect(olderPages(known, page)).toEqual({
    labels: [label(1, 2), label(2, 3), label(3, 4), label(4, null)],
    earlier: null,
  });
});

test('a fresh page takes the place of the newest, and what was read before it stays', () => {
  const known = { labels: [label(1, 2), label(2, 3), label(3, null)], earlier: null };
  const fresh = { labels: [label(4, null), label(3, 4), label(2, 3)], earlier: 'x' };
  expect(refreshedPages(known, fresh)).toEqual({
    labels: [label(1, 2), label(2, 3), label(3, 4), label(4, null)],
    earlier: null,
  });
});

test('where too much happened meanwhile the older pages are asked for anew', () => {
  const known = { labels: [label(1, 2), label(2, null)], earlier: null };
  const fresh = { labels: [label(6, null), label(5, 6)], earlier: 'x' };
  expect(refreshedPages(known, fresh)).toEqual({ labels: [label(5, 6), label(6, null)], earlier: 'x' });
});
