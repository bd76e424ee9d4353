import { expect, test } from 'vitest';
import { me } from './samples';
import { dayOf, partsOf, qualityOf, resaleOf, villaHere } from './villa';

const offer = {
  place_permille: 800,
  villa_permille: 200,
  library_permille: 60,
  guest_permille: 20,
  guests_most: 8,
  most_permille: 1_200,
  day_asses: 80,
  guest_day_asses: 24,
  villa_asses: null,
  villa_resale_asses: null,
};

test('the quality is the sum of its parts, up to the most', () => {
  expect(partsOf(offer, 4).map(({ permille }) => permille)).toEqual([800, 200, 60, 80]);
  expect([0, 4, 8].map((guests) => qualityOf(offer, guests))).toEqual([1_060, 1_140, 1_200]);
});

test('each guest costs by the day', () => {
  expect([0, 4].map((guests) => dayOf(offer, guests))).toEqual([80, 176]);
});

test('a villa is here where the merchant is, and is worth its books as well', () => {
  const villa = { ...{ place: 'ostia', paid_asses: 10, resale_asses: 8 }, books: 1, books_most: 50 };
  const owned = { ...villa, books_cost_asses: 5, books_resale_asses: 4 };
  expect(villaHere({ ...me, villas: [owned] })).toBe(owned);
  expect(villaHere({ ...me, villas: [owned], place: 'puteoli' })).toBeUndefined();
  expect(resaleOf(owned)).toBe(12);
});
