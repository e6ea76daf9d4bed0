import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';

export type Lock = { release(): Promise<void> };
export type LockResult = { taken: true; lock: Lock } | { taken: false; holder: ProcessIdentity };

/**
 * Takes a lock file for this process, or names the living process that has it. The file appears with its content in
 * one step (a link), so nobody reads half of it; the lock of a dead process is taken over.
 */
export async function takeLock(file: string): Promise<LockResult> {
  const me = identityOf(process.pid);
  if (me === undefined) throw new Error('this process does not find itself in the process table');
  await mkdir(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const token = randomBytes(8).toString('hex');
  await writeFile(mine, JSON.stringify({ ...me, token }), { mode: 0o600 });
  try {
    for (;;) {
      if (await linkExclusively(mine, file)) return { taken: true, lock: { release: () => release(file, token) } };
      const holder = await holderOf(file);
      if (holder !== undefined && isAlive(holder)) return { taken: false, holder };
      await moveDeadLockAway(file, `${mine}.dead`);
    }
  } finally {
    await unlink(mine);
  }
}

/** Like takeLock, but waits for the one who has it. `onWait` is called once, with the holder. */
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
  try {
    const { pid, started } = JSON.parse(await readFile(file, 'utf8')) as Partial<ProcessIdentity>;
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

/** Two starts may find the same dead lock: what was moved is looked at again, and a living one is put back. */
async function moveDeadLockAway(file: string, aside: string): Promise<void> {
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await holderOf(aside);
  if (moved !== undefined && isAlive(moved)) await linkExclusively(aside, file);
  await unlink(aside);
}

async function release(file: string, token: string): Promise<void> {
  try {
    const held = JSON.parse(await readFile(file, 'utf8')) as { token?: string };
    if (held.token === token) await unlink(file);
  } catch {
    // Already gone: the state folder was removed while the stack ran.
  }
}
