// What a merchant keeps for his leisure, out of the life as the server tells it.
import type { Me, OtiumOffer, Villa, VillaStay } from '../api/types';

/** One summand of an otium's quality, thousandths. */
export type Part = { what: 'place' | 'villa' | 'library' | 'guests'; permille: number };

const parts = (place: number, villa: number, library: number, guests: number): Part[] => [
  { what: 'place', permille: place },
  { what: 'villa', permille: villa },
  { what: 'library', permille: library },
  { what: 'guests', permille: guests },
];

/** Of an otium that could begin here. */
export const partsOf = (offer: OtiumOffer, guests: number): Part[] =>
  parts(offer.place_permille, offer.villa_permille, offer.library_permille, offer.guest_permille * guests);

/** Of one that lasts. */
export const partsOfStay = (stay: VillaStay): Part[] =>
  parts(stay.place_permille, stay.villa_permille, stay.library_permille, stay.guests_permille);

/** Up to what all of it together may come to. */
export const qualityOf = (offer: OtiumOffer, guests: number): number =>
  Math.min(
    offer.most_permille,
    partsOf(offer, guests).reduce((sum, { permille }) => sum + permille, 0),
  );

export const dayOf = (offer: OtiumOffer, guests: number): number =>
  offer.day_asses + offer.guest_day_asses * guests;

export const villaHere = ({ villas, place }: Me): Villa | undefined =>
  villas.find((villa) => villa.place === place);

/** With the books that are left in it, where it is sold by letter. */
export const resaleOf = (villa: Villa): number => villa.resale_asses + villa.books_resale_asses;
