import { expect, test } from 'vitest';
import { budgets, paced } from './pace';

const request = (path: string, method = 'GET') => new Request(`http://game.test/api/v1${path}`, { method });
const answer = (status: number, headers: Record<string, string>) => new Response(null, { status, headers });

/** A server with these answers, and a clock that only waiting moves. */
function scene(answers: Response[]) {
  let nowMs = 0;
  const waits: number[] = [];
  const sent: string[] = [];
  const fetch = (async (input: Request) => {
    sent.push(`${input.method} ${new URL(input.url).pathname}`);
    return answers.shift() ?? answer(204, {});
  }) as typeof globalThis.fetch;
  const wait = async (ms: number) => {
    waits.push(ms);
    nowMs += ms;
  };
  return { waits, sent, call: paced(fetch, wait, () => nowMs) };
}

test('what the server says of its budgets is read item by item', () => {
  expect(budgets('"reads";r=0;t=2, "address";r=5;t=60')).toEqual([
    { name: 'reads', calls: 0, seconds: 2 },
    { name: 'address', calls: 5, seconds: 60 },
  ]);
  expect(budgets(null)).toEqual([]);
  expect(budgets('odd')).toEqual([]);
});

test('a call whose budget is used up waits before it is sent, another does not', async () => {
  const { waits, call } = scene([
    answer(204, { RateLimit: '"reads";r=0;t=2' }),
    answer(204, { RateLimit: '"commands";r=9;t=1' }),
  ]);
  await call(request('/me'));
  await call(request('/trades', 'POST'));
  expect(waits).toEqual([]);
  await call(request('/me'));
  expect(waits).toEqual([2_000]);
});

test('nobody is made to wait for a minute before a still page', async () => {
  const { waits, sent, call } = scene([answer(204, { RateLimit: '"exports";r=0;t=55' })]);
  await call(request('/life.jsonl'));
  await call(request('/life.jsonl'));
  expect([waits, sent.length]).toEqual([[], 2]);
});

test('a call refused for its pace goes once more after the time that the server says', async () => {
  const tooMany = () => answer(429, { 'Retry-After': '1' });
  const { waits, sent, call } = scene([tooMany(), tooMany()]);
  const response = await call(request('/me'));
  expect([response.status, waits, sent.length]).toEqual([429, [1_000], 2]);
});

test('a refusal that lasts is told at once', async () => {
  const { waits, call } = scene([answer(429, { 'Retry-After': '60' }), answer(429, {})]);
  expect((await call(request('/me'))).status).toBe(429);
  expect((await call(request('/me'))).status).toBe(429);
  expect(waits).toEqual([]);
});
