// What befell a life without its doing, out of its moments: mishaps at sea, and what a lender took.
import type { Moment } from '../api/types';

export type Loss = { good: string; units: number };

export type Tiding =
  | { kind: 'mishap'; at: number; what: string; cause: string; days: number; lost: Loss[]; asses: number }
  | { kind: 'collected'; at: number; lender: string; paid: number; left: number };

const US_PER_DAY = 86_400_000_000;

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const losses = (value: unknown): Loss[] =>
  Array.isArray(value) ? value.map(({ good, units }) => ({ good: text(good), units: number(units) })) : [];

function tiding({ at, name, value }: Moment): Tiding[] {
  const said: Record<string, unknown> = value;
  switch (name) {
    case 'mishap':
      return [
        {
          kind: 'mishap',
          at,
          what: text(said.kind),
          cause: text(said.cause),
          days: number(said.delay_us) / US_PER_DAY,
          lost: losses(said.lost),
          asses: number(said.taken_asses),
        },
      ];
    case 'collect':
      return [
        {
          kind: 'collected',
          at,
          lender: text(said.lender),
          paid: number(said.paid_asses),
          left: number(said.left_asses),
        },
      ];
    default:
      return [];
  }
}

export const tidings = (moments: readonly Moment[]): Tiding[] => moments.flatMap(tiding);
