import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import type { Me, Villa } from '../api/types';
import { money } from '../game/money';
import { me, ostia } from '../game/samples';
import VillaSection from './VillaSection.svelte';

const villa: Villa = {
  place: 'ostia',
  paid_asses: 320_000,
  resale_asses: 256_000,
  books: 0,
  books_most: 50,
  books_cost_asses: 0,
  books_resale_asses: 0,
};
const places = new Map([['ostia', ostia]]);
const shown = (over: Partial<Me>) =>
  render(VillaSection, { props: { me: { ...me, ...over }, places, busy: false, onorder: () => {} } }).body;
/** Whether the button with these words may not be pressed. */
const off = (html: string, words: string) =>
  [...html.matchAll(/<button[^>]*aria-disabled="(\w+)"[^>]*>(.*?)<\/button>/gs)].find(([, , inner]) =>
    inner?.includes(words),
  )?.[1];

test('a villa is offered at its price, and to a poor purse it is said that it is too dear', () => {
  const poor = shown({});
  expect(poor).toContain(`Buy a villa here for ${money(320_000)}`);
  expect(off(poor, 'Buy a villa')).toBe('true');
  expect(poor).toContain('Your purse does not hold that much.');
  expect(off(shown({ purse_asses: 320_000 }), 'Buy a villa')).toBe('false');
});

test('who has as many villas as anybody may is told so', () => {
  const offer = me.otium_offer ? { ...me.otium_offer, villa_asses: null } : null;
  expect(shown({ otium_offer: offer })).toContain('You have a villa in as many places as anybody may.');
});

test('a villa here shows its library, and is not sold before the books are aboard', () => {
  const books = [{ good: 'books', units: 3, cost_asses: 9, spoiled_units: 0 }];
  const filled = shown({ villas: [{ ...villa, books: 12 }], cargo: books });
  expect(filled).toContain('Your villa at Ostia');
  expect(filled).toContain('Cases of books in the library: 12 of 50');
  expect(filled).toContain('Aboard: 3');
  expect([off(filled, 'Put on the shelves'), off(filled, 'Take aboard'), off(filled, 'Sell it')]).toEqual([
    'false',
    'false',
    'true',
  ]);
  expect(filled).toContain('take the books aboard first');
  const empty = shown({ villas: [villa], cargo: [] });
  expect([off(empty, 'Put on the shelves'), off(empty, 'Take aboard'), off(empty, 'Sell it')]).toEqual([
    'true',
    'true',
    'false',
  ]);
});

test('a villa elsewhere is sold by letter, with its books', () => {
  const away = shown({ place: 'puteoli', villas: [{ ...villa, books: 2, books_resale_asses: 1_600 }] });
  expect(away).toContain('Ostia, cases of books: 2');
  expect(away).toContain(`aria-label="Sell the villa at Ostia for ${money(257_600)}"`);
  expect(away).toContain('its books are sold with it, and are in the price. Cases: 2.');
  expect(shown({ place: null, villas: [villa] })).not.toContain('Sell');
});

test('in a place that the map has lost no villa is offered, and one there is not sold for less than comes back', () => {
  const lost = [{ place: 'ostia', to: 'puteoli' }];
  const villas = [{ ...villa, place: 'puteoli' }];
  const without = shown({ otium_offer: null, lost, villas });
  expect(without).not.toContain('in as many places as anybody may');
  expect(without).toContain('Your villas elsewhere');
  const away = shown({ place: 'puteoli', otium_offer: null, lost, villas: [villa] });
  expect(away).toContain('Ostia, cases of books: 0');
  expect(away).not.toContain('Sell');
  expect(shown({ otium_offer: null, lost, villas: [villa] })).not.toContain('Sell');
});
