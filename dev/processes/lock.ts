import { createHash, randomBytes } from 'node:crypto';
import { copyFile, link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readIfThere } from '../files.ts';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';

export type Lock = { release(): Promise<void> };
export type LockResult = { taken: true; lock: Lock } | { taken: false; holder: ProcessIdentity };

/**
 * Takes a lock file for this process, or names the living process that holds it. The file appears with its content in one step (a
 * link), so no process reads half of it. The lock of a dead process is taken over.
 */
export async function takeLock(file: string): Promise<LockResult> {
  const me = identityOf(process.pid);
  if (me === undefined) throw new Error('this process is missing from the process table');
  await mkdir(dirname(file), { recursive: true });
  const token = randomBytes(8).toString('hex');
  const mine = `${file}.${process.pid}-${token}`;
  await writeFile(mine, JSON.stringify({ ...me, token }), { mode: 0o600 });
  try {
    for (;;) {
      if (await linkExclusively(mine, file)) break;
      const found = await readIfThere(file);
      const holder = parse(found);
      if (holder !== undefined && isAlive(holder)) return { taken: false, holder };
      if (found !== undefined && (await replaceDead(file, found, mine))) break;
    }
    return { taken: true, lock: { release: () => release(file, token) } };
  } finally {
    await rm(mine, { force: true });
  }
}

/** Like takeLock, but waits for the holder. `onWait` is called once, with the holder. */
export async function waitForLock(file: string, onWait: (holder: ProcessIdentity) => void): Promise<Lock> {
  let told = false;
  for (;;) {
    const result = await takeLock(file);
    if (result.taken) return result.lock;
    if (!told) onWait(result.holder);
    told = true;
    await delay(250);
  }
}

/** The process named in a lock file, alive or not. */
export async function holderOf(file: string): Promise<ProcessIdentity | undefined> {
  return parse(await readIfThere(file));
}

function parse(text: string | undefined): ProcessIdentity | undefined {
  try {
    const { pid, started } = JSON.parse(text ?? '') as Partial<ProcessIdentity>;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

async function linkExclusively(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Replaces the lock of a dead process. Several processes may find the same dead lock, so only the holder of a guard named after
 * it may replace it. The holder reads the lock again first: the previous guard holder may have replaced it.
 */
async function replaceDead(file: string, dead: string, mine: string): Promise<boolean> {
  const guard = `${file}.dead-${createHash('sha256').update(dead).digest('hex').slice(0, 12)}`;
  if (!(await linkExclusively(mine, guard))) {
    const holder = await holderOf(guard);
    // The guard's holder was killed inside this function.
    if (holder !== undefined && !isAlive(holder)) await rm(guard, { force: true });
    await delay(20);
    return false;
  }
  try {
    if ((await readIfThere(file)) !== dead) return false;
    // Not `mine` itself: a rename between two names of the same file does nothing.
    const copy = `${mine}.new`;
    await copyFile(mine, copy);
    await rename(copy, file);
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

/** Removes the lock if it is still ours. The state folder may have been deleted and made anew while the stack ran. */
async function release(file: string, token: string): Promise<void> {
  const found = await readIfThere(file);
  if (found?.includes(token)) await rm(file, { force: true });
}
