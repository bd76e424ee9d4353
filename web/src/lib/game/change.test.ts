import { expect, test } from 'vitest';
import { command } from '../api/command';
import type { Done, Problem } from '../api/types';
import * as change from './change';
import { me } from './samples';
import { initial, type Life, newLife } from './state';
import type { Tiding } from './tidings';

const buy = command({ kind: 'trade', side: 'buy', good: 'wheat', units: 3 }, null, 'key-1');
const problem: Problem = { type: 't', title: 't', status: 409, code: 'too_poor', detail: 'no' };
const done = (over: Partial<Done['me']>): Done => ({ moments: [], me: { ...me, ...over } });
const sending = () => change.sendingBegan(newLife(me), buy);
const sailing = {
  from: 'ostia',
  to: 'puteoli',
  departed_at: '2026-01-01T00:00:00Z',
  anchors_at: '2026-01-01T00:10:00Z',
  arrives_at: '2026-01-01T00:10:00Z',
  days: 2,
  path: [],
  progress: 0,
};

test('an acknowledged order brings the new life and says what was done', () => {
  const life = change.answered(sending(), buy, { kind: 'done', value: done({ purse_asses: 1_540 }) });
  expect(life).toEqual({
    ...newLife({ ...me, purse_asses: 1_540 }),
    news: [{ serial: 1, item: { kind: 'traded', side: 'buy', good: 'wheat', units: 3 } }],
  });
});

test('a refused order changes nothing but says why', () => {
  expect(change.answered(sending(), buy, { kind: 'refused', problem })).toEqual({
    ...newLife(me),
    sending: { kind: 'refused', command: buy, problem },
  });
});

test('an order without an answer stays unsure and keeps its key', () => {
  expect(change.answered(sending(), buy, { kind: 'unreachable' }).sending).toEqual({
    kind: 'unsure',
    command: buy,
  });
});

test('one order goes at a time, and what is unsure is asked again as the same command', () => {
  expect(change.commanded(sending(), { kind: 'begin_otium', guests: 0 })).toBeNull();
  const unsure = change.answered(sending(), buy, { kind: 'unreachable' });
  expect(change.commanded(unsure, { ...buy.order })).toBe(buy);
  expect(change.commanded(unsure, { kind: 'begin_otium', guests: 0 })?.key).not.toBe(buy.key);
  expect(change.commanded(newLife(me), buy.order)?.key).not.toBe(buy.key);
});

test('an answer to another order is dropped', () => {
  const other = command({ kind: 'begin_otium', guests: 0 }, null, 'key-2');
  expect(change.answered(sending(), other, { kind: 'refused', problem })).toEqual(sending());
});

test('arrival is news once', () => {
  const atSea = newLife({ ...me, place: null, voyage: sailing });
  const arrived = change.refreshed(atSea, { ...me, place: 'puteoli' });
  expect(arrived.news).toEqual([{ serial: 1, item: { kind: 'arrived', place: 'puteoli' } }]);
  expect(change.refreshed(arrived, { ...me, place: 'puteoli' }).news).toEqual(arrived.news);
});

test('the end of otium tells what it brought and what it cost', () => {
  const day = 86_400_000_000;
  const end = command({ kind: 'end_otium' }, null, 'key-3');
  const life = change.answered(change.sendingBegan(newLife(me), end), end, {
    kind: 'done',
    value: {
      me: { ...me, gravitas: 4, purse_asses: 10 },
      moments: [
        {
          at: 2,
          kind: 'action',
          name: 'end_otium',
          value: { cost_asses: 96, days_us: 5 * day, paid_us: 2 * day },
        },
      ],
    },
  });
  expect(life.news.at(-1)?.item).toEqual({ kind: 'otium_ended', gravitas: 4, asses: 96, unpaidDays: 3 });
});

test('another place makes the old plan void, the same place does not', () => {
  const planned = { ...newLife(me), selected: 'puteoli', plan: { kind: 'loading' as const } };
  expect(change.placeSelected(planned, 'puteoli')).toBe(planned);
  expect(change.placeSelected(planned, 'ostia').plan).toEqual({ kind: 'empty' });
});

test('what is known outlives a call that failed in passing, and no other', () => {
  const known = { kind: 'ready', value: 7 } as const;
  const busy = { kind: 'refused', problem: { ...problem, status: 503 } } as const;
  const refused = { kind: 'refused', problem } as const;
  expect(change.reloaded(known, { kind: 'unreachable' })).toBe(known);
  expect(change.reloaded(known, busy)).toBe(known);
  expect(change.reloaded(known, refused)).toBe(refused);
  expect(change.reloaded({ kind: 'loading' }, busy)).toBe(busy);
  expect(change.reloaded(known, { kind: 'done', value: 8 })).toEqual({ kind: 'ready', value: 8 });
});

test('the market of one place is not shown in another', () => {
  const market: Life['market'] = { kind: 'ready', value: { place: 'ostia', at: '', quotes: [] } };
  const life = { ...newLife(me), market };
  expect(change.refreshed(life, { ...me, revision: 2 }).market).toBe(market);
  expect(change.refreshed(life, { ...me, place: 'puteoli' }).market).toEqual({ kind: 'empty' });
});

test('a way out of a lost place is told by where it led the merchant, and whether it led him anywhere', () => {
  const out = command({ kind: 'move_on' }, null, 'key-5');
  const news = (over: Partial<Life['me']>) =>
    change.answered(change.sendingBegan(newLife(me), out), out, { kind: 'done', value: done(over) }).news;
  expect(news({ place: 'puteoli' })[0]?.item).toEqual({ kind: 'moved_on', place: 'puteoli' });
  expect(news({})[0]?.item).toEqual({ kind: 'moved_on', place: null });
});

test('messages for a life that is not being played are dropped', () => {
  expect(change.live(initial, () => newLife(me))).toBe(initial);
  expect(change.offline(initial, true)).toBe(initial);
});

test('the recovery phrase is read word by word', () => {
  expect(change.phraseGiven(initial, ' amphora  ventus\nancora ').session).toEqual({
    kind: 'phrase',
    words: ['amphora', 'ventus', 'ancora'],
  });
});

test('an order goes with the life as it was seen, and an answer brings the next tag', () => {
  const seen = change.refreshed(newLife(me), me, '"1-a"');
  expect(command({ kind: 'begin_otium', guests: 0 }, seen.tag).tag).toBe('"1-a"');
  const answer = { kind: 'done', value: done({ revision: 2 }), tag: '"2-b"' } as const;
  expect(change.answered(change.sendingBegan(seen, buy), buy, answer).tag).toBe('"2-b"');
});

const write = command({ kind: 'write', text: 'Calm sea.' }, null, 'key-4');
const drafted = (text: string) => change.drafted(newLife(me), text);

test('a draft outlives another panel, silence and a refusal, and goes when it is written down', () => {
  const elsewhere = change.panelOpened(change.panelOpened(drafted('Calm sea.\n'), 'market'), null);
  const under = change.sendingBegan(elsewhere, write);
  expect(change.answered(under, write, { kind: 'unreachable' }).draft).toBe('Calm sea.\n');
  expect(change.answered(under, write, { kind: 'refused', problem }).draft).toBe('Calm sea.\n');
  expect(change.answered(under, write, { kind: 'done', value: done({}) }).draft).toBe('');
});

test('silence and then an answer to the same order clear the draft once', () => {
  const unsure = change.answered(change.sendingBegan(drafted('Calm sea.'), write), write, {
    kind: 'unreachable',
  });
  const again = change.sendingBegan(unsure, write);
  expect(change.answered(again, write, { kind: 'done', value: done({}) }).draft).toBe('');
});

test('what was written on meanwhile stays, and no other order touches a draft', () => {
  const answer = { kind: 'done', value: done({}) } as const;
  const longer = change.drafted(change.sendingBegan(drafted('Calm sea.'), write), 'Calm sea. A gull');
  expect(change.answered(longer, write, answer).draft).toBe('Calm sea. A gull');
  expect(change.answered(change.sendingBegan(drafted('Calm'), buy), buy, answer).draft).toBe('Calm');
});

const taken = (at: number): Tiding[] => [{ kind: 'collected', at, lender: 'ostia', paid: at, left: 0 }];

test('what befell is told once, however often it is heard, and until it has been read', () => {
  const once = change.heard(newLife(me), taken(2));
  expect(once.tidings).toEqual(taken(2));
  expect(change.heard(once, taken(2))).toBe(once);
  expect(change.heard(once, [...taken(2), ...taken(3)]).tidings).toEqual([...taken(2), ...taken(3)]);
  expect(change.tidingsRead(once).tidings).toEqual([]);
});

test('no more is kept than can be read', () => {
  let life = newLife(me);
  for (let n = 1; n <= 60; n += 1) {
    const answer = { kind: 'done', value: done({ revision: n }) } as const;
    life = change.heard(change.answered(change.sendingBegan(life, buy), buy, answer), taken(n));
  }
  expect(life.news.map(({ serial }) => serial)).toEqual([57, 58, 59, 60]);
  expect(life.tidings.map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, n) => n + 11));
});
