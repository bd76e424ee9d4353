import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Api } from '../lib/api/client';
import type { Outcome } from '../lib/api/outcome';
import type { Market, Me } from '../lib/api/types';
import { me, quote } from '../lib/game/samples';
import { Game } from './game.svelte';

/** A stream that is heard when the test says so. */
class Stream extends EventTarget {
  static last: Stream;
  static readonly CLOSED = 2;
  readonly readyState = 0;
  constructor() {
    super();
    Stream.last = this;
  }
  close() {}
}

const market: Market = { place: 'ostia', at: '2026-01-01T00:00:00Z', quotes: [quote] };
const seen = (value: Me): Outcome<Me> => ({ kind: 'done', value, tag: '"1-a"' });

/** A server that answers what is set, and counts how often it was asked who plays. */
function scene() {
  const said = { me: seen(me), market: { kind: 'done', value: market } as Outcome<Market> };
  const api = {
    me: vi.fn(async () => said.me),
    market: async () => said.market,
    moments: async () => ({ kind: 'unreachable' }),
    session: async () => ({ kind: 'unreachable' }),
  };
  return { said, api, game: new Game(api as unknown as Api) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Stream);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a market that was shown stays while the server is not reached', async () => {
  const { said, game } = scene();
  await game.begin();
  game.open('market');
  await vi.advanceTimersByTimeAsync(0);
  expect(game.life?.market).toEqual({ kind: 'ready', value: market });
  said.market = { kind: 'unreachable' };
  game.open('market');
  await vi.advanceTimersByTimeAsync(0);
  expect(game.life?.market).toEqual({ kind: 'ready', value: market });
});

test('after a cut the life is asked for, at the first hearing it is not', async () => {
  const { said, api, game } = scene();
  await game.begin();
  Stream.last.dispatchEvent(new Event('open'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(api.me).toHaveBeenCalledTimes(1);
  Stream.last.dispatchEvent(new Event('error'));
  said.me = seen({ ...me, purse_asses: 7 });
  Stream.last.dispatchEvent(new Event('open'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(game.life?.me.purse_asses).toBe(7);
});
