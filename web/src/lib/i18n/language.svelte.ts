// The language that is spoken now. Remembered in this browser where it allows that, never on the server.
import type { Good, Reason } from '../api/types';
import type { Key } from './en';
import {
  dayCount,
  duration,
  goodName,
  isLanguage,
  type LanguageId,
  type Params,
  reasonText,
  translate,
  wordFor,
} from './translate';

const REMEMBERED = 'otivm-language';

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // storage is forbidden in this browser: the choice lasts as long as the page
  }
}

function preferred(): LanguageId {
  const kept = remembered();
  if (isLanguage(kept)) return kept;
  const spoken = globalThis.navigator?.language?.slice(0, 2);
  return isLanguage(spoken) ? spoken : 'en';
}

class Language {
  id = $state<LanguageId>(preferred());

  choose(id: LanguageId): void {
    this.id = id;
    document.documentElement.lang = id;
    try {
      localStorage.setItem(REMEMBERED, id);
    } catch {
      // as above
    }
  }
}

export const language = new Language();

export const t = (key: Key, params?: Params): string => translate(language.id, key, params);
export const word = (key: string, otherwise: string): string => wordFor(language.id, key, otherwise);
export const lasting = (seconds: number): string => duration(language.id, seconds);
export const inDays = (days: number): string => dayCount(language.id, days);
export const nameOfGood = (good: Good): string => goodName(language.id, good);
export const reasonWords = (reason: Reason): string => reasonText(language.id, reason);
