import { createRawSnippet } from 'svelte';
import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import type { Plan } from '../api/types';
import { ostia } from '../game/samples';
import PlanView from './PlanView.svelte';

const quiet: Plan = {
  from: 'puteoli',
  to: 'ostia',
  month: 7,
  days: 2,
  waiting_days: 0,
  km: 220,
  path: [],
  dues_asses: 90,
  wages_asses: 36,
  upkeep_asses: 48,
  hire_asses: 0,
  total_asses: 174,
  risk_permille: 3,
  loan: null,
  legs: [],
  reasons: [],
  months: [],
};
const nothing = createRawSnippet(() => ({ render: () => '<span></span>' }));
/** At one world day in five minutes. */
const shown = (plan: Plan) =>
  render(PlanView, { props: { plan, to: ostia, rate: 288, children: nothing } }).body;

test('a wait for a berth is said, counted into the time of one’s own, and given its reason', () => {
  const crowded = {
    ...quiet,
    waiting_days: 1.5,
    reasons: [{ code: 'saturation', figures: { permille: 1500, days: 1.5 } }],
  };
  const body = shown(crowded);
  expect(body).toContain('And 1.5 days off the harbour, until there is a berth');
  expect(body).toContain('about 17 min of your own time');
  expect(body).toContain('harbours ask +50 %, and ships wait 1.5 days for a berth');
});

test('of no wait, and of less than a tenth of a day, nothing is said', () => {
  const hardly = {
    ...quiet,
    waiting_days: 0.04,
    reasons: [{ code: 'saturation', figures: { permille: 1080, days: 0.04 } }],
  };
  expect(shown(hardly)).toContain('harbours ask +8 %<');
  expect(shown(hardly)).not.toContain('berth');
  expect(shown(quiet)).not.toContain('berth');
  expect(shown(quiet)).toContain('about 10 min of your own time');
});
