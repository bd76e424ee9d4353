// Cargo is weighed in grams; a hold is read in tonnes.
import type { CargoLine, Good, Me } from '../api/types';
import { grouped } from './money';

const GRAMS_PER_KG = 1_000;
const KG_PER_TONNE = 1_000;

/** 1 250 000 g → "1.25 t"; 800 g → "0.8 kg". */
export function mass(grams: number): string {
  const kg = grams / GRAMS_PER_KG;
  if (kg < 10) return `${Number(kg.toFixed(1))} kg`;
  if (kg < KG_PER_TONNE) return `${Math.round(kg)} kg`;
  const tonnes = kg / KG_PER_TONNE;
  return tonnes < 100 ? `${Number(tonnes.toFixed(2))} t` : `${grouped(Math.round(tonnes))} t`;
}

export function cargoGrams(cargo: readonly CargoLine[], goods: readonly Good[]): number {
  const gramsOf = new Map(goods.map((good) => [good.id, good.unit_grams]));
  return cargo.reduce((sum, line) => sum + line.units * (gramsOf.get(line.good) ?? 0), 0);
}

/** Units of a good for which the hold still has room. */
export function roomFor(me: Me, good: Good, goods: readonly Good[]): number {
  const room = (me.ship?.capacity_grams ?? 0) - cargoGrams(me.cargo, goods);
  return good.unit_grams > 0 ? Math.max(0, Math.floor(room / good.unit_grams)) : 0;
}
