import { expect, test } from 'vitest';
import { coin, goods } from './ledger';

const line = (account: string, balance: number, over: object = {}) => ({
  account,
  place: null,
  good: null,
  balance,
  ...over,
});
const ledger = [
  line('fisc', 7),
  line('market', 300, { place: 'ostia' }),
  line('patrimony', -1_000),
  line('purse', 693),
  line('hold', 3, { good: 'wheat' }),
  line('market', -3, { place: 'ostia', good: 'wheat' }),
];

test('the purse comes first, then what was paid most', () => {
  expect(coin(ledger).map(({ account, asses }) => [account.name, asses])).toEqual([
    ['purse', 693],
    ['market', 300],
    ['fisc', 7],
    ['patrimony', -1_000],
  ]);
});

test('goods stand by account, each with its own', () => {
  expect(goods(ledger)).toEqual([
    { account: { name: 'hold', place: null }, goods: [{ good: 'wheat', units: 3 }] },
    { account: { name: 'market', place: 'ostia' }, goods: [{ good: 'wheat', units: -3 }] },
  ]);
});
