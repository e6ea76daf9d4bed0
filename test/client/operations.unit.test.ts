import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { typesOf } from '../../client/generate-types.ts';
import { apiDocument } from '../../dev/client/document.ts';

test('the types of the client are those of the API: otherwise run `npm run client:types`', async () => {
  const kept = await readFile(new URL('../../client/openapi.ts', import.meta.url), 'utf8');
  expect(kept).toBe(await typesOf(await apiDocument()));
});
