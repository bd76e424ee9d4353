import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { me, ostia } from '../game/samples';
import LostPlaces from './LostPlaces.svelte';

const places = new Map([['ostia', ostia]]);
const shown = (over: object) =>
  render(LostPlaces, { props: { me: { ...me, ...over }, places, busy: false, onmove: () => {} } }).body;

test('who stands in a place that is no more is told where the way out leads', () => {
  const lost = [{ place: 'caralis', to: 'ostia' }];
  const here = shown({ place: 'caralis', lost });
  expect(here).toContain('caralis');
  expect(here).toContain('Ostia');
  expect(here).toContain('<button');
  expect(shown({ lost })).not.toBe(here);
  expect(shown({ lost: [] })).not.toContain('<section');
  expect(shown({ lost: [{ place: 'caralis', to: null }] })).not.toContain('<section');
});
