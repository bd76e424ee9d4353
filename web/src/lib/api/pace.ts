// The server says in `RateLimit` what is left of each budget. Who reads it never has to be refused: a call whose
// budget is used up waits until there is room, where that is soon; a call that was refused for its pace goes again.
import type { Wait } from './client';

/** Longer than this nobody waits before a still page: the server then refuses, and says how long. */
const WAIT_MAX_MS = 5_000;
const MS_PER_S = 1_000;
const TOO_MANY = 429;

type Left = { name: string; calls: number; seconds: number };

/** `"reads";r=0;t=2, "address";r=5;t=60` */
export function budgets(header: string | null): Left[] {
  const items = (header ?? '').matchAll(/"([^"]+)";r=(\d+);t=(\d+)/g);
  return [...items].map(([, name = '', calls, seconds]) => ({
    name,
    calls: Number(calls),
    seconds: Number(seconds),
  }));
}

export function paced(
  fetch: typeof globalThis.fetch,
  wait: Wait,
  now: () => number = () => performance.now(),
): (request: Request) => Promise<Response> {
  /** When a budget that is used up has room again. */
  const until = new Map<string, number>();
  /** The budgets that calls of a sort used last time. */
  const used = new Map<string, string[]>();
  const sortOf = ({ method, url }: Request) => `${method} ${new URL(url).pathname}`;

  const hold = async (request: Request) => {
    const names = used.get(sortOf(request)) ?? [];
    const ms = Math.max(0, ...names.map((name) => (until.get(name) ?? 0) - now()));
    if (ms > 0 && ms <= WAIT_MAX_MS) await wait(ms);
  };
  const note = (request: Request, response: Response) => {
    const found = budgets(response.headers.get('RateLimit'));
    used.set(
      sortOf(request),
      found.map(({ name }) => name),
    );
    for (const { name, calls, seconds } of found) {
      if (calls > 0) until.delete(name);
      else until.set(name, now() + seconds * MS_PER_S);
    }
    return response;
  };

  return async (request) => {
    const again = request.clone();
    await hold(request);
    const response = note(request, await fetch(request));
    const ms = Number(response.headers.get('Retry-After') ?? Number.NaN) * MS_PER_S;
    if (response.status !== TOO_MANY || !(ms <= WAIT_MAX_MS)) return response;
    await wait(ms);
    return note(again, await fetch(again));
  };
}
