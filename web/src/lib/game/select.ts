// Questions asked of the state. Anything that can be computed is computed here and stored nowhere.
import type { Me, Place, Plan } from '../api/types';
import { type LonLat, lonLats } from './voyage';

/** Without accents and case, so that "caesarea" finds "Cæsarēa". */
const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/æ/gi, 'ae').toLowerCase();

export function findPlaces(places: Iterable<Place>, wanted: string): Place[] {
  const needle = folded(wanted.trim());
  return [...places]
    .filter((place) =>
      [place.latin, place.modern, place.province].some((name) => folded(name).includes(needle)),
    )
    .sort((a, b) => a.rank - b.rank || a.latin.localeCompare(b.latin));
}

export const harbours = (places: Iterable<Place>, from: string | null): Place[] =>
  [...places].filter((place) => place.harbour === 'sea' && place.id !== from);

/** The line on the map: the voyage under way, else the plan that is being considered. */
export type Line = { kind: 'sailing' | 'planned'; path: LonLat[] };

export function routeLine(me: Me, plan: Plan | null): Line | null {
  if (me.voyage) return { kind: 'sailing', path: lonLats(me.voyage.path) };
  return plan ? { kind: 'planned', path: lonLats(plan.path) } : null;
}
