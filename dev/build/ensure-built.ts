import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from '../files.ts';
import { waitForLock } from '../processes/lock.ts';
import { buildPrograms, DIST, PROJECT } from './build-programs.ts';

/** What the programs are built from. */
const FOLDERS = ['domain', 'workflows', 'activities', 'db', 'net', 'api', 'dev/build'];
const FILES = ['tsconfig.json', 'package-lock.json'];

/** The file beside the programs that says from which sources they were built. */
const BUILT_FROM = 'built-from';

/** Builds the programs of this checkout unless they are those of its sources. Of several processes one builds, and others wait. */
export async function ensureBuilt(): Promise<void> {
  const lock = await waitForLock(join(PROJECT, '.holdfast', 'build.lock'), () => {});
  try {
    const sources = await hashOfSources();
    if ((await readIfThere(join(DIST, BUILT_FROM))) === sources) return;
    await buildPrograms(DIST, { [BUILT_FROM]: sources });
  } finally {
    await lock.release();
  }
}

async function hashOfSources(): Promise<string> {
  const found = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(join(PROJECT, folder), { recursive: true }))
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(folder, name)),
    ),
  );
  const hash = createHash('sha256');
  for (const file of [...found.flat().sort(), ...FILES])
    hash.update(`${file}\0${await readFile(join(PROJECT, file), 'utf8')}\0`);
  return hash.digest('hex');
}
