import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../config.ts';
import { isFile } from '../files.ts';
import { waitForLock } from '../processes/lock.ts';

/** A cached file: its folder is named by version and complete as soon as `file` is in it. */
export type CacheEntry = {
  /** Root of the cache. */
  root: string;
  /** Path below the root, with the version in it, e.g. `temporal-cli/1.5.1`. */
  folder: string;
  /** The file that callers want, inside the folder. */
  file: string;
};

/** Path of the entry's file, or undefined when it is not in the cache. */
export async function findCached(entry: CacheEntry): Promise<string | undefined> {
  const file = join(entry.root, entry.folder, entry.file);
  return (await isFile(file)) ? file : undefined;
}

/**
 * Path of the entry's file. When it is missing, `fill` puts it into a folder that becomes the entry.
 * A second process that wants the same entry waits for the first, so it is fetched once. No process sees a half-made folder.
 */
export async function cached(entry: CacheEntry, log: Log, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(entry.root, entry.folder);
  const ready = await findCached(entry);
  if (ready) return ready;
  await mkdir(dirname(folder), { recursive: true });
  const lock = await waitForLock(`${folder}.lock`, ({ pid }) =>
    log(`process ${pid} is already fetching ${entry.folder}: waiting for it`),
  );
  try {
    const meanwhile = await findCached(entry);
    if (meanwhile) return meanwhile;
    await removeLeftovers(folder);
    const partial = await mkdtemp(`${folder}.partial-`);
    try {
      await fill(partial);
      if (!(await isFile(join(partial, entry.file)))) throw new Error(`${entry.file} is missing after the fetch`);
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return join(folder, entry.file);
  } finally {
    await lock.release();
  }
}

/** Removes half-made folders of killed processes. Only the holder of the lock makes such folders, so none is in use. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.partial-`)) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}
