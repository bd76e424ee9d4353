// What befell a ship, read from the moment that tells it or from the voyage's label.
import type { LonLat } from './voyage';

export type Loss = { good: string; units: number };
export type Mishap = {
  what: string;
  cause: string;
  /** The point of the way that was near. */
  near: LonLat | null;
  delayDays: number;
  wearPermille: number;
  lost: Loss[];
  takenAsses: number;
};

export const US_PER_DAY = 86_400_000_000;
const PPM_PER_PERMILLE = 1_000;
const MILLIDEGREES = 1_000;

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** A list of goods; what cannot be read is not in it. */
export const losses = (value: unknown): Loss[] =>
  (Array.isArray(value) ? value : []).flatMap((loss: unknown) =>
    isFields(loss) && typeof loss.good === 'string' ? [{ good: loss.good, units: number(loss.units) }] : [],
  );

/** So many of the good that a moment is about, where there are any. */
export const unitsOf = ({ good }: Fields, units: unknown): Loss[] =>
  typeof good === 'string' && number(units) > 0 ? [{ good, units: number(units) }] : [];

/** What of a good had spoiled in the hold before it was dealt in or moved. */
export const spoiledAboard = (said: Fields): Loss[] =>
  unitsOf(said, isFields(said.aboard) ? said.aboard.spoiled_units : 0);

function near(value: unknown): LonLat | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  return [number(value[0]) / MILLIDEGREES, number(value[1]) / MILLIDEGREES];
}

export function mishapOf(value: unknown): Mishap | null {
  if (!isFields(value) || typeof value.cause !== 'string') return null;
  return {
    what: typeof value.kind === 'string' ? value.kind : '',
    cause: value.cause,
    near: near(value.near),
    delayDays: number(value.delay_us) / US_PER_DAY,
    wearPermille: number(value.wear_ppm) / PPM_PER_PERMILLE,
    lost: losses(value.lost),
    takenAsses: number(value.taken_asses),
  };
}

/** Days of an otium that the purse was not good for, from the detail of its label. */
export const unpaidDays = (detail: Fields): number => number(detail.unpaid_us) / US_PER_DAY;

/** All that befell a voyage, from the detail of its label. */
export const mishapsOf = (detail: Fields): Mishap[] =>
  (Array.isArray(detail.mishaps) ? detail.mishaps : []).flatMap((one: unknown) => mishapOf(one) ?? []);
