import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

describe('npm run soak', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
    await chmod(folder, 0o711);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Starts the command. `text`: what it has written so far. */
  function soak(...args: string[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/soak/main.ts', ...args], {
      cwd: PROJECT,
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const text = { output: '', errors: '' };
    child.stdout.on('data', (chunk) => {
      text.output += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      text.errors += String(chunk);
    });
    return { child, text, ended: once(child, 'close') };
  }
  const leftBehind = async () => (await readdir(folder)).filter((name) => name.startsWith('holdfast-'));

  it('finds every bound held in a short run, says so as one object, and leaves nothing behind', async () => {
    const { text, ended } = soak('--minutes', '3', '--orders-per-second', '1', '--json');
    const [code] = await ended;
    const report = JSON.parse(text.output) as { passed: boolean; bounds: { what: string; holds: boolean }[] };
    expect(report.bounds.filter(({ holds }) => !holds)).toEqual([]);
    expect(report.bounds.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'memory of worker 2',
        'descriptors of api 1',
        'ledger drift',
        'orders that have not ended',
      ]),
    );
    expect([code, report.passed]).toEqual([0, true]);
    expect(await leftBehind()).toEqual([]);
  });

  it('ends everything that it started when it is interrupted', async () => {
    const { child, text, ended } = soak('--minutes', '3', '--json');
    await expect.poll(() => text.errors, { timeout: 300_000 }).toMatch(/orders acknowledged/);
    child.kill('SIGINT');
    const [code] = await ended;
    expect([code, text.output]).toEqual([130, '']);
    expect(await leftBehind()).toEqual([]);
  });
});
