/** `npm run client:types`: writes the types of the client from the API's own document. */
import { writeFile } from 'node:fs/promises';
import { apiDocument } from './document.ts';
import { clientTypes } from './types-text.ts';

const file = new URL('../../client/operations.ts', import.meta.url);
await writeFile(file, clientTypes(await apiDocument()));
