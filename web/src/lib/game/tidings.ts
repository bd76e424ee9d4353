// What befell a life without its doing, out of its moments: mishaps, what spoiled, and what a lender took.
import type { Moment } from '../api/types';
import { type Loss, losses, type Mishap, mishapOf, spoiledAboard } from './mishap';

export type Tiding =
  | { kind: 'mishap'; at: number; mishap: Mishap }
  | { kind: 'spoiled'; at: number; where: 'way' | 'harbour'; lost: Loss[] }
  | { kind: 'collected'; at: number; lender: string; paid: number; left: number };

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const spoiled = (at: number, where: 'way' | 'harbour', lost: Loss[]): Tiding[] =>
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
    case 'storage':
      return spoiled(at, 'harbour', spoiledAboard(said));
    case 'collect': {
      const [paid, left] = [number(said.paid_asses), number(said.left_asses)];
      return [{ kind: 'collected', at, lender: text(said.lender), paid, left }];
    }
    default:
      return [];
  }
}

export const tidings = (moments: readonly Moment[]): Tiding[] => moments.flatMap(tiding);
