import { readFile } from 'node:fs/promises';
import openapi, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);

test('schema.ts is what openapi/otivm.json generates', async () => {
  const generated = astToString(
    await openapi(new URL('../openapi/otivm.json', root), { emptyObjectsUnknown: true }),
  );
  const kept = await readFile(new URL('src/lib/api/schema.ts', root), 'utf8');
  expect(kept, 'run `npm run types`').toBe(`${COMMENT_HEADER}${generated}`);
});
