// What befell a life without its doing, out of its moments: mishaps, what spoiled, what a lender or the keeper of a warehouse took,
// and a villa whose place is no more.
import type { Moment } from '../api/types';
import { type Loss, losses, type Mishap, mishapOf, spoiledAboard, unitsOf } from './mishap';

/** Where goods spoiled: under way, aboard in harbour, or ashore. */
export type Where = 'way' | 'harbour' | 'warehouse';

export type Tiding =
  | { kind: 'mishap'; at: number; mishap: Mishap }
  | { kind: 'spoiled'; at: number; where: Where; lost: Loss[] }
  | { kind: 'pledged'; at: number; lost: Loss[] }
  | { kind: 'villa_lost'; at: number; place: string; to: string; asses: number; books: number }
  | { kind: 'collected'; at: number; lender: string; paid: number; left: number };

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const spoiled = (at: number, where: Where, lost: Loss[]): Tiding[] =>
  lost.length > 0 ? [{ kind: 'spoiled', at, where, lost }] : [];

function tiding({ at, name, value }: Moment): Tiding[] {
  const said: Record<string, unknown> = value;
  switch (name) {
    case 'mishap': {
      const mishap = mishapOf(said);
      return mishap ? [{ kind: 'mishap', at, mishap }] : [];
    }
    case 'arrive':
      return spoiled(at, 'way', losses(said.spoiled));
    case 'depart':
      return spoiled(at, 'harbour', losses(said.spoiled));
    case 'trade':
      return spoiled(at, 'harbour', spoiledAboard(said));
    case 'storage': {
      const kept = unitsOf(said, said.pledged_units);
      return [
        ...spoiled(at, 'harbour', spoiledAboard(said)),
        ...spoiled(at, 'warehouse', unitsOf(said, said.spoiled_units)),
        ...(kept.length > 0 ? [{ kind: 'pledged', at, lost: kept } as const] : []),
      ];
    }
    case 'shelve':
      return spoiled(at, 'harbour', spoiledAboard({ ...said, good: 'books' }));
    case 'move_on': {
      const [asses, books] = [number(said.villa_asses), number(said.books)];
      const lost = {
        kind: 'villa_lost',
        at,
        place: text(said.from),
        to: text(said.to),
        asses,
        books,
      } as const;
      return asses > 0 ? [lost] : [];
    }
    case 'collect': {
      const [paid, left] = [number(said.paid_asses), number(said.left_asses)];
      return [{ kind: 'collected', at, lender: text(said.lender), paid, left }];
    }
    default:
      return [];
  }
}

export const tidings = (moments: readonly Moment[]): Tiding[] => moments.flatMap(tiding);
