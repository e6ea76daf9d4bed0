import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holderOf, takeLock } from '../../dev/processes/lock.ts';
import { identityOf, isAlive, type ProcessIdentity } from '../../dev/processes/process-identity.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function deadProcess(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  const identity = identityOf(child.pid ?? 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  if (!identity) throw new Error('the process ended too early');
  return identity;
}

describe('the lock of a state folder', () => {
  it('is held by one, and tells the other who has it', async () => {
    const first = await takeLock(file);
    const second = await takeLock(file);
    expect(first.taken).toBe(true);
    expect(second).toEqual({ taken: false, holder: identityOf(process.pid) });
  });

  it('can be taken again after its release, and leaves nothing behind', async () => {
    const first = await takeLock(file);
    if (first.taken) await first.lock.release();
    expect(await readdir(folder)).toEqual([]);
    expect((await takeLock(file)).taken).toBe(true);
  });

  it('of a process that was killed is taken over', async () => {
    const dead = await deadProcess();
    expect(isAlive(dead)).toBe(false);
    await writeFile(file, JSON.stringify(dead));
    expect((await takeLock(file)).taken).toBe(true);
    expect(await holderOf(file)).toEqual(identityOf(process.pid));
  });

  it('of a killed process whose pid another program has now is taken over too', async () => {
    await writeFile(file, JSON.stringify({ pid: process.pid, started: 'before' }));
    expect((await takeLock(file)).taken).toBe(true);
  });

  it('of a killed process goes to exactly one of many who start at once', async () => {
    await writeFile(file, JSON.stringify(await deadProcess()));
    const results = await Promise.all(Array.from({ length: 20 }, () => takeLock(file)));
    expect(results.filter(({ taken }) => taken)).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['lock']);
  });
});
