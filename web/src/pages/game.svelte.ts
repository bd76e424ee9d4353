// The one place that fetches: it asks the server, hands the answers to `change.ts`, and keeps the result.
import type { Api } from '../lib/api/client';
import { type Command, command, type Order } from '../lib/api/command';
import type { Outcome } from '../lib/api/outcome';
import type { Me } from '../lib/api/types';
import * as change from '../lib/game/change';
import { hear } from '../lib/game/clock';
import { type Geography, initial, type Life, type Loaded, type Panel, type State } from '../lib/game/state';
import { tidings } from '../lib/game/tidings';

/** How often the life is asked for while somebody looks. */
const POLL_MS = 3_000;
/** The age of the world and the attributions change rarely. */
const WORLD_POLL_MS = 60_000;
/** A server that is starting has no world yet: the page waits for it rather than asking the player to. */
const WORLD_RETRY_MS = 4_000;
/** An arrival is asked for a moment after it falls due, so that the server has settled it. */
const ARRIVAL_GRACE_MS = 150;
/** No timer shorter than this, whatever the server says: a loop of requests helps nobody. */
const POLL_MIN_MS = 400;

/** The last moment that was read in this browser, so that who comes back hears what befell meanwhile. */
const LAST_READ = 'otivm-last-read';

function lastRead(): number | null {
  try {
    return Number(localStorage.getItem(LAST_READ)) || null;
  } catch {
    return null; // storage is forbidden in this browser: what befell stands in the timeline
  }
}

function remember(revision: number): void {
  try {
    localStorage.setItem(LAST_READ, String(revision));
  } catch {
    // as above
  }
}

export class Game {
  state = $state.raw<State>(initial);
  readonly #api: Api;
  #poll: ReturnType<typeof setTimeout> | undefined;
  #worldAskedAtMs = 0;
  /** Of the life that is being begun: sent again it leads to the same seat. */
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
    if (me.kind === 'done') this.#enter(me.value);
    else if (me.kind === 'refused' && change.isSessionLost(me.problem)) {
      this.state = change.leftTheDoor(this.state);
    } else this.state = change.doorAnswered(this.state, me);
  }

  async enrol(language: 'en' | 'la' | 'it'): Promise<void> {
    this.state = change.knocked(this.state);
    const answer = await this.#api.enrol(language, this.#enrolKey);
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

  /** Enters the life that the session cookie opens. */
  async begin(): Promise<void> {
    const me = await this.#api.me();
    if (me.kind === 'done') this.#enter(me.value);
    else this.state = change.doorAnswered(this.state, me);
  }

  async leave(): Promise<void> {
    await this.#api.leave(crypto.randomUUID());
    clearTimeout(this.#poll);
    this.state = change.leftTheDoor(this.state);
  }

  open(panel: Panel | null): void {
    this.#live((life) => change.panelOpened(life, panel));
    void this.#askPanel();
  }

  select(place: string | null): void {
    this.#live((life) => change.placeSelected(life, place));
    void this.#askPanel();
  }

  order(order: Order): Promise<void> {
    return this.send(command(order));
  }

  /** Sends a command, or sends again one whose answer never came: the key in it is the same. */
  async send(sent: Command): Promise<void> {
    const before = this.life?.me.revision;
    this.#live((life) => change.sendingBegan(life, sent));
    const answer = await this.#api.send(sent);
    this.#live((life) => change.answered(life, sent, answer));
    if (answer.kind === 'done') {
      this.#schedule();
      if (before !== undefined) await this.#askTidings(before);
    }
    await this.#askPanel();
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

  #live(next: (life: Life) => Life): void {
    this.state = change.live(this.state, next);
  }

  #enter(me: Me): void {
    this.state = change.entered(this.state, me);
    this.#schedule();
    void this.#askTidings(lastRead() ?? me.revision);
    void this.#renewSession();
  }

  /** Who plays every week never meets the end of a session. */
  async #renewSession(): Promise<void> {
    const session = await this.#api.session();
    const nowMs = Date.parse(this.geography?.world.clock.now ?? '');
    if (session.kind === 'done' && nowMs > Date.parse(session.value.renew_after))
      await this.#api.renew(crypto.randomUUID());
  }

  async #askGeography(): Promise<void> {
    if (this.state.geography.kind === 'empty')
      this.state = change.geographyLoaded(this.state, { kind: 'loading' });
    const [world, places] = await Promise.all([this.#api.world(), this.#api.places()]);
    this.#worldAskedAtMs = performance.now();
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

  async #ask(): Promise<void> {
    const before = this.life?.me.revision;
    const me = await this.#api.me();
    if (me.kind === 'refused' && change.isSessionLost(me.problem)) {
      this.state = change.doorAnswered(this.state, me);
      return;
    }
    this.state = change.offline(this.state, me.kind !== 'done');
    if (me.kind === 'done') {
      this.#live((life) => change.refreshed(life, me.value));
      if (me.value.revision !== before) {
        await this.#askPanel();
        if (before !== undefined) await this.#askTidings(before);
      }
    }
    if (performance.now() - this.#worldAskedAtMs > WORLD_POLL_MS) await this.#askGeography();
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#poll);
    this.#poll = setTimeout(() => {
      if (document.visibilityState === 'visible') void this.#ask();
      else this.#schedule();
    }, this.#nextPollMs());
  }

  #nextPollMs(): number {
    const voyage = this.life?.me.voyage;
    const clock = this.geography?.clock;
    if (!voyage || !clock) return POLL_MS;
    const nowMs = clock.serverMs + (performance.now() - clock.heardAtMs);
    const dueMs = Date.parse(voyage.arrives_at) - nowMs + ARRIVAL_GRACE_MS;
    return Math.min(POLL_MS, Math.max(POLL_MIN_MS, dueMs));
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
        return this.#load('timeline', async () => this.#labels());
      case 'journal':
        return this.#load('timeline', async () => this.#labels());
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
    const answer = await this.#api.momentsAfter(after);
    if (answer.kind !== 'done') return;
    const told = tidings(answer.value.moments);
    this.#live((life) => change.heard(life, told));
    const life = this.life;
    if (life && life.tidings.length === 0) remember(life.me.revision);
  }

  /** Their texts are the same for everybody and for ever. */
  async #askChapters({ chapters }: Life): Promise<void> {
    if (chapters.kind !== 'ready') await this.#load('chapters', () => this.#api.chapters());
  }

  async #askMarket({ me }: Life): Promise<void> {
    const place = me.place;
    if (place) await this.#load('market', () => this.#api.market(place));
  }

  async #askHarbour({ me }: Life): Promise<void> {
    if (me.place) await this.#load('harbour', () => this.#api.harbour());
  }

  async #askPlan({ me, selected }: Life): Promise<void> {
    if (!me.place || !selected || selected === me.place) return;
    await this.#load(
      'plan',
      () => this.#api.plan(selected),
      () => this.life?.selected === selected,
    );
  }

  async #labels() {
    const answer = await this.#api.timeline();
    return answer.kind === 'done' ? { ...answer, value: answer.value.labels } : answer;
  }

  async #load<K extends 'market' | 'plan' | 'timeline' | 'chapters' | 'harbour'>(
    slot: K,
    ask: () => Promise<Outcome<Life[K] extends Loaded<infer T> ? T : never>>,
    stillWanted: () => boolean = () => true,
  ): Promise<void> {
    this.#live((life) => (life[slot].kind === 'ready' ? life : { ...life, [slot]: { kind: 'loading' } }));
    const answer = await ask();
    if (stillWanted())
      this.#live((life) => ({ ...life, [slot]: change.loadedFrom(answer as Outcome<unknown>) }));
  }
}
