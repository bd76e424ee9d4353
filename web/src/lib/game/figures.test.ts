import { expect, test } from 'vitest';
import { hear, serverNow, worldDays } from './clock';
import { cargoGrams, mass } from './mass';
import { money } from './money';
import { me, quote, wheat } from './samples';
import { costOf, estimate, mostToBuy, mostToSell } from './trade';

test('sixteen asses make a denarius', () => {
  expect([0, 15, 16, 40, -40, 1_600_000].map(money)).toEqual([
    '0 as.',
    '15 as.',
    '1 den.',
    '2 den. 8 as.',
    '−2 den. 8 as.',
    '100\u202f000 den.',
  ]);
});

test('mass reads in the unit a docker would say', () => {
  expect([327, 6_700, 26_000, 1_250_000, 140_000_000].map(mass)).toEqual([
    '0.3 kg',
    '6.7 kg',
    '26 kg',
    '1.25 t',
    '140 t',
  ]);
});

test('cargo weighs its units and unknown goods weigh nothing', () => {
  expect(
    cargoGrams([...me.cargo, { good: 'silk', units: 5, cost_asses: 0, spoiled_units: 0 }], [wheat]),
  ).toBe(200_000);
});

test('a purchase grows dearer and a sale cheaper along a straight line', () => {
  expect(estimate(quote, 'buy', 1)).toBe(20);
  expect(estimate(quote, 'buy', 11)).toBe(20 * 11 + 11);
  expect(estimate(quote, 'sell', 11)).toBe(Math.round(18 * (11 - 0.55)));
});

test('the most to buy is bounded by purse, hold and market', () => {
  const rich = { ...me, purse_asses: 1_000_000 };
  expect(mostToBuy(rich, wheat, quote, [wheat])).toBe(80);
  expect(mostToBuy(rich, wheat, { ...quote, available: 7 }, [wheat])).toBe(7);
  const most = mostToBuy(me, wheat, quote, [wheat]);
  expect(estimate(quote, 'buy', most)).toBeLessThanOrEqual(me.purse_asses);
  expect(estimate(quote, 'buy', most + 1)).toBeGreaterThan(me.purse_asses);
});

test('the most to sell is what is aboard and wanted', () => {
  expect(mostToSell(me, 'wheat', quote)).toBe(12);
  expect(mostToSell(me, 'wine', quote)).toBe(0);
});

test('part of a lot has cost its share', () => {
  expect(costOf(me, 'wheat', 5)).toBe(100);
  expect(costOf(me, 'wine', 5)).toBeNull();
});

test('the clock runs on from what the server said, whatever the browser thinks the time is', () => {
  const clock = hear('2026-11-23T19:00:00.250000Z', 1_000);
  expect(serverNow(clock, 3_500)).toBe(Date.parse('2026-11-23T19:00:02.750Z'));
});

test('a real minute at 2880 is two days of the world', () => {
  expect(worldDays(60_000, 2_880)).toBe(2);
});
