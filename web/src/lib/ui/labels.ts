// What a label is called, in the reader's language.
import type { Label, Place } from '../api/types';
import { money } from '../game/money';
import { placeName } from '../game/name';
import { numeral } from '../game/numeral';
import { subject } from '../game/timeline';
import { language, t, word } from '../i18n/language.svelte';

export const kindName = (kind: string) => word(`label.${kind}`, kind);

export function titleOf(label: Label, places: ReadonlyMap<string, Place>): string {
  const nameOf = (id: string) => placeName(places, id);
  const about = subject(label);
  switch (about.kind) {
    case 'voyage':
      return t('title.voyage', { from: nameOf(about.from), to: nameOf(about.to) });
    case 'place':
      return nameOf(about.place);
    case 'season':
      return t(about.closed ? 'season.closed' : 'season.open', { year: about.year });
    case 'chapter':
      return `${numeral(about.number)}. ${about.words[language.id]}`;
    case 'ship':
      return about.name;
    case 'loan': {
      const course = word(`loan.${about.course}`, about.course);
      return t('title.loan', { money: money(about.asses), place: nameOf(about.to), course });
    }
    case 'text':
      return about.text;
  }
}
