import { expect, test } from 'vitest';
import { createApi } from './client';
import { command } from './command';

type Sent = { url: string; method: string; key: string | null };

/** A network that plays the given answers in order; `null` is a broken connection. */
function network(answers: (Response | null)[]) {
  const sent: Sent[] = [];
  const fetch = async (input: RequestInfo | URL) => {
    const request = input as Request;
    sent.push({
      url: new URL(request.url).pathname,
      method: request.method,
      key: request.headers.get('Idempotency-Key'),
    });
    const answer = answers.shift();
    if (!answer) throw new TypeError('connection lost');
    return answer;
  };
  return { sent, fetch: fetch as typeof globalThis.fetch };
}

const problem = {
  type: 'urn:theron:problem:purse_short',
  title: 'purse short',
  status: 409,
  code: 'purse_short',
  detail: 'You hold 3 denarii.',
};
const refusal = () =>
  new Response(JSON.stringify(problem), {
    status: 409,
    headers: { 'Content-Type': 'application/problem+json' },
  });
const noWait = () => Promise.resolve();

globalThis.location ??= { origin: 'http://game.test' } as Location;

test('a command lost on the way is sent again under the same key', async () => {
  const { sent, fetch } = network([null, null, refusal()]);
  const result = await createApi(fetch, noWait).send(
    command({ kind: 'begin_otium', guests: 0 }, null, 'key-1'),
  );
  expect(result).toEqual({ kind: 'refused', problem });
  expect(sent).toEqual(Array(3).fill({ url: '/api/v1/otium', method: 'POST', key: 'key-1' }));
});

test('a command is given up as unreachable after four attempts', async () => {
  const { sent, fetch } = network([null, null, null, null]);
  const result = await createApi(fetch, noWait).send(command({ kind: 'end_otium' }, null, 'key-2'));
  expect(result).toEqual({ kind: 'unreachable' });
  expect(sent).toHaveLength(4);
});

test('an order that hangs is given up when its time is over, all attempts together', async () => {
  const over = new AbortController();
  let attempts = 0;
  const fetch = ((request: Request) => {
    attempts += 1;
    setTimeout(() => over.abort());
    return new Promise((_, fail) => request.signal.addEventListener('abort', () => fail(new Error('over'))));
  }) as typeof globalThis.fetch;
  const api = createApi(fetch, noWait, () => over.signal);
  expect(await api.send(command({ kind: 'begin_otium', guests: 0 }))).toEqual({ kind: 'unreachable' });
  expect(attempts).toBe(1);
});

test('a refusal is an answer and is not sent again', async () => {
  const { sent, fetch } = network([refusal()]);
  await createApi(fetch, noWait).send(command({ kind: 'depart', to: 'ostia' }, null, 'key-3'));
  expect(sent).toEqual([{ url: '/api/v1/voyages', method: 'POST', key: 'key-3' }]);
});

test('a refusal without a problem document still says what to do', async () => {
  const { fetch } = network([new Response('<h1>Bad gateway</h1>', { status: 502 })]);
  const result = await createApi(fetch, noWait).me();
  expect(result).toMatchObject({ kind: 'refused', problem: { status: 502, code: 'no_reason_given' } });
});

test('a life is begun under one key, however often it is asked for', async () => {
  const inHand = { ...problem, code: 'idempotency_key_in_flight' };
  const busy = new Response(JSON.stringify(inHand), { status: 409 });
  const { sent, fetch } = network([null, busy, refusal()]);
  const result = await createApi(fetch, noWait).enrol('la', 'key-of-a-new-life');
  expect(result).toEqual({ kind: 'refused', problem });
  expect(sent).toEqual(Array(3).fill({ url: '/api/v1/players', method: 'POST', key: 'key-of-a-new-life' }));
});

test('every click has a key of its own', () => {
  expect(command({ kind: 'begin_otium', guests: 0 }).key).not.toBe(
    command({ kind: 'begin_otium', guests: 0 }).key,
  );
});

test('an order carries the tag of what was seen, on every attempt', async () => {
  const tags: (string | null)[] = [];
  const answers = [null, refusal()];
  const fetch = (async (request: Request) => {
    tags.push(request.headers.get('If-Match'));
    const answer = answers.shift();
    if (!answer) throw new TypeError('connection lost');
    return answer;
  }) as typeof globalThis.fetch;
  await createApi(fetch, noWait).send(command({ kind: 'begin_otium', guests: 0 }, '"7-ab"', 'key-4'));
  expect(tags).toEqual(['"7-ab"', '"7-ab"']);
});

test('what was seen is known by its tag', async () => {
  const answer = new Response('{"revision":7}', {
    headers: { ETag: '"7-ab"', 'Content-Type': 'application/json' },
  });
  const { fetch } = network([answer]);
  expect(await createApi(fetch, noWait).me()).toEqual({
    kind: 'done',
    value: { revision: 7 },
    tag: '"7-ab"',
  });
});

test('a life is brought in as the bytes of its file', async () => {
  let body = '';
  const fetch = (async (request: Request) => {
    body = await request.text();
    return refusal();
  }) as typeof globalThis.fetch;
  await createApi(fetch, noWait).bringIn(new Blob(['{"otivm":1}']), 'key-of-a-life-that-comes');
  expect(body).toBe('{"otivm":1}');
});
