import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../dev/processes/command.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const MINUTES = 60_000;

describe('npm run bench', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
    await chmod(folder, 0o711);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const bench = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runCommand(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...args], {
      cwd: PROJECT,
      env: { ...process.env, ...env, TMPDIR: folder },
      timeoutMs: 8 * MINUTES,
    });
  const leftBehind = async () => (await readdir(folder)).filter((name) => name.startsWith('holdfast-'));

  it(
    'settles every order, keeps the books exact, prints a row for each claim, and leaves nothing behind',
    async () => {
      const said = await bench(['--small']);
      const lines = said.split('\n');
      // One order to count the activities, three to warm up, three that count.
      expect(said).toMatch(
        / life: 7 orders Completed, 7 batches sent once each, books exact; 1 queued and \d local activities/,
      );
      expect(said).toMatch(/ ledger: 9 orders Partial, 9 batches sent once each, books exact; 10 rows inserted/);
      expect(said).toMatch(/ drip-feed: 2 orders Completed, 8 batches sent once each, books exact$/m);
      expect(said).toMatch(/ watch: 101 orders followed in each of 2 rounds, books exact$/m);
      expect(said).toMatch(/ placing: 8 orders Completed, 8 batches sent once each, books exact$/m);
      const head = lines.findIndex((line) => line.startsWith('benchmark '));
      const rows = lines.slice(head + 1, lines.indexOf('', head));
      expect(rows.map((row) => row.split(' ')[0])).toEqual(['life', 'ledger', 'drip-feed', 'watch', 'placing']);
      // This figure is the same on every machine: two calls for 101 orders.
      expect(rows[3]).toMatch(/ 2 +101 +0\.020 +0\.020 +0\.020$/);
      expect(await leftBehind()).toEqual([]);
    },
    9 * MINUTES,
  );

  it('fails when something does not work, and leaves nothing behind then', async () => {
    const broken = bench(['--small', '--only', 'life'], { TEMPORAL_CLI_PATH: '/no/such/file' });
    await expect(broken).rejects.toThrow('ended with code 1');
    expect(await leftBehind()).toEqual([]);
    await expect(bench(['--only', 'sleep'])).rejects.toThrow('life, ledger, drip-feed, watch, placing');
  });
});
