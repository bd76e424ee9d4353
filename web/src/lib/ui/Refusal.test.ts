import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import Refusal from './Refusal.svelte';

const told = (code: string) => {
  const problem = {
    type: 't',
    title: 't',
    status: 409,
    code,
    detail: 'nobody in portus_itius deals in olive_oil',
  };
  return render(Refusal, { props: { problem } }).body;
};

test('a refusal of a known code speaks in our words, any other in the words of the server', () => {
  expect(told('good_not_dealt')).toContain('Nobody deals in this here');
  expect(told('good_not_dealt')).not.toContain('portus_itius');
  expect(told('a_new_code')).toContain('Nobody in portus_itius deals in olive_oil.');
});
