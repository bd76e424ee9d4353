// What befell a ship, in the reader's own words.
import type { Good, Place } from '../api/types';
import type { Loss, Mishap } from '../game/mishap';
import { money } from '../game/money';
import type { Where } from '../game/tidings';
import type { LonLat } from '../game/voyage';
import type { Key } from './en';
import { goodName, type LanguageId, translate, wordFor } from './translate';

/** What a sentence may name. */
export type Gazetteer = { places: ReadonlyMap<string, Place>; goods: readonly Good[] };

/** Farther from every place than this a ship is nowhere in particular. */
const NEAR_DEGREES = 3;
const PERMILLE_PER_PERCENT = 10;

function nearest(places: Iterable<Place>, [lon, lat]: LonLat): Place | null {
  const squeeze = Math.cos((lat * Math.PI) / 180);
  let best: { place: Place; away: number } | null = null;
  for (const place of places) {
    const away = Math.hypot((place.longitude - lon) * squeeze, place.latitude - lat);
    if (away < (best?.away ?? NEAR_DEGREES)) best = { place, away };
  }
  return best?.place ?? null;
}

const list = (language: LanguageId, parts: string[]): string =>
  language === 'la' ? parts.join(', ') : new Intl.ListFormat(language).format(parts);

function goodsText(language: LanguageId, lost: readonly Loss[], goods: readonly Good[], coin = 0): string {
  const named = lost.map(({ good, units }) => {
    const known = goods.find(({ id }) => id === good);
    return `${units} ${known ? goodName(language, known) : good}`;
  });
  return list(language, coin > 0 ? [...named, money(coin)] : named);
}

const KNOWN: Record<string, Key> = {
  calm: 'mishap.calm',
  gale: 'mishap.gale',
  winter_gale: 'mishap.winter_gale',
  laden_ship: 'mishap.laden_ship',
  pirates: 'mishap.pirates',
};

/** A cause without words of ours stands by its name, never unsaid. */
export function mishapText(language: LanguageId, mishap: Mishap, { places, goods }: Gazetteer): string {
  if (mishap.what === 'wreck') {
    const lost = translate(language, 'mishap.wreck');
    return mishap.cause === 'worn_ship' ? `${lost} ${translate(language, 'mishap.worn_ship')}` : lost;
  }
  const place = mishap.near ? nearest(places.values(), mishap.near)?.latin : undefined;
  const taken = goodsText(language, mishap.lost, goods, mishap.takenAsses);
  const known = KNOWN[mishap.cause];
  const nothing = wordFor(language, `mishap.${mishap.cause}.nothing`, '') !== '' && taken === '';
  const key = nothing ? (`${known}.nothing` as Key) : (known ?? 'mishap.other');
  return translate(language, key, {
    where: place ? translate(language, 'mishap.off', { place }) : translate(language, 'mishap.open_water'),
    days: mishap.delayDays.toFixed(1),
    wear: `${(mishap.wearPermille / PERMILLE_PER_PERCENT).toFixed(1)} %`,
    goods: taken,
    cause: mishap.cause.replaceAll('_', ' '),
  });
}

export const spoiledText = (
  language: LanguageId,
  lost: readonly Loss[],
  { goods }: Gazetteer,
  where: Where = 'way',
): string =>
  translate(language, where === 'way' ? 'mishap.spoiled' : `mishap.spoiled.${where}`, {
    goods: goodsText(language, lost, goods),
  });

export const pledgedText = (language: LanguageId, lost: readonly Loss[], { goods }: Gazetteer): string =>
  translate(language, 'tidings.pledged', { goods: goodsText(language, lost, goods) });
