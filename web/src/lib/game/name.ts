// What a place is called. Of one that the map no longer has only the id is known, and that is its name in small letters.
import type { Place } from '../api/types';

const FIRST_LETTERS = /(?<=^|[ -])\p{L}/gu;

export const placeName = (places: ReadonlyMap<string, Place>, id: string): string =>
  places.get(id)?.latin ??
  id.replaceAll(/[-_]/g, ' ').replace(FIRST_LETTERS, (letter) => letter.toUpperCase());
