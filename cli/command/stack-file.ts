import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Host } from './host.ts';

/** The parts of stack.json that the commands use; `npm start` writes it once the local stack is ready. */
const stackFile = z.object({
  apiUrl: z.string(),
  apiKey: z.string(),
  adminKey: z.string(),
  databaseUrl: z.string(),
  temporalAddress: z.string(),
  temporalNamespace: z.string(),
});

export type Stack = z.infer<typeof stackFile>;

/** The state folder of the local stack: `HOLDFAST_HOME`, else `.holdfast` in the checkout. */
export const stateFolder = ({ HOLDFAST_HOME }: Host['env']): string =>
  HOLDFAST_HOME ? resolve(HOLDFAST_HOME) : join(fileURLToPath(new URL('../..', import.meta.url)), '.holdfast');

/** The running local stack; undefined when none is ready. */
export async function readStack(folder: string): Promise<Stack | undefined> {
  const text = await readFile(join(folder, 'stack.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : stackFile.parse(JSON.parse(text));
}
