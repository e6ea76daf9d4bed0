/** `npm run client:types`: writes the types of the client from the API's own document. */
import { writeFile } from 'node:fs/promises';
import { typesOf } from '../../client/generate-types.ts';
import { apiDocument } from './document.ts';

const file = new URL('../../client/openapi.ts', import.meta.url);
await writeFile(file, await typesOf(await apiDocument()));
