// What an otium comes to while it lasts: the bill is written at its end, and days that the purse does not pay for are none.
import type { Me } from '../api/types';

export type Bill = {
  dayAsses: number;
  /** Owed so far, no more than the purse holds. */
  owedAsses: number;
  /** Days that the purse still pays for; below nothing, those that went by since it ran out. */
  daysLeft: number;
};

/** None at sea, and where a day costs nothing. */
export function billOf(me: Me, restedDays: number): Bill | null {
  const dayAsses = me.otium_day_asses ?? 0;
  if (dayAsses <= 0) return null;
  const owedAsses = Math.min(Math.ceil(dayAsses * restedDays), me.purse_asses);
  return { dayAsses, owedAsses, daysLeft: me.purse_asses / dayAsses - restedDays };
}
