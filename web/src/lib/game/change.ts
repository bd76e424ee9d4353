// Every way the state changes, as pure functions. None of them can fail; a message that no longer fits is dropped.
import { type Command, command, type Order, sameOrder } from '../api/command';
import type { Outcome } from '../api/outcome';
import type { Unsigned } from '../api/passkey';
import type { Done, Left, Me, Problem } from '../api/types';
import { US_PER_DAY } from './mishap';
import {
  type Geography,
  type Life,
  type Loaded,
  type News,
  newLife,
  type Panel,
  type Screen,
  type State,
} from './state';
import type { Tiding } from './tidings';

export const loadedFrom = <T>(outcome: Outcome<T>): Loaded<T> =>
  outcome.kind === 'done' ? { kind: 'ready', value: outcome.value } : outcome;

const TOO_MANY = 429;
const SERVER_ERROR = 500;

/** It says nothing about what was asked for: the server was not reached, or could not answer just now. */
const isPassing = (outcome: Outcome<unknown>): boolean =>
  outcome.kind === 'unreachable' ||
  (outcome.kind === 'refused' &&
    (outcome.problem.status === TOO_MANY || outcome.problem.status >= SERVER_ERROR));

/** What is known stays on the screen through a call that failed in passing. */
export const reloaded = <T>(known: Loaded<T>, outcome: Outcome<T>): Loaded<T> =>
  known.kind === 'ready' && isPassing(outcome) ? known : loadedFrom(outcome);

export const geographyLoaded = (state: State, geography: Loaded<Geography>): State => ({
  ...state,
  geography,
});

export const leftTheDoor = (state: State): State => ({
  ...state,
  session: { kind: 'nobody', door: { kind: 'idle' } },
});

export const knocked = (state: State): State => ({
  ...state,
  session: { kind: 'nobody', door: { kind: 'knocking' } },
});

export const notSigned = (state: State, why: Unsigned): State => ({
  ...state,
  session: { kind: 'nobody', door: { kind: 'unsigned', why } },
});

export function doorAnswered(state: State, outcome: Exclude<Outcome<unknown>, { kind: 'done' }>): State {
  return { ...state, session: { kind: 'nobody', door: outcome } };
}

export const phraseGiven = (state: State, phrase: string): State => ({
  ...state,
  session: { kind: 'phrase', words: phrase.trim().split(/\s+/) },
});

export const entered = (state: State, me: Me, tag: string | null = null): State => ({
  ...state,
  session: { kind: 'playing', life: newLife(me, tag), offline: false },
});

export const gone = (state: State, left: Left): State => ({ ...state, session: { kind: 'gone', left } });

/** Changes the life that is being played; in any other session the message came too late. */
export function live(state: State, change: (life: Life) => Life): State {
  const { session } = state;
  return session.kind === 'playing'
    ? { ...state, session: { ...session, life: change(session.life) } }
    : state;
}

export function offline(state: State, is: boolean): State {
  const { session } = state;
  return session.kind === 'playing' && session.offline !== is
    ? { ...state, session: { ...session, offline: is } }
    : state;
}

/** What was said before that is forgotten. */
const NEWS_MAX = 4;

const told = (life: Life, item: News): Life => ({
  ...life,
  news: [...life.news, { serial: (life.news.at(-1)?.serial ?? 0) + 1, item }].slice(-NEWS_MAX),
});

export const screenOpened = (life: Life, screen: Screen): Life => ({
  ...life,
  screen,
  carrying: { kind: 'idle' },
  leaving: { kind: 'idle' },
});

/** A market, a yard and a plan are of the place where they were asked for: in another they are not shown. */
export function refreshed(life: Life, me: Me, tag: string | null = null): Life {
  const empty = { kind: 'empty' } as const;
  const moved = me.place === life.me.place ? {} : { market: empty, harbour: empty, plan: empty };
  const next: Life = { ...life, ...moved, me, tag };
  const number = me.chapter?.number;
  if (number && life.me.chapter && number > life.me.chapter.number)
    return told(next, { kind: 'chapter', number });
  if (life.me.voyage && !me.voyage && me.place) return told(next, { kind: 'arrived', place: me.place });
  return next;
}

export function panelOpened(life: Life, panel: Panel | null): Life {
  const sending = life.sending.kind === 'refused' ? ({ kind: 'idle' } as const) : life.sending;
  const keeping = life.keeping.kind === 'busy' ? life.keeping : ({ kind: 'idle' } as const);
  return { ...life, panel, sending, keeping };
}

export function placeSelected(life: Life, place: string | null): Life {
  return place === life.selected
    ? life
    : { ...life, selected: place, plan: { kind: 'empty' }, abroad: { kind: 'empty' } };
}

/**
 * What an order becomes: nothing while another is under way, and where its like was left without an answer that very
 * command, so that it cannot be done twice.
 */
export function commanded({ sending, tag }: Life, order: Order): Command | null {
  if (sending.kind === 'sending') return null;
  const again = sending.kind === 'unsure' && sameOrder(sending.command.order, order);
  return again ? sending.command : command(order, tag);
}

export const sendingBegan = (life: Life, command: Command): Life => ({
  ...life,
  sending: { kind: 'sending', command },
});

/** What befell before that stands in the timeline. */
const TIDINGS_MAX = 50;

/** The same moments may be asked for twice; they are told once. */
export function heard(life: Life, tidings: readonly Tiding[]): Life {
  const last = Math.max(0, ...life.tidings.map(({ at }) => at));
  const later = tidings.filter(({ at }) => at > last);
  return later.length > 0 ? { ...life, tidings: [...life.tidings, ...later].slice(-TIDINGS_MAX) } : life;
}

export const tidingsRead = (life: Life): Life => ({ ...life, tidings: [] });

export const refusalRead = (life: Life): Life => ({ ...life, sending: { kind: 'idle' } });

/** A number of the moment that an order led to. */
function said({ moments }: Done, moment: string, field: string): number | null {
  const value: unknown = moments.find(({ name }) => name === moment)?.value[field];
  return typeof value === 'number' ? value : null;
}

/** As the moment of its end has it: a lender may have taken from the purse as well. */
function otiumEnded(done: Done, before: Me): News {
  const days = said(done, 'end_otium', 'days_us') ?? 0;
  return {
    kind: 'otium_ended',
    gravitas: done.me.gravitas - before.gravitas,
    asses: said(done, 'end_otium', 'cost_asses') ?? 0,
    unpaidDays: (days - (said(done, 'end_otium', 'paid_us') ?? days)) / US_PER_DAY,
  };
}

function newsOf({ order }: Command, before: Me, done: Done): News {
  switch (order.kind) {
    case 'trade':
      return {
        kind: 'traded',
        side: order.side,
        good: order.good,
        units: said(done, 'trade', 'units') ?? order.units,
      };
    case 'store':
      return {
        kind: 'stored',
        way: order.way,
        good: order.good,
        units: said(done, 'storage', 'units') ?? order.units,
      };
    case 'depart':
      return { kind: 'departed', place: order.to };
    case 'begin_otium':
      return { kind: 'otium_begun', place: done.me.place ?? '' };
    case 'end_otium':
      return otiumEnded(done, before);
    case 'write':
      return { kind: 'written' };
    case 'repair':
      return { kind: 'repaired' };
    case 'buy_ship':
      return { kind: 'ship_bought' };
    case 'sell_ship':
      return { kind: 'ship_sold' };
    case 'charter':
      return { kind: 'chartered' };
    case 'borrow':
      return { kind: 'borrowed' };
    case 'repay':
      return { kind: 'repaid' };
    case 'ask_friends':
      return { kind: 'relieved' };
    case 'buy_villa':
      return { kind: 'villa_bought' };
    case 'sell_villa':
      return { kind: 'villa_sold' };
    case 'shelve':
      return { kind: 'shelved', way: order.way, units: said(done, 'shelve', 'units') ?? order.units };
    case 'move_on':
      return { kind: 'moved_on', place: done.me.place === before.place ? null : (done.me.place ?? null) };
  }
}

export const drafted = (life: Life, draft: string): Life => ({ ...life, draft });

/** What was written on while the order was under way stays. */
const draftAfter = ({ draft }: Life, { order }: Command): string =>
  order.kind === 'write' && order.text === draft.trim() ? '' : draft;

export function answered(life: Life, command: Command, outcome: Outcome<Done>): Life {
  if (life.sending.kind !== 'sending' || life.sending.command.key !== command.key) return life;
  switch (outcome.kind) {
    case 'unreachable':
      return { ...life, sending: { kind: 'unsure', command } };
    case 'refused':
      return { ...life, sending: { kind: 'refused', command, problem: outcome.problem } };
    case 'done': {
      const settled = refreshed(life, outcome.value.me, outcome.tag ?? null);
      const news = told(settled, newsOf(command, life.me, outcome.value));
      return { ...news, sending: { kind: 'idle' }, draft: draftAfter(life, command) };
    }
  }
}

/** A refusal that means: this browser is nobody's any more. */
export const isSessionLost = (problem: Problem): boolean => problem.status === 401;
