import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { apiDocument } from '../../dev/client/document.ts';
import { clientTypes } from '../../dev/client/types-text.ts';

test('the types of the client are those of the API: else run `npm run client:types`', async () => {
  const kept = await readFile(new URL('../../client/operations.ts', import.meta.url), 'utf8');
  expect(kept).toBe(clientTypes(await apiDocument()));
});
