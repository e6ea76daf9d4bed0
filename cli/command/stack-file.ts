import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Host } from './host.ts';

/** The parts of stack.json that the commands use; `npm start` writes it once the local stack is ready. */
const FIELDS = ['apiUrl', 'apiKey', 'adminKey', 'databaseUrl', 'temporalAddress', 'temporalNamespace'] as const;

export type Stack = Readonly<Record<(typeof FIELDS)[number], string>>;

/** The state folder of the local stack: `HOLDFAST_HOME`, else `.holdfast` in the checkout. */
export const stateFolder = ({ HOLDFAST_HOME }: Host['env']): string =>
  HOLDFAST_HOME ? resolve(HOLDFAST_HOME) : join(fileURLToPath(new URL('../..', import.meta.url)), '.holdfast');

/**
 * The running local stack; undefined when none is ready.
 * @throws Error when the file is not one that `npm start` of this version wrote.
 */
export async function readStack(folder: string): Promise<Stack | undefined> {
  const file = join(folder, 'stack.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const stack = JSON.parse(text) as Partial<Stack>;
  const missing = FIELDS.filter((name) => typeof stack[name] !== 'string');
  if (missing.length > 0)
    throw new Error(`${file} lacks ${missing.join(', ')}: start the stack again with \`npm start\``);
  return stack as Stack;
}
