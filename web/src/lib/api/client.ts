// The player API, one function a resource. A command is sent again with the same key while the network fails.
import createClient from 'openapi-fetch';
import type { Command } from './command';
import { type Outcome, outcome } from './outcome';
import type { paths } from './schema';
import type { Done } from './types';

/** Waits between attempts of one command: a restart of the server takes a few seconds. */
const RETRY_WAITS_MS = [400, 1_200, 3_000];

export type Wait = (ms: number) => Promise<void>;
const sleep: Wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function createApi(fetch: typeof globalThis.fetch = globalThis.fetch, wait: Wait = sleep) {
  const http = createClient<paths>({ baseUrl: `${globalThis.location?.origin ?? ''}/api/v1`, fetch });

  const sendOnce = ({ key, order }: Command): Promise<Outcome<Done>> => {
    const params = { header: { 'Idempotency-Key': key } };
    switch (order.kind) {
      case 'trade': {
        const { side, good, units } = order;
        return outcome(http.POST('/trades', { params, body: { side, good, units } }));
      }
      case 'depart':
        return outcome(http.POST('/voyages', { params, body: { to: order.to } }));
      case 'begin_otium':
        return outcome(http.POST('/otium', { params }));
      case 'end_otium':
        return outcome(http.DELETE('/otium', { params }));
      case 'write':
        return outcome(http.POST('/journal', { params, body: { text: order.text } }));
    }
  };

  return {
    enrol: (language: 'en' | 'la' | 'it') => outcome(http.POST('/players', { body: { language } })),
    enter: (recovery_phrase: string) => outcome(http.POST('/sessions', { body: { recovery_phrase } })),
    leave: () => outcome(http.DELETE('/session')),
    world: () => outcome(http.GET('/world')),
    places: () => outcome(http.GET('/places')),
    me: () => outcome(http.GET('/me')),
    market: (id: string) => outcome(http.GET('/places/{id}/market', { params: { path: { id } } })),
    plan: (to: string) => outcome(http.GET('/voyages/plan', { params: { query: { to } } })),
    timeline: () => outcome(http.GET('/timeline')),

    async send(command: Command): Promise<Outcome<Done>> {
      for (const ms of RETRY_WAITS_MS) {
        const result = await sendOnce(command);
        if (result.kind !== 'unreachable') return result;
        await wait(ms);
      }
      return sendOnce(command);
    },
  };
}

export type Api = ReturnType<typeof createApi>;
