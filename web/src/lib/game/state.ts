// The whole of what the screen shows, as data. `change.ts` makes the next state; the components draw it.
import type { Command } from '../api/command';
import type { Unsigned } from '../api/passkey';
import type {
  Chapter,
  Harbour,
  Label,
  LedgerLine,
  Left,
  Market,
  Me,
  Passkeys,
  Place,
  Plan,
  Problem,
  World,
  WorldDate,
} from '../api/types';
import type { ServerClock } from './clock';
import type { Pages } from './pages';
import type { Tiding } from './tidings';
import type { LonLat } from './voyage';

export type Failure = { kind: 'refused'; problem: Problem } | { kind: 'unreachable' };

export type Loaded<T> = { kind: 'empty' } | { kind: 'loading' } | { kind: 'ready'; value: T } | Failure;

export const PANELS = ['port', 'market', 'yard', 'voyage', 'otium', 'journal', 'timeline'] as const;
export type Panel = (typeof PANELS)[number];

/** A command on its way. `unsure` means that nobody answered: only sending the same command again can tell. */
export type Sending =
  | { kind: 'idle' }
  | { kind: 'sending'; command: Command }
  | { kind: 'refused'; command: Command; problem: Problem }
  | { kind: 'unsure'; command: Command };

/** What was done in a harbour and needs no figures. */
export type Deed =
  | 'repaired'
  | 'ship_bought'
  | 'ship_sold'
  | 'chartered'
  | 'borrowed'
  | 'repaid'
  | 'relieved'
  | 'villa_bought'
  | 'villa_sold';

/** What the player is told in passing, and what a screen reader says. */
export type News =
  | { kind: 'arrived'; place: string }
  | { kind: 'departed'; place: string }
  | { kind: 'traded'; side: 'buy' | 'sell'; good: string; units: number }
  | { kind: 'stored'; way: 'in' | 'out'; good: string; units: number }
  | { kind: 'shelved'; way: 'in' | 'out'; units: number }
  | { kind: 'otium_begun'; place: string }
  | { kind: 'otium_ended'; gravitas: number; asses: number; unpaidDays: number }
  | { kind: 'written' }
  /** Out of a lost place; null where only goods were there. */
  | { kind: 'moved_on'; place: string | null }
  | { kind: Deed }
  | { kind: 'chapter'; number: number };

export type Told = { serial: number; item: News };

/** The whole life as one picture; `partial` where it is longer than a picture shows. */
export type Whole = { labels: Label[]; routes: LonLat[][]; ledger: LedgerLine[]; partial: boolean };

/** What fills the screen: the game, or a page in its place. */
export type Screen = 'game' | 'whole' | 'farewell';

/** A copy of the life on its way to the player. */
export type Carrying = { kind: 'idle' } | { kind: 'copying' } | { kind: 'done'; name: string } | Failure;

/** A passkey that is being added or removed, and what is to be said of the last. */
export type Keeping =
  | { kind: 'idle' }
  | { kind: 'busy' }
  | { kind: 'said'; what: 'added' | 'removed' | Unsigned }
  | Failure;

/** One page of the journal: when it was written, and on which day of the world. */
export type Entry = { from: string; text: string; date: WorldDate };

export type Geography = { world: World; places: ReadonlyMap<string, Place>; clock: ServerClock };

export type Life = {
  me: Me;
  /** Of `me` as it was seen: what is ordered goes with it. */
  tag: string | null;
  screen: Screen;
  panel: Panel | null;
  /** The place looked at: on the map, in the list of harbours, as a destination. */
  selected: string | null;
  market: Loaded<Market>;
  plan: Loaded<Plan>;
  /** The market of the place that is planned for. */
  abroad: Loaded<Market>;
  timeline: Loaded<Pages>;
  journal: Loaded<Pages>;
  whole: Loaded<Whole>;
  chapters: Loaded<Chapter[]>;
  harbour: Loaded<Harbour>;
  sending: Sending;
  /** What is being written for the journal and has not been written down. */
  draft: string;
  /** What befell the player at sea or by a lender, until it has been read. */
  tidings: Tiding[];
  /** The latest of them. */
  news: Told[];
  carrying: Carrying;
  passkeys: Loaded<Passkeys>;
  keeping: Keeping;
  /** Leaving for good, on its way. */
  leaving: Door;
};

/** `unsigned`: the device gave no passkey, and nobody was asked to open. */
export type Door = { kind: 'idle' } | { kind: 'knocking' } | { kind: 'unsigned'; why: Unsigned } | Failure;

export type Session =
  | { kind: 'asking' }
  | { kind: 'nobody'; door: Door }
  | { kind: 'phrase'; words: string[] }
  | { kind: 'playing'; life: Life; offline: boolean }
  /** Left for good. */
  | { kind: 'gone'; left: Left };

export type State = { geography: Loaded<Geography>; session: Session };

export const initial: State = { geography: { kind: 'empty' }, session: { kind: 'asking' } };

export const newLife = (me: Me, tag: string | null = null): Life => ({
  me,
  tag,
  screen: 'game',
  panel: null,
  selected: null,
  market: { kind: 'empty' },
  plan: { kind: 'empty' },
  abroad: { kind: 'empty' },
  timeline: { kind: 'empty' },
  journal: { kind: 'empty' },
  whole: { kind: 'empty' },
  chapters: { kind: 'empty' },
  harbour: { kind: 'empty' },
  sending: { kind: 'idle' },
  draft: '',
  tidings: [],
  news: [],
  carrying: { kind: 'idle' },
  passkeys: { kind: 'empty' },
  keeping: { kind: 'idle' },
  leaving: { kind: 'idle' },
});
