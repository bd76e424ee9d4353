import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { me, quote, wheat } from '../game/samples';
import MarketRow from './MarketRow.svelte';

const nothing = () => {};
const props = { quote, good: wheat, goods: [wheat], me, held: 20, open: true, busy: false };

test('the most is offered for each side', () => {
  const { body } = render(MarketRow, {
    props: { ...props, ontoggle: nothing, ontrade: nothing, onstore: nothing },
  });
  expect(body).toContain('Most to buy: 61');
  expect(body).toContain('Most to sell: 12');
});

test('a sale is told as far as it can go', () => {
  const poor = { ...me, cargo: [] };
  const { body } = render(MarketRow, {
    props: { ...props, me: poor, held: 0, ontoggle: nothing, ontrade: nothing, onstore: nothing },
  });
  expect(body).toContain('Sell 0 for about 0 as.');
});
