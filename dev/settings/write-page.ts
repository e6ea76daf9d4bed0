/** `npm run settings`: writes the tables of docs/configure.md from the settings that the code reads. */
import { readFile, writeFile } from 'node:fs/promises';
import { withTables } from './page.ts';

const file = new URL('../../docs/configure.md', import.meta.url);
await writeFile(file, withTables(await readFile(file, 'utf8')));
