// What is heard of a market elsewhere: how what is aboard would sell there, and what of here would gain most.
import type { Market, Me } from '../api/types';

export type Report = {
  good: string;
  aboard: boolean;
  /** What a unit costs here, where it is to be had. */
  paysAsses: number | null;
  /** What the first unit brings there. */
  getsAsses: number;
};

/** So many of each sort are told: a voyage is chosen by a few goods, and the panel has other things to say. */
const TOLD_MAX = 3;

/** Most coin for the coin that is laid out. */
const gain = ({ paysAsses, getsAsses }: Report): number => getsAsses / Math.max(1, paysAsses ?? 1);

export function reports(me: Me, here: Market | null, there: Market): Report[] {
  const held = new Map(me.cargo.map(({ good, cost_asses }) => [good, cost_asses]));
  const prices = new Map(
    here?.quotes.filter(({ available }) => available > 0).map(({ good, buy_asses }) => [good, buy_asses]),
  );
  const all = there.quotes
    .filter(({ wanted }) => wanted > 0)
    .map(({ good, sell_asses }) => ({
      good,
      aboard: held.has(good),
      paysAsses: prices.get(good) ?? null,
      getsAsses: sell_asses,
    }));
  const aboard = all
    .filter((report) => report.aboard)
    .sort((a, b) => (held.get(b.good) ?? 0) - (held.get(a.good) ?? 0));
  const gaining = all
    .filter(({ aboard, paysAsses, getsAsses }) => !aboard && paysAsses !== null && getsAsses > paysAsses)
    .sort((a, b) => gain(b) - gain(a));
  return [...aboard.slice(0, TOLD_MAX), ...gaining.slice(0, TOLD_MAX)];
}
