import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import type { Loan } from '../api/types';
import { ostia } from '../game/samples';
import DebtView from './DebtView.svelte';

const loan: Loan = {
  lender: 'ostia',
  to: 'ostia',
  principal_asses: 1_600,
  premium_asses: 320,
  owed_asses: 1_920,
  state: 'due',
  due_at: '2026-12-01T01:42:29Z',
};
const props = { loan, dueDays: 12.3, purse: 9_999, places: new Map([['ostia', ostia]]), busy: false };
const button = '<button';

test('a debt is due in days of the world', () => {
  const { body } = render(DebtView, { props: { ...props, onrepay: () => {} } });
  expect(body).toContain('It is taken from your purse in 12 days.');
  expect(body).not.toContain('2026');
  expect(body).toContain(button);
});

test('at sea a debt is shown and cannot be paid', () => {
  const { body } = render(DebtView, { props: { ...props, loan: { ...loan, state: 'at_sea' } } });
  expect(body).toContain('if the ship is lost, you owe nothing');
  expect(body).not.toContain(button);
});
