// The player API, one function a resource. A command is sent again with the same key while the network fails.
import createClient from 'openapi-fetch';
import type { Command } from './command';
import { type Outcome, outcome } from './outcome';
import { paced } from './pace';
import type { paths } from './schema';
import type { Done, Imported, Keep, Label, Moment } from './types';

/** Waits between attempts of one command: a restart of the server takes a few seconds. */
const RETRY_WAITS_MS = [400, 1_200, 3_000];

/** Nobody waits longer before an order that hangs: what became of it is then unsure, and the same key asks again. */
const ANSWER_WITHIN_MS = 15_000;

/** `tag` is what the caller saw: the call is refused if something happened since. */
const keyed = (key: string, tag: string | null = null) => ({
  header: { 'Idempotency-Key': key, ...(tag ? { 'If-Match': tag } : {}) },
});
const knowing = (key: string, tag: string) => ({ header: { 'Idempotency-Key': key, 'If-Match': tag } });

/** The first attempt is still being worked on: its answer is there in a moment. */
const isInHand = (result: Outcome<unknown>): boolean =>
  result.kind === 'refused' && result.problem.code === 'idempotency_key_in_flight';

export type Wait = (ms: number) => Promise<void>;
const sleep: Wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export type LabelPage = { labels: Label[]; earlier?: string | null };
export type MomentPage = { moments: Moment[]; next?: number | null };

export function createApi(
  fetch: typeof globalThis.fetch = globalThis.fetch,
  wait: Wait = sleep,
  limit: () => AbortSignal = () => AbortSignal.timeout(ANSWER_WITHIN_MS),
) {
  const http = createClient<paths>({
    baseUrl: `${globalThis.location?.origin ?? ''}/api/v1`,
    fetch: paced(fetch, wait),
  });

  const sendOnce = ({ key, tag, order }: Command, signal: AbortSignal): Promise<Outcome<Done>> => {
    const call = { params: keyed(key, tag), signal };
    switch (order.kind) {
      case 'trade': {
        const { side, good, units } = order;
        return outcome(http.POST('/trades', { ...call, body: { side, good, units } }));
      }
      case 'store': {
        const { way, good, units } = order;
        return outcome(http.POST('/storage', { ...call, body: { way, good, units } }));
      }
      case 'depart':
        return outcome(http.POST('/voyages', { ...call, body: { to: order.to } }));
      case 'begin_otium':
        return outcome(http.POST('/otium', { ...call, body: { guests: order.guests } }));
      case 'end_otium':
        return outcome(http.DELETE('/otium', call));
      case 'write':
        return outcome(http.POST('/journal', { ...call, body: { text: order.text } }));
      case 'repair':
        return outcome(http.POST('/repairs', { ...call, body: { wear_permille: order.wear_permille } }));
      case 'buy_ship':
        return outcome(http.POST('/ships', { ...call, body: { type: order.type, name: order.name } }));
      case 'sell_ship':
        return outcome(http.DELETE('/ships', call));
      case 'charter':
        return outcome(http.POST('/charters', { ...call, body: { type: order.type } }));
      case 'borrow': {
        const { to, principal_asses } = order;
        return outcome(http.POST('/loans', { ...call, body: { to, principal_asses } }));
      }
      case 'repay':
        return outcome(http.POST('/repayments', call));
      case 'ask_friends':
        return outcome(http.POST('/relief', call));
      case 'move_on':
        return outcome(http.POST('/removals', call));
      case 'buy_villa':
        return outcome(http.POST('/villas', call));
      case 'sell_villa': {
        const path = { place: order.place };
        return outcome(http.DELETE('/villas/{place}', { ...call, params: { ...call.params, path } }));
      }
      case 'shelve':
        return outcome(http.POST('/library', { ...call, body: { way: order.way, units: order.units } }));
    }
  };

  const patiently = async <T>(once: () => Promise<Outcome<T>>, signal?: AbortSignal): Promise<Outcome<T>> => {
    for (const ms of RETRY_WAITS_MS) {
      const result = await once();
      if (signal?.aborted || (result.kind !== 'unreachable' && !isInHand(result))) return result;
      await wait(ms);
    }
    return once();
  };

  return {
    enrol: (language: 'en' | 'la' | 'it', key: string) =>
      patiently(() => outcome(http.POST('/players', { params: keyed(key), body: { language } }))),
    enter: (recovery_phrase: string, key: string) =>
      patiently(() => outcome(http.POST('/sessions', { params: keyed(key), body: { recovery_phrase } }))),
    bringIn: (file: Blob, key: string): Promise<Outcome<Imported>> =>
      patiently(() =>
        outcome(
          http.POST('/imports', {
            params: keyed(key),
            // The contract says bytes; a file is sent as it is.
            body: file as unknown as number[],
            bodySerializer: (body) => body as unknown as Blob,
            headers: { 'Content-Type': 'application/octet-stream' },
          }),
        ),
      ),
    passkeys: () => outcome(http.GET('/passkeys')),
    askForNewPasskey: (key: string) =>
      patiently(() => outcome(http.POST('/passkeys/challenges', { params: keyed(key) }))),
    addPasskey: (
      body: { ceremony: string; name: string; credential: Record<string, unknown> },
      key: string,
    ) => patiently(() => outcome(http.POST('/passkeys', { params: keyed(key), body }))),
    removePasskey: (id: string, key: string) =>
      patiently(() => outcome(http.DELETE('/passkeys/{id}', { params: { ...keyed(key), path: { id } } }))),
    askForAnyPasskey: (key: string) =>
      patiently(() => outcome(http.POST('/sessions/challenges', { params: keyed(key) }))),
    enterWithPasskey: (body: { ceremony: string; credential: Record<string, unknown> }, key: string) =>
      patiently(() => outcome(http.POST('/sessions/passkey', { params: keyed(key), body }))),
    session: () => outcome(http.GET('/session')),
    renew: (key: string) => patiently(() => outcome(http.PUT('/session', { params: keyed(key) }))),
    leave: (key: string) => patiently(() => outcome(http.DELETE('/session', { params: keyed(key) }))),
    farewell: (keep: Keep, key: string, tag: string) =>
      patiently(() => outcome(http.POST('/farewell', { params: knowing(key, tag), body: { keep } }))),
    file: (form: 'sqlite3' | 'jsonl'): Promise<Outcome<Blob>> => {
      const answer = { parseAs: 'blob' } as const;
      return form === 'sqlite3'
        ? outcome<Blob>(http.GET('/life.sqlite3', answer))
        : outcome<Blob>(http.GET('/life.jsonl', answer));
    },
    world: () => outcome(http.GET('/world')),
    chapters: () => outcome(http.GET('/chapters')),
    places: () => outcome(http.GET('/places')),
    me: () => outcome(http.GET('/me')),
    ledger: () => outcome(http.GET('/ledger')),
    market: (id: string) => outcome(http.GET('/places/{id}/market', { params: { path: { id } } })),
    plan: (to: string) => outcome(http.GET('/voyages/plan', { params: { query: { to } } })),
    harbour: () => outcome(http.GET('/harbour')),
    /** What lasts or ended last comes first; `before` is what the page before called `earlier`. */
    timeline: (query: { label?: string; before?: string; limit?: number }): Promise<Outcome<LabelPage>> =>
      outcome(http.GET('/timeline', { params: { query } })),
    moments: (query: { name?: string; after?: number; limit?: number }): Promise<Outcome<MomentPage>> =>
      outcome(http.GET('/moments', { params: { query } })),

    send: (command: Command): Promise<Outcome<Done>> => {
      const signal = limit();
      return patiently(() => sendOnce(command, signal), signal);
    },
  };
}

export type Api = ReturnType<typeof createApi>;
