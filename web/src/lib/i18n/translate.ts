// Words by key. A language is a complete table; there is no falling back from one to another.
import type { Good, Reason } from '../api/types';
import { en, type Key, type Words } from './en';
import { it } from './it';
import { la } from './la';

export const LANGUAGES = { en, la, it } as const satisfies Record<string, Words>;
export type LanguageId = keyof typeof LANGUAGES;
export const LANGUAGE_NAMES: Record<LanguageId, string> = { en: 'English', la: 'Latina', it: 'Italiano' };

export const isLanguage = (id: string | null | undefined): id is LanguageId =>
  id !== null && id !== undefined && Object.hasOwn(LANGUAGES, id);

export type Params = Record<string, string | number>;

/** An abbreviation's full stop is the sentence's too. */
const ended = (sentences: string): string => sentences.replaceAll(/\.\.(?=\s|$)/g, '.');

export function translate(language: LanguageId, key: Key, params: Params = {}): string {
  const words = LANGUAGES[language][key];
  return ended(words.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole)));
}

/** A word for an id that the server made up later than we did: the id's own name then stands for itself. */
export function wordFor(language: LanguageId, key: string, otherwise: string): string {
  const words: Record<string, string> = LANGUAGES[language];
  return words[key] ?? otherwise;
}

const COUNTED_EXACTLY = 10;

/** Days of the world: with their tenths while they are few. */
export function dayCount(language: LanguageId, days: number): string {
  const n = days < COUNTED_EXACTLY ? Number(Math.max(0, days).toFixed(1)) : Math.round(days);
  return translate(language, n === 1 ? 'days.one' : 'days.many', { n });
}

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** A length of time in its largest unit and, under ten of them, the next smaller one. */
export function duration(language: LanguageId, seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const unit = (key: Key, n: number) => translate(language, key, { n });
  const pair = (big: Key, size: number, small: Key, smallSize: number) => {
    const bigs = Math.floor(whole / size);
    const smalls = Math.floor((whole % size) / smallSize);
    return bigs < 10 && smalls > 0 ? `${unit(big, bigs)} ${unit(small, smalls)}` : unit(big, bigs);
  };
  if (whole < MINUTE_S) return unit('time.s', whole);
  if (whole < HOUR_S) return pair('time.min', MINUTE_S, 'time.s', 1);
  if (whole < DAY_S) return pair('time.h', HOUR_S, 'time.min', MINUTE_S);
  return pair('time.d', DAY_S, 'time.h', HOUR_S);
}

export function goodName(language: LanguageId, good: Good): string {
  switch (language) {
    case 'en':
      return good.english;
    case 'it':
      return good.italian;
    case 'la':
      return good.latin;
  }
}

/** These come as factors, where 1,000 changes nothing; people read what they add or take away. */
const FACTORS = new Set(['season', 'collective', 'saturation']);
const NEUTRAL_PERMILLE = 1_000;
const PERMILLE_PER_PERCENT = 10;

const percent = (permille: number, signed: boolean): string => {
  const value = Number((permille / PERMILLE_PER_PERCENT).toFixed(1));
  return `${signed && value > 0 ? '+' : ''}${value} %`.replace('-', '−');
};

const tenths = (value: number): number => Number(value.toFixed(1));

/** What would help and hinders is told in words of its own, without a sign. */
const isAgainst = (figures: Record<string, number>): boolean => tenths(figures.following_m_s ?? 0) < 0;

/** More than all of what is used is told in words: no share is greater than the whole. */
const isPlenty = (figures: Record<string, number>): boolean =>
  (figures.local_permille ?? 0) > NEUTRAL_PERMILLE;

/** What is less than a tenth of a day nobody waits for. */
const isWaiting = (figures: Record<string, number>): boolean => tenths(figures.days ?? 0) > 0;

function figure(code: string, name: string, value: number): string {
  if (!name.includes('permille')) return String(tenths(value)).replace('-', '−');
  if (FACTORS.has(code)) return percent(value - NEUTRAL_PERMILLE, true);
  return percent(value, code === 'slippage');
}

/** Why a price or a voyage is as it is. A reason without words of ours stands by its code, never unsaid. */
export function reasonText(language: LanguageId, { code, figures = {} }: Reason): string {
  const plain = wordFor(language, `reason.${code}`, code.replaceAll('_', ' '));
  const against = isAgainst(figures) ? wordFor(language, `reason.${code}.against`, '') : '';
  const plenty = isPlenty(figures) ? wordFor(language, `reason.${code}.plenty`, '') : '';
  const waiting = isWaiting(figures) ? wordFor(language, `reason.${code}.waiting`, '') : '';
  return (against || plenty || waiting || plain).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = figures[name];
    return value === undefined ? whole : figure(code, name, against ? Math.abs(value) : value);
  });
}
