import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { billOf } from '../game/otium';
import { me, ostia } from '../game/samples';
import OtiumPanel from './OtiumPanel.svelte';

const otium = { place: 'ostia', since: '2026-01-01T00:00:00Z', quality: 800, most_permille: 1_000 };
const shown = (over: object, restedDays: number | null) => {
  const life = { ...me, purse_asses: 480, ...over };
  const bill = billOf(life, restedDays ?? 0);
  const places = new Map([['ostia', ostia]]);
  const props = { me: life, places, restedDays, bill, busy: false, onorder: () => {} };
  return render(OtiumPanel, { props }).body;
};

test('what a day costs, and how many the purse pays for, is said before otium begins', () => {
  expect(shown({}, null)).toContain('A day here costs 3 den. Your purse pays for 10 days.');
});

test('in otium it is said what is owed and how long the purse lasts, and when it has run out what to do', () => {
  expect(shown({ otium }, 4)).toContain('12 den. owed so far. Your purse pays for 6 days more.');
  expect(shown({ otium }, 13)).toContain(
    'Your purse ran out 3 days ago: since then you gain nothing. End otium, earn, and then rest again.',
  );
});

const offer = {
  place_permille: 800,
  villa_permille: 200,
  library_permille: 60,
  guest_permille: 20,
  guests_most: 8,
  most_permille: 1_500,
  day_asses: 80,
  guest_day_asses: 24,
  villa_asses: null,
  villa_resale_asses: null,
};

test('what the quality is made of is said before otium begins, and guests are asked where a villa seats them', () => {
  const alone = shown({}, null);
  expect(alone).toContain('aria-valuetext="800 / 1000"');
  expect(alone).not.toContain('Guests');
  const with_villa = shown({ otium_offer: offer }, null);
  expect(with_villa).toContain('aria-valuetext="1060 / 1500"');
  for (const part of ['The place', 'Your villa', 'Its library']) expect(with_villa).toContain(part);
  expect(with_villa).toContain('Guests, 0 to 8');
  expect(with_villa).toContain('Each guest costs 1 den. 8 as. a day.');
});

test('in otium it is said what its quality is made of, guests among it', () => {
  const villa = {
    place_permille: 800,
    villa_permille: 200,
    library_permille: 60,
    guests: 4,
    guests_permille: 80,
  };
  const resting = shown(
    { otium: { ...otium, quality: 1_140, most_permille: 1_500, villa }, otium_offer: null },
    1,
  );
  expect(resting).toContain('aria-valuetext="1140 / 1500"');
  expect(resting).toContain('Guests');
  expect(resting).not.toContain('Buy a villa');
});
