/** Builds the API and the worker for production: `npm run build [folder]`. */
import { resolve } from 'node:path';
import { buildPrograms, DIST } from './build-programs.ts';

await buildPrograms(resolve(process.argv[2] ?? DIST));
