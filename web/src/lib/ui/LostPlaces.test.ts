import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { me, ostia } from '../game/samples';
import LostPlaces from './LostPlaces.svelte';

const places = new Map([['ostia', ostia]]);
const otium = { place: 'caralis', since: '2026-01-01T00:00:00Z', quality: 800, most_permille: 1_000 };
const voyage = {
  from: 'ostia',
  to: 'puteoli',
  departed_at: '2026-01-01T00:00:00Z',
  anchors_at: '2026-01-02T00:00:00Z',
  arrives_at: '2026-01-02T00:00:00Z',
  days: 3,
  path: [],
  progress: 0,
};
const button = (html: string) =>
  /<button[^>]*>(?:<!--.*?-->)*(.*?)(?:<!--.*?-->)*<\/button>/s.exec(html)?.[1];
const shown = (over: object) =>
  render(LostPlaces, { props: { me: { ...me, ...over }, places, busy: false, onmove: () => {} } }).body;

const lost = [{ place: 'caralis', to: 'ostia' }];

test('who stands in a place that is no more is told where the way out leads', () => {
  const here = shown({ place: 'caralis', lost });
  expect(here).toContain('and Caralis, where you are, is no longer on it');
  expect(here).toContain('The nearest harbour is Ostia.');
  expect(here).toContain('Ship, cargo and what lies in the warehouses go along');
  expect(button(here)).toBe('Go on to Ostia');
});

test('who has only goods there stays where he is', () => {
  const goods = shown({ lost });
  expect(goods).toContain('and Caralis, where you have goods in a warehouse, is no longer on it');
  expect(goods).toContain('you stay where you are');
  expect(button(goods)).toBe('Have the goods carried there');
});

test('in otium and at sea the way out is shut, and it is said why', () => {
  const resting = shown({ place: 'caralis', lost, otium });
  expect(resting).toContain('You are in otium. End it first.');
  expect(resting).toContain('aria-disabled="true"');
  const sailing = shown({ place: null, lost, voyage });
  expect(sailing).toContain('First reach a harbour.');
  expect(sailing).toContain('aria-disabled="true"');
  expect(shown({ lost })).not.toContain('aria-disabled="true"');
});

test('nothing is said where nothing is lost, or where no way leads out', () => {
  expect(shown({ lost: [] })).not.toContain('<section');
  expect(shown({ lost: [{ place: 'caralis', to: null }] })).not.toContain('<section');
});

const villa = {
  place: 'caralis',
  paid_asses: 320_000,
  resale_asses: 256_000,
  books: 0,
  books_most: 50,
  books_cost_asses: 0,
  books_resale_asses: 0,
};

test('who has only a villa there is told what becomes of it', () => {
  const owner = shown({ lost, villas: [villa] });
  expect(owner).toContain('Your villa at Caralis is lost with it: what you paid for it comes back to you');
  expect(owner).not.toContain('goods in a warehouse');
  expect(button(owner)).toBe('Take back what you paid');
});
