import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ostia, wheat } from '../game/samples';
import { mishapText, spoiledText } from './mishap';
import { LANGUAGES, type LanguageId } from './translate';

const gazetteer = { places: new Map([['ostia', ostia]]), goods: [wheat] };
const mishap = {
  what: 'storm',
  cause: 'gale',
  near: [12.3, 41.7] as [number, number],
  delayDays: 1.54,
  wearPermille: 12,
  lost: [],
  takenAsses: 0,
};

test('what befell is told with its cause, its place and its price', () => {
  const told = (over: object, language: LanguageId = 'en') =>
    mishapText(language, { ...mishap, ...over }, gazetteer);
  expect(told({})).toBe('A gale off Ostia: 1.5 days lost, and 1.2 % of the ship worn away.');
  expect(told({ near: [0, 0], cause: 'calm' })).toBe('The wind failed on the open sea: 1.5 days lost.');
  const lost = [{ good: 'wheat', units: 12 }];
  expect(told({ cause: 'pirates', lost, takenAsses: 40 })).toBe(
    'Pirates off Ostia took 12 wheat and 2 den. 8 as.',
  );
  expect(told({ cause: 'pirates' })).toContain('found nothing');
  expect(told({ cause: 'laden_ship', lost }, 'it')).toContain('12 grano');
  expect(told({ cause: 'laden_ship' }, 'la')).toContain('nec quicquam');
  expect(told({ what: 'wreck', cause: 'worn_ship' })).toBe(
    'Shipwreck! The ship and all aboard her are lost; another ship carries you on. A sounder ship would have borne the gale.',
  );
  expect(told({ cause: 'a_sea_monster' })).toBe('The ship met with this off Ostia: a sea monster.');
  expect(spoiledText('la', lost, gazetteer)).toBe('In via corrupta vel fracta: 12 triticum.');
});

const api = JSON.parse(readFileSync(new URL('../../../../openapi/otivm.json', import.meta.url), 'utf8'));

test('every account of the contract has words in every language', () => {
  const told = String(api.components.schemas.LedgerLine.properties.account.description);
  const names = [...told.matchAll(/`([a-z]+)`/g)].map(([, name]) => name);
  expect(names).toHaveLength(17);
  for (const [language, words] of Object.entries(LANGUAGES)) {
    const silent = names.filter((name) => !(`account.${name}` in words));
    expect([language, silent]).toEqual([language, []]);
  }
});

test('every refusal of the contract has words in every language', () => {
  const table = String(api.info.description).split('Problem codes, by status:')[1]?.split('Budgets')[0] ?? '';
  const codes = [...table.matchAll(/`([a-z_]+)`/g)]
    .map(([, code]) => code)
    .filter((code) => code !== 'alternatives');
  expect(codes.length).toBeGreaterThan(50);
  for (const [language, words] of Object.entries(LANGUAGES)) {
    const silent = codes.filter((code) => !(`problem.${code}` in words));
    expect([language, silent]).toEqual([language, []]);
  }
});
