import { expect, test } from 'vitest';
import type { Moment } from '../api/types';
import { tidings } from './tidings';

const moment = (at: number, name: string, value: Moment['value']): Moment => ({
  at,
  kind: 'event',
  name,
  sealed: false,
  value,
});

test('mishaps, spoilage, pledges and collections are tidings, and nothing else is', () => {
  const told = tidings([
    moment(1, 'depart', { to: 'gades' }),
    moment(2, 'mishap', {
      kind: 'wreck',
      cause: 'worn_ship',
      near: null,
      delay_us: 129_600_000_000,
      wear_ppm: 0,
      lost: [{ good: 'wheat', units: 3 }],
      taken_asses: 40,
    }),
    moment(3, 'arrive', { place: 'gades', spoiled: [{ good: 'wheat', units: 1 }] }),
    moment(6, 'depart', { to: 'ostia', spoiled: [{ good: 'figs', units: 2 }] }),
    moment(7, 'trade', { good: 'figs', units: 5, aboard: { spoiled_units: 3 } }),
    moment(8, 'storage', { good: 'figs', units: 5, aboard: { carried_ppm: 3 } }),
    moment(9, 'storage', {
      good: 'figs',
      units: 5,
      spoiled_units: 4,
      pledged_units: 6,
      aboard: { spoiled_units: 1 },
    }),
    moment(4, 'collect', { lender: 'ostia', paid_asses: 5, left_asses: 7 }),
    moment(5, 'collect', { lender: 'ostia', paid_asses: 7 }),
  ]);
  expect(told).toEqual([
    {
      kind: 'mishap',
      at: 2,
      mishap: {
        what: 'wreck',
        cause: 'worn_ship',
        near: null,
        delayDays: 1.5,
        wearPermille: 0,
        lost: [{ good: 'wheat', units: 3 }],
        takenAsses: 40,
      },
    },
    { kind: 'spoiled', at: 3, where: 'way', lost: [{ good: 'wheat', units: 1 }] },
    { kind: 'spoiled', at: 6, where: 'harbour', lost: [{ good: 'figs', units: 2 }] },
    { kind: 'spoiled', at: 7, where: 'harbour', lost: [{ good: 'figs', units: 3 }] },
    { kind: 'spoiled', at: 9, where: 'harbour', lost: [{ good: 'figs', units: 1 }] },
    { kind: 'spoiled', at: 9, where: 'warehouse', lost: [{ good: 'figs', units: 4 }] },
    { kind: 'pledged', at: 9, lost: [{ good: 'figs', units: 6 }] },
    { kind: 'collected', at: 4, lender: 'ostia', paid: 5, left: 7 },
    { kind: 'collected', at: 5, lender: 'ostia', paid: 7, left: 0 },
  ]);
});

test('a villa whose place is no more is told with what it had cost and where its books lie', () => {
  const lost = { from: 'caralis', to: 'olbia', reason: 'place_lost', villa_asses: 320_000, books: 12 };
  const told = { kind: 'villa_lost', at: 1, place: 'caralis', to: 'olbia', asses: 320_000, books: 12 };
  expect(tidings([moment(1, 'move_on', lost)])).toEqual([told]);
  expect(tidings([moment(2, 'move_on', { from: 'caralis', to: 'olbia' })])).toEqual([]);
});
