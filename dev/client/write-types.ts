/** `npm run client:types`: writes the client's types from the API's OpenAPI document. */
import { writeFile } from 'node:fs/promises';
import { typesOf } from '../../client/generate-types.ts';
import { apiDocument } from './document.ts';

const file = new URL('../../client/openapi.ts', import.meta.url);
await writeFile(file, await typesOf(await apiDocument()));
