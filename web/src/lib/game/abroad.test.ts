import { expect, test } from 'vitest';
import type { Market, Quote } from '../api/types';
import { reports } from './abroad';
import { me, quote } from './samples';

const market = (place: string, quotes: Partial<Quote>[]): Market => ({
  place,
  at: '2026-01-01T00:00:00Z',
  quotes: quotes.map((one) => ({ ...quote, ...one })),
});
const here = market('ostia', [
  { good: 'wheat', buy_asses: 20 },
  { good: 'wine', buy_asses: 10 },
  { good: 'oil', buy_asses: 100 },
  { good: 'salt', buy_asses: 10, available: 0 },
  { good: 'wool', buy_asses: 10 },
]);
const there = market('puteoli', [
  { good: 'wine', sell_asses: 12 },
  { good: 'oil', sell_asses: 150 },
  { good: 'salt', sell_asses: 90 },
  { good: 'wool', sell_asses: 9 },
  { good: 'wheat', sell_asses: 15 },
  { good: 'silk', sell_asses: 999 },
]);

test('what is aboard is told first, then what of here gains most for its coin', () => {
  expect(reports(me, here, there)).toEqual([
    { good: 'wheat', aboard: true, paysAsses: 20, getsAsses: 15 },
    { good: 'oil', aboard: false, paysAsses: 100, getsAsses: 150 },
    { good: 'wine', aboard: false, paysAsses: 10, getsAsses: 12 },
  ]);
});

test('without a market here only what is aboard is told', () => {
  expect(reports(me, null, there)).toEqual([{ good: 'wheat', aboard: true, paysAsses: null, getsAsses: 15 }]);
});

test('what nobody wants there is not told', () => {
  const sated = market('puteoli', [{ good: 'wheat', wanted: 0 }]);
  expect(reports(me, here, sated)).toEqual([]);
});
