import { createRawSnippet } from 'svelte';
import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import Sheet from './Sheet.svelte';

const paragraph = (text: string) => createRawSnippet(() => ({ render: () => `<p>${text}</p>` }));

test('a notice stands between the heading and what scrolls', () => {
  const props = { id: 'market', title: 'Market', onclose: () => {} };
  const { body } = render(Sheet, {
    props: { ...props, notice: paragraph('refused'), children: paragraph('goods') },
  });
  expect(body).toMatch(/<\/header>.*refused.*class="body.*goods/s);
});
