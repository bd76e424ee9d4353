// The one place that fetches: it asks the server, hands the answers to `change.ts`, and keeps the result.
import type { Api } from '../lib/api/client';
import type { Command, Order } from '../lib/api/command';
import type { Outcome } from '../lib/api/outcome';
import { makePasskey, usePasskey } from '../lib/api/passkey';
import { type Heard, listen } from '../lib/api/stream';
import type { Keep, Me, Moment } from '../lib/api/types';
import * as change from '../lib/game/change';
import { hear } from '../lib/game/clock';
import { olderPages, type Pages, refreshedPages } from '../lib/game/pages';
import {
  type Geography,
  initial,
  type Keeping,
  type Life,
  type Loaded,
  type Panel,
  type Screen,
  type State,
} from '../lib/game/state';
import { tidings } from '../lib/game/tidings';
import { lastRead, remember } from './read';
import { saved } from './save';
import { wholeLife } from './whole';

/** What happens is heard from the server. The date and the age of the world are asked for so often, while somebody looks. */
const WORLD_EVERY_MS = 60_000;
/** A server that is starting has no world yet: the page waits for it rather than asking the player to. */
const WORLD_RETRY_MS = 4_000;
/** Moments that come together are asked about together. */
const GATHER_MS = 60;
/** A stream that was refused is asked for again after so long. */
const LISTEN_AGAIN_MS = 5_000;
/** A cut of less than this is not worth a word: the browser comes back after two seconds. */
const SILENT_AFTER_MS = 5_000;

type Timer = ReturnType<typeof setTimeout>;
/** Which part of the timeline a panel shows. */
const SLOTS = { timeline: {}, journal: { label: 'journal' } } as const;
type Slot = keyof typeof SLOTS;

export class Game {
  state = $state.raw<State>(initial);
  readonly #api: Api;
  #hush: (() => void) | null = null;
  #asking: Timer | undefined;
  #silent: Timer | undefined;
  #listenAgain: Timer | undefined;
  #world: Timer | undefined;
  /** Of the life that is being begun or brought in: sent again it leads to the same seat. */
  #enrolKey: string = crypto.randomUUID();

  constructor(api: Api) {
    this.#api = api;
  }

  get life(): Life | null {
    return this.state.session.kind === 'playing' ? this.state.session.life : null;
  }

  get geography(): Geography | null {
    return this.state.geography.kind === 'ready' ? this.state.geography.value : null;
  }

  async start(): Promise<void> {
    await this.#askGeography();
    if (!this.geography) {
      setTimeout(() => void this.start(), WORLD_RETRY_MS);
      return;
    }
    const me = await this.#api.me();
    if (me.kind === 'done') this.#enter(me.value, me.tag);
    else if (me.kind === 'refused' && change.isSessionLost(me.problem)) {
      this.state = change.leftTheDoor(this.state);
    } else this.state = change.doorAnswered(this.state, me);
  }

  enrol(language: 'en' | 'la' | 'it'): Promise<void> {
    return this.#takeSeat((key) => this.#api.enrol(language, key));
  }

  /** Goes on with a life that another server kept. */
  bringIn(file: File): Promise<void> {
    return this.#takeSeat((key) => this.#api.bringIn(file, key));
  }

  async #takeSeat(ask: (key: string) => Promise<Outcome<{ recovery_phrase: string }>>): Promise<void> {
    this.state = change.knocked(this.state);
    const answer = await ask(this.#enrolKey);
    if (answer.kind !== 'unreachable') this.#enrolKey = crypto.randomUUID();
    this.state =
      answer.kind === 'done'
        ? change.phraseGiven(this.state, answer.value.recovery_phrase)
        : change.doorAnswered(this.state, answer);
  }

  async returnWith(phrase: string): Promise<void> {
    this.state = change.knocked(this.state);
    const answer = await this.#api.enter(
      phrase.trim().toLowerCase().split(/\s+/).join(' '),
      crypto.randomUUID(),
    );
    if (answer.kind !== 'done') this.state = change.doorAnswered(this.state, answer);
    else await this.begin();
  }

  /** The device says which life it is. */
  async returnWithPasskey(): Promise<void> {
    this.state = change.knocked(this.state);
    const asked = await this.#api.askForAnyPasskey(crypto.randomUUID());
    if (asked.kind !== 'done') {
      this.state = change.doorAnswered(this.state, asked);
      return;
    }
    const signed = await usePasskey(asked.value);
    if (signed.kind !== 'signed') {
      this.state = change.notSigned(this.state, signed.kind);
      return;
    }
    const { ceremony } = asked.value;
    const sent = { ceremony, credential: signed.credential };
    const answer = await this.#api.enterWithPasskey(sent, crypto.randomUUID());
    if (answer.kind !== 'done') this.state = change.doorAnswered(this.state, answer);
    else await this.begin();
  }

  async addPasskey(name: string): Promise<void> {
    this.#keep({ kind: 'busy' });
    const asked = await this.#api.askForNewPasskey(crypto.randomUUID());
    if (asked.kind !== 'done') return this.#keep(asked);
    const signed = await makePasskey(asked.value);
    if (signed.kind !== 'signed') return this.#keep({ kind: 'said', what: signed.kind });
    const { ceremony } = asked.value;
    const sent = { ceremony, name, credential: signed.credential };
    const answer = await this.#api.addPasskey(sent, crypto.randomUUID());
    await this.#askPasskeys();
    this.#keep(answer.kind === 'done' ? { kind: 'said', what: 'added' } : answer);
  }

  async removePasskey(id: string): Promise<void> {
    this.#keep({ kind: 'busy' });
    const answer = await this.#api.removePasskey(id, crypto.randomUUID());
    await this.#askPasskeys();
    this.#keep(answer.kind === 'done' ? { kind: 'said', what: 'removed' } : answer);
  }

  #keep(keeping: Keeping): void {
    this.#live((life) => ({ ...life, keeping }));
  }

  /** Enters the life that the session cookie opens. */
  async begin(): Promise<void> {
    const me = await this.#api.me();
    if (me.kind === 'done') this.#enter(me.value, me.tag);
    else this.state = change.doorAnswered(this.state, me);
  }

  async leave(): Promise<void> {
    this.#rest();
    await this.#api.leave(crypto.randomUUID());
    this.state = change.leftTheDoor(this.state);
  }

  /** Leaves for good. Nothing is done on an old view of the life. */
  async farewell(keep: Keep): Promise<void> {
    this.#live((life) => ({ ...life, leaving: { kind: 'knocking' } }));
    await this.#ask();
    const tag = this.life?.tag;
    if (!tag) return;
    const answer = await this.#api.farewell(keep, crypto.randomUUID(), tag);
    if (answer.kind === 'done') {
      this.#rest();
      this.state = change.gone(this.state, answer.value);
    } else this.#live((life) => ({ ...life, leaving: answer }));
  }

  toTheDoor(): void {
    this.state = change.leftTheDoor(this.state);
  }

  async carry(form: 'sqlite3' | 'jsonl'): Promise<void> {
    this.#live((life) => ({ ...life, carrying: { kind: 'copying' } }));
    const answer = await this.#api.file(form);
    if (answer.kind !== 'done') return this.#live((life) => ({ ...life, carrying: answer }));
    const name = `otivm-life.${form}`;
    saved(answer.value, name);
    this.#live((life) => ({ ...life, carrying: { kind: 'done', name } }));
  }

  open(panel: Panel | null): void {
    this.#live((life) => change.panelOpened(life, panel));
    void this.#askPanel();
  }

  show(screen: Screen): void {
    this.#live((life) => change.screenOpened(life, screen));
    if (screen === 'whole') void this.#askWhole();
  }

  select(place: string | null): void {
    this.#live((life) => change.placeSelected(life, place));
    void this.#askPanel();
  }

  async order(order: Order): Promise<void> {
    const sent = this.life && change.commanded(this.life, order);
    if (sent) await this.send(sent);
  }

  /** Sends a command, or sends again one whose answer never came: the key in it is the same. */
  async send(sent: Command): Promise<void> {
    this.#live((life) => change.sendingBegan(life, sent));
    const answer = await this.#api.send(sent);
    this.#live((life) => change.answered(life, sent, answer));
    // Whatever was in the way is shown before the player decides again.
    if (answer.kind === 'refused') await this.#ask();
    else await this.#askPanel();
  }

  draft(text: string): void {
    this.#live((life) => change.drafted(life, text));
  }

  tidingsRead(): void {
    this.#live(change.tidingsRead);
    const revision = this.life?.me.revision;
    if (revision !== undefined) remember(revision);
  }

  refusalRead(): void {
    this.#live(change.refusalRead);
  }

  /** Called when the page comes back into view. */
  looked(): void {
    if (this.life) void this.#ask();
  }

  async earlier(slot: Slot): Promise<void> {
    const known = this.life?.[slot];
    const before = known?.kind === 'ready' ? known.value.earlier : null;
    if (before === null) return;
    const answer = await this.#api.timeline({ ...SLOTS[slot], before });
    if (answer.kind !== 'done') return;
    this.#live((life) => {
      const now = life[slot];
      if (now.kind !== 'ready' || now.value.earlier !== before) return life;
      return { ...life, [slot]: { kind: 'ready', value: olderPages(now.value, answer.value) } };
    });
  }

  #live(next: (life: Life) => Life): void {
    this.state = change.live(this.state, next);
  }

  #enter(me: Me, tag: string | undefined): void {
    this.state = change.entered(this.state, me, tag);
    this.#listen();
    this.#watchWorld();
    void this.#askTidings(lastRead() ?? me.revision);
    void this.#renewSession();
  }

  /** Nobody plays here any more. */
  #rest(): void {
    this.#hush?.();
    this.#hush = null;
    for (const timer of [this.#asking, this.#silent, this.#listenAgain, this.#world]) clearTimeout(timer);
  }

  #listen(): void {
    this.#hush?.();
    const revision = this.life?.me.revision;
    if (revision !== undefined) this.#hush = listen(revision, (heard) => this.#heard(heard));
  }

  #heard(heard: Heard): void {
    switch (heard.kind) {
      case 'open':
        // The stream tells again what it missed of this life; prices and the date have to be asked for.
        if (this.#silent !== undefined) this.#askSoon();
        clearTimeout(this.#silent);
        this.#silent = undefined;
        this.state = change.offline(this.state, false);
        return;
      case 'moment':
        this.#hearTidings([heard.moment]);
        if (heard.moment.at > (this.life?.me.revision ?? 0)) this.#askSoon();
        return;
      case 'window':
        // Prices and the date move; nobody who does not look needs them now.
        if (document.visibilityState === 'visible') this.#askSoon();
        return;
      case 'notice':
        this.#noticed(heard.code);
        return;
      case 'closed':
        this.#listenAgain = setTimeout(() => void this.#comeBack(), LISTEN_AGAIN_MS);
        this.#lost();
        return;
      case 'lost':
        this.#lost();
        return;
    }
  }

  #lost(): void {
    this.#silent ??= setTimeout(() => {
      this.state = change.offline(this.state, true);
    }, SILENT_AFTER_MS);
  }

  #noticed(code: string): void {
    if (code === 'history_changed')
      this.#live((life) => ({ ...life, timeline: { kind: 'empty' }, journal: { kind: 'empty' } }));
    if (code === 'release_changed') void this.#askGeography();
    this.#askSoon();
  }

  async #comeBack(): Promise<void> {
    await this.#ask();
    this.#listen();
  }

  /** Who plays every week never meets the end of a session. */
  async #renewSession(): Promise<void> {
    const session = await this.#api.session();
    const nowMs = Date.parse(this.geography?.world.clock.now ?? '');
    if (session.kind === 'done' && nowMs > Date.parse(session.value.renew_after))
      await this.#api.renew(crypto.randomUUID());
  }

  #watchWorld(): void {
    clearTimeout(this.#world);
    this.#world = setTimeout(async () => {
      if (document.visibilityState === 'visible') await Promise.all([this.#askGeography(), this.#ask()]);
      if (this.life) this.#watchWorld();
    }, WORLD_EVERY_MS);
  }

  async #askGeography(): Promise<void> {
    if (this.state.geography.kind === 'empty')
      this.state = change.geographyLoaded(this.state, { kind: 'loading' });
    const [world, places] = await Promise.all([this.#api.world(), this.#api.places()]);
    if (world.kind !== 'done' || places.kind !== 'done') {
      const failure = world.kind !== 'done' ? world : places;
      if (!this.geography && failure.kind !== 'done')
        this.state = change.geographyLoaded(this.state, failure);
      return;
    }
    const value: Geography = {
      world: world.value,
      places: new Map(places.value.map((place) => [place.id, place])),
      clock: hear(world.value.clock.now, performance.now()),
    };
    this.state = change.geographyLoaded(this.state, { kind: 'ready', value });
  }

  #askSoon(): void {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => void this.#ask(), GATHER_MS);
  }

  async #ask(): Promise<void> {
    const me = await this.#api.me();
    if (me.kind === 'refused' && change.isSessionLost(me.problem)) {
      this.#rest();
      this.state = change.doorAnswered(this.state, me);
      return;
    }
    if (me.kind !== 'done') return;
    this.#live((life) => change.refreshed(life, me.value, me.tag));
    await this.#askPanel();
  }

  /** Fetches what the open panel shows. Values already there stay on screen until the new ones arrive. */
  async #askPanel(): Promise<void> {
    const life = this.life;
    if (!life) return;
    switch (life.panel) {
      case 'market':
        return this.#askMarket(life);
      case 'voyage':
        return this.#askPlan(life);
      case 'timeline':
        await this.#askChapters(life);
        await this.#askPages('timeline');
        return this.#askPasskeys();
      case 'journal':
        return this.#askPages('journal');
      case 'yard':
        return this.#askHarbour(life);
      case 'port':
      case 'otium':
      case null:
        return;
    }
  }

  /** What befell the player after a moment that he had seen. */
  async #askTidings(after: number): Promise<void> {
    const answer = await this.#api.moments({ after });
    if (answer.kind === 'done') this.#hearTidings(answer.value.moments);
  }

  #hearTidings(moments: readonly Moment[]): void {
    this.#live((life) => change.heard(life, tidings(moments)));
    const life = this.life;
    if (life && life.tidings.length === 0) remember(life.me.revision);
  }

  /** Their texts are the same for everybody and for ever. */
  async #askChapters({ chapters }: Life): Promise<void> {
    if (chapters.kind !== 'ready') await this.#load('chapters', () => this.#api.chapters());
  }

  async #askPasskeys(): Promise<void> {
    if (this.geography?.world.passkeys) await this.#load('passkeys', () => this.#api.passkeys());
  }

  async #askMarket({ me }: Life): Promise<void> {
    const place = me.place;
    if (!place) return;
    await this.#load(
      'market',
      () => this.#api.market(place),
      () => this.life?.me.place === place,
    );
  }

  async #askHarbour({ me }: Life): Promise<void> {
    if (me.place) await this.#load('harbour', () => this.#api.harbour());
  }

  async #askPlan(life: Life): Promise<void> {
    const { me, selected } = life;
    if (!me.place || !selected || selected === me.place) return;
    const stillWanted = () => this.life?.selected === selected;
    await Promise.all([
      this.#load('plan', () => this.#api.plan(selected), stillWanted),
      this.#load('abroad', () => this.#api.market(selected), stillWanted),
      this.#askMarket(life),
    ]);
  }

  async #askPages(slot: Slot): Promise<void> {
    await this.#load(slot, async (): Promise<Outcome<Pages>> => {
      const answer = await this.#api.timeline(SLOTS[slot]);
      if (answer.kind !== 'done') return answer;
      const known = this.life?.[slot];
      const pages = known?.kind === 'ready' ? known.value : null;
      return { ...answer, value: refreshedPages(pages, answer.value) };
    });
  }

  async #askWhole(): Promise<void> {
    if (this.life) await this.#askChapters(this.life);
    await this.#load('whole', () => wholeLife(this.#api));
  }

  async #load<
    K extends
      | 'market'
      | 'plan'
      | 'abroad'
      | 'timeline'
      | 'journal'
      | 'chapters'
      | 'harbour'
      | 'passkeys'
      | 'whole',
  >(
    slot: K,
    ask: () => Promise<Outcome<Life[K] extends Loaded<infer T> ? T : never>>,
    stillWanted: () => boolean = () => true,
  ): Promise<void> {
    this.#live((life) => (life[slot].kind === 'ready' ? life : { ...life, [slot]: { kind: 'loading' } }));
    const answer = await ask();
    if (!stillWanted()) return;
    this.#live((life) => ({
      ...life,
      [slot]: change.reloaded<unknown>(life[slot], answer as Outcome<unknown>),
    }));
  }
}
