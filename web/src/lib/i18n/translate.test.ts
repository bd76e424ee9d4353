import { expect, test } from 'vitest';
import { dayCount, duration, LANGUAGES, reasonText, translate } from './translate';

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
const shape = (words: Record<string, string>) =>
  Object.fromEntries(Object.entries(words).map(([key, text]) => [key, placeholders(text)]));

test('the three languages have equal keys and equal placeholders', () => {
  expect(shape(LANGUAGES.la)).toEqual(shape(LANGUAGES.en));
  expect(shape(LANGUAGES.it)).toEqual(shape(LANGUAGES.en));
});

test('no word is left empty', () => {
  const empty = Object.values(LANGUAGES).flatMap((words) =>
    Object.values(words).filter((text) => !text.trim()),
  );
  expect(empty).toEqual([]);
});

test('placeholders are filled and unknown ones stay visible', () => {
  expect(translate('en', 'status.at', { place: 'Ostia' })).toBe('At Ostia');
  expect(translate('en', 'status.at')).toBe('At {place}');
});

test('an abbreviation at the end of a sentence ends it', () => {
  expect(translate('la', 'tidings.left', { money: '5 den.' })).toBe('Adhuc debentur 5 den.');
  expect(translate('it', 'news.otium_ended', { n: 1, money: '7 as.' })).toBe(
    'Otium concluso: 1 di gravitas, spesi 7 as.',
  );
  expect(translate('en', 'otium.price', { money: '3 den.', days: '10 days' })).toBe(
    'A day here costs 3 den. Your purse pays for 10 days.',
  );
});

test('a duration names its two largest units', () => {
  expect([5, 65, 600, 3_900, 90_000, 864_000].map((s) => duration('en', s))).toEqual([
    '5 s',
    '1 min 5 s',
    '10 min',
    '1 h 5 min',
    '1 d 1 h',
    '10 d',
  ]);
});

test('days of the world are counted with their tenths while they are few', () => {
  expect([-1, 0.96, 3.44, 20.4].map((days) => dayCount('en', days))).toEqual([
    '0 days',
    '1 day',
    '3.4 days',
    '20 days',
  ]);
  expect([1, 2].map((days) => dayCount('la', days))).toEqual(['diem 1', 'dies 2']);
});

test('a wind or a current that hinders is told as such, without a sign', () => {
  const wind = (following_m_s: number) =>
    reasonText('en', { code: 'wind', figures: { mean_m_s: 4, following_m_s } });
  expect(wind(-0.3)).toBe('mean wind of 4 m/s; 0.3 m/s of it against you');
  expect(wind(-0.04)).toBe('mean wind of 4 m/s; 0 m/s of it with you');
  expect(wind(0.3)).toBe('mean wind of 4 m/s; 0.3 m/s of it with you');
  expect(reasonText('la', { code: 'current', figures: { following_m_s: -0.2 } })).toBe(
    'aestus 0.2 m/s, cursui adversus',
  );
});

test('what the land around gives beyond what is used is told in words, up to that as a share', () => {
  const told = (local_permille: number) =>
    reasonText('en', { code: 'made_here', figures: { local_permille } });
  expect(told(9_420)).toBe('made near here: the land around gives more than is used');
  expect(told(1_000)).toBe('made near here: 100 % of what is used comes from the land around');
});

test('a factor is told as what it adds or takes away, a share as it is', () => {
  const told = (code: string, figures: Record<string, number>) => reasonText('en', { code, figures });
  expect(told('season', { permille: 1_038 })).toBe('the season moves it by +3.8 %');
  expect(told('collective', { permille: 930 })).toContain('by −7 %');
  expect(told('toll', { permille: 25 })).toBe('toll to the harbour: 2.5 %');
  expect(told('a_new_reason', { permille: 1 })).toBe('a new reason');
});
