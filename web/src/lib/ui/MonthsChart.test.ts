import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import MonthsChart from './MonthsChart.svelte';

test('a hop of hours is a voyage, and only no days at all are none', () => {
  const months = [
    { month: 1, days: 0, risk_permille: 0 },
    { month: 2, days: 0.4, risk_permille: 0 },
    { month: 3, days: null },
  ];
  const { body } = render(MonthsChart, { props: { months, now: 1 } });
  expect(
    [...body.matchAll(/<li>(.*?)<\/li>/gs)].map(([, row]) => row?.replaceAll(/<!--.*?-->/g, '')),
  ).toEqual(['January: 0.0 days, risk 0.0 %', 'February: 0.4 days, risk 0.0 %', 'March: no voyage']);
});
