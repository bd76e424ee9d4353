// A small life for the tests, typed by the contract so that it cannot grow stale unseen.
import type { Good, Me, Place, Quote } from '../api/types';

export const wheat: Good = {
  id: 'wheat',
  latin: 'triticum',
  english: 'wheat',
  italian: 'grano',
  unit_latin: 'modius',
  unit_en: 'modius',
  unit_grams: 10_000,
};

export const ostia: Place = {
  id: 'ostia',
  latin: 'Ostia',
  modern: 'Ostia Antica',
  latitude: 41.75,
  longitude: 12.29,
  province: 'Italia',
  harbour: 'sea',
  rank: 2,
  certainty: 'certain',
  citation: 'pleiades:422995',
};

export const me: Me = {
  purse_asses: 1_600,
  place: 'ostia',
  position: { lat: 41.75, lon: 12.29 },
  ship: { type: 'corbita', name: 'Fortuna', capacity_grams: 1_000_000, wear_permille: 0, chartered: false },
  stores: [],
  villas: [],
  lost: [],
  cargo: [{ good: 'wheat', units: 20, cost_asses: 400, spoiled_units: 0 }],
  voyage: null,
  otium: null,
  otium_day_asses: 48,
  otium_offer: {
    place_permille: 800,
    villa_permille: 0,
    library_permille: 0,
    guest_permille: 0,
    guests_most: 0,
    most_permille: 1_000,
    day_asses: 48,
    guest_day_asses: 0,
    villa_asses: 320_000,
    villa_resale_asses: 256_000,
  },
  gravitas: 0,
  world_date: { plain: '0150-03-14', roman: 'pridie Id. Mart.', year_auc: 903 },
  revision: 1,
};

export const quote: Quote = {
  good: 'wheat',
  buy_asses: 20,
  sell_asses: 18,
  base_asses: 19,
  multiplier_permille: 1_000,
  available: 500,
  wanted: 12,
  depth_units: 100,
  reasons: [],
};
