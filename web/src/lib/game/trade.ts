// What a trade will come to before it is made. The server decides the price; this is its own straight line,
// drawn on so that nobody buys blindly.
import type { Good, Me, Quote } from '../api/types';
import { roomFor } from './mass';

export type Side = 'buy' | 'sell';

/** The first unit at today's price, and each further one dearer, or cheaper, by a share of `depth_units`. */
export function estimate(quote: Quote, side: Side, units: number): number {
  const first = side === 'buy' ? quote.buy_asses : quote.sell_asses;
  const steps = (units * (units - 1)) / 2 / Math.max(1, quote.depth_units);
  const total = side === 'buy' ? first * (units + steps) : first * Math.max(0, units - steps);
  return Math.round(total);
}

export const unitsHeld = (me: Me, good: string): number =>
  me.cargo.find((line) => line.good === good)?.units ?? 0;

/** The most units that the purse, the hold and the market allow together. */
export function mostToBuy(me: Me, good: Good, quote: Quote, goods: readonly Good[]): number {
  let low = 0;
  let high = Math.min(roomFor(me, good, goods), quote.available);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (estimate(quote, 'buy', middle) <= me.purse_asses) low = middle;
    else high = middle - 1;
  }
  return low;
}

export const mostToSell = (me: Me, good: string, quote: Quote): number =>
  Math.min(unitsHeld(me, good), quote.wanted);

/** What these units cost when they were bought, a share of the whole lot; null where nothing is held. */
export function costOf(me: Me, good: string, units: number): number | null {
  const line = me.cargo.find((held) => held.good === good);
  return line && line.units > 0
    ? Math.round((line.cost_asses * Math.min(units, line.units)) / line.units)
    : null;
}
