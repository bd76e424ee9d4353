import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { me, quote, wheat } from '../game/samples';
import HarbourNews from './HarbourNews.svelte';

const market = (place: string) => ({ place, at: '2026-01-01T00:00:00Z', quotes: [quote] });
const words = (html: string) =>
  html
    .replaceAll(/<\/t[hd]>/g, ' ')
    .replaceAll(/<!--.*?-->|<[^>]+>/g, '')
    .replaceAll(/\s+/g, ' ');

test('what is aboard is named as such, with its price here and there', () => {
  const props = { me, here: market('ostia'), there: market('puteoli'), goods: [wheat] };
  expect(words(render(HarbourNews, { props }).body)).toContain('wheat aboard 1 den. 4 as. 1 den. 2 as.');
});

test('where nothing gains it is said', () => {
  const props = { me: { ...me, cargo: [] }, here: market('ostia'), there: market('puteoli'), goods: [wheat] };
  expect(words(render(HarbourNews, { props }).body)).toContain('Nothing from here would sell dearer there.');
});
