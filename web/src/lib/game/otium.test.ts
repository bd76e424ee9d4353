import { expect, test } from 'vitest';
import { billOf } from './otium';
import { me } from './samples';

const poor = { ...me, purse_asses: 480, otium_day_asses: 48 };

test('the purse pays for so many days, and below nothing are those since it ran out', () => {
  expect(billOf(poor, 0)).toEqual({ dayAsses: 48, owedAsses: 0, daysLeft: 10 });
  expect(billOf(poor, 2.01)).toEqual({ dayAsses: 48, owedAsses: 97, daysLeft: 7.99 });
  expect(billOf(poor, 13)).toEqual({ dayAsses: 48, owedAsses: 480, daysLeft: -3 });
});

test('nothing is said of a price where there is none', () => {
  expect(billOf({ ...poor, otium_day_asses: null }, 0)).toBeNull();
  expect(billOf({ ...poor, otium_day_asses: 0 }, 5)).toBeNull();
});
