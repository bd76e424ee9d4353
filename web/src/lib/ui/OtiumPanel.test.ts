import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { billOf } from '../game/otium';
import { me, ostia } from '../game/samples';
import OtiumPanel from './OtiumPanel.svelte';

const otium = { place: 'ostia', since: '2026-01-01T00:00:00Z', quality: 800 };
const shown = (over: object, restedDays: number | null) => {
  const life = { ...me, purse_asses: 480, ...over };
  const bill = billOf(life, restedDays ?? 0);
  const places = new Map([['ostia', ostia]]);
  const props = { me: life, places, restedDays, bill, busy: false, onbegin: () => {}, onend: () => {} };
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
