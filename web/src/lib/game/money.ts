// Coin is counted in asses; sixteen make a denarius. People read denarii first.

export const ASSES_PER_DENARIUS = 16;

export type Coins = { negative: boolean; denarii: number; asses: number };

export function coins(total: number): Coins {
  const absolute = Math.abs(total);
  return {
    negative: total < 0,
    denarii: Math.floor(absolute / ASSES_PER_DENARIUS),
    asses: absolute % ASSES_PER_DENARIUS,
  };
}

const THIN_SPACE = '\u202f';

/** 12345 → "12 345" with a thin space, the same in every language of the game. */
export const grouped = (whole: number): string => String(whole).replace(/\B(?=(\d{3})+(?!\d))/g, THIN_SPACE);

/** 40 asses → "2 den. 8 as." The abbreviations are Latin and need no translation. */
export function money(total: number): string {
  const { negative, denarii, asses } = coins(total);
  const parts: string[] = [];
  if (denarii > 0) parts.push(`${grouped(denarii)} den.`);
  if (asses > 0 || denarii === 0) parts.push(`${asses} as.`);
  return `${negative ? '−' : ''}${parts.join(' ')}`;
}

/** For a row of prices: "2 · 08", denarii and asses in fixed width. */
export function priceColumns(total: number): { denarii: string; asses: string } {
  const { denarii, asses } = coins(total);
  return { denarii: grouped(denarii), asses: String(asses) };
}
