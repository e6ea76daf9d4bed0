import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIGURES } from '../../bench/figures.ts';
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

  /** Runs the command. Returns its standard output, and each line that it wrote. */
  const bench = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const lines: string[] = [];
    const output = await runCommand(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...args], {
      cwd: PROJECT,
      env: { ...process.env, ...env, TMPDIR: folder },
      timeoutMs: 12 * MINUTES,
      onLine: (line) => lines.push(line),
    });
    return { output, said: lines.join('\n') };
  };
  const leftBehind = async () => (await readdir(folder)).filter((name) => name.startsWith('holdfast-'));

  it(
    'settles every order, keeps the books exact, prints every figure as one object, and leaves nothing behind',
    async () => {
      const { output, said } = await bench(['--small', '--json']);
      // A warm-up and one round that counts: twice as many as in a round, and those before and after.
      expect(said).toMatch(/ place: 24 orders Completed, 24 batches sent once each, books exact$/m);
      expect(said).toMatch(
        / order: 10 orders Completed, 10 batches sent once each, books exact; 1 queued and \d local/,
      );
      expect(said).toMatch(/ overload: \d+ orders Completed, \d+ batches sent once each, books exact$/m);
      expect(said).toMatch(/ beside: \d+ orders Completed, \d+ batches sent once each, books exact$/m);
      expect(said).toMatch(/ workers: 9 orders Completed, 9 batches sent once each, books exact$/m);
      expect(said).toMatch(/ rolling: \d+ orders Completed, \d+ batches sent once each, books exact$/m);
      expect(said).toMatch(/ idle: 3 orders Completed, 3 batches sent once each, books exact$/m);
      expect(said).toMatch(/ in-flight: 4 orders run, books exact; 6 more Completed beside them$/m);
      expect(said).toMatch(/ watch: 101 and then 300 batches followed in one round each, books exact$/m);
      expect(said).toMatch(/ drip: 2 orders Completed, 8 batches sent once each, books exact$/m);
      expect(said).toMatch(/ webhooks: \d+ events received once each, books exact$/m);
      expect(said).toMatch(/ ledger: 17 orders Partial, 17 batches sent once each, books exact; 1\d rows inserted/);
      expect(said).toMatch(/ proof: 2100 orders, books exact by both proofs$/m);
      expect(said).toMatch(/ reads: 10 reads of each kind answered$/m);
      expect(said).toMatch(/ start: the stack was ready twice, and ended$/m);
      const figures = JSON.parse(output) as Record<string, unknown>;
      const keys = ['server', 'store', 'shards', ...FIGURES, 'workflowTasksTimedOut', 'activitiesThatWaited'];
      expect(Object.keys(figures)).toEqual(keys);
      expect(figures).toMatchObject({ store: 'sqlite in memory', shards: expect.any(Number) });
      // These are the same on every machine.
      expect(figures).toMatchObject({ overloadUnknown: 0, statusCallsPerRound: 2 });
      expect(await leftBehind()).toEqual([]);
    },
    13 * MINUTES,
  );

  it('prints a table with a row for each comparison', async () => {
    const { output } = await bench(['--small', '--only', 'ledger']);
    const lines = output.split('\n');
    const head = lines.findIndex((line) => line.startsWith('scenario '));
    expect(lines[head - 2]).toMatch(/^Temporal \d\S+ of the CLI, sqlite in memory, /);
    expect(lines.slice(head + 1).filter((line) => line.startsWith('ledger '))).toHaveLength(2);
    expect(await leftBehind()).toEqual([]);
  });

  it('fails when something does not work, and leaves nothing behind then', async () => {
    const broken = bench(['--small', '--only', 'place'], { TEMPORAL_CLI_PATH: '/no/such/file' });
    await expect(broken).rejects.toThrow('ended with code 1');
    expect(await leftBehind()).toEqual([]);
    await expect(bench(['--only', 'sleep'])).rejects.toThrow('place, order, overload, beside, workers');
  });
});
