// The ledger as it is read: coin by account, and what of each good an account has.
import type { LedgerLine } from '../api/types';

/** An account by its name, and by the place of a market or a harbour. */
export type Account = { name: string; place: string | null };
export type CoinLine = { account: Account; asses: number };
export type GoodsLine = { account: Account; goods: { good: string; units: number }[] };

const accountOf = ({ account, place }: LedgerLine): Account => ({ name: account, place: place ?? null });
const keyOf = ({ name, place }: Account) => `${name}:${place ?? ''}`;

/** The merchant's own first, then what was paid most. */
export const coin = (lines: readonly LedgerLine[]): CoinLine[] =>
  lines
    .filter(({ good }) => !good)
    .map((line) => ({ account: accountOf(line), asses: line.balance }))
    .sort((a, b) => rank(a.account) - rank(b.account) || b.asses - a.asses);

const rank = ({ name }: Account): number => (name === 'purse' ? 0 : 1);

export function goods(lines: readonly LedgerLine[]): GoodsLine[] {
  const byAccount = new Map<string, GoodsLine>();
  for (const line of lines) {
    if (!line.good) continue;
    const account = accountOf(line);
    const found = byAccount.get(keyOf(account)) ?? { account, goods: [] };
    found.goods.push({ good: line.good, units: line.balance });
    byAccount.set(keyOf(account), found);
  }
  return [...byAccount.values()];
}
