import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { scaled } from '../support/run/scale.ts';
import { digestOf } from './outcome.ts';
import { Simulation } from './simulation.ts';

const SEEDS = scaled({ gate: 40, release: 3000 });
const ORDERS = 3;
const RUN = fileURLToPath(new URL('./run.ts', import.meta.url));

/** In the gate, other files run beside this one. In the release it runs at the end, when both cores are free. */
const PROCESSES = scaled({ gate: 1, release: 2 });

const run = promisify(execFile);

/** Output of `npm run sim` for `count` seeds, in a process of its own: there a seed costs half as much as inside the test process. */
const simulate = (first: number, count: number) =>
  run(
    process.execPath,
    [
      '--import',
      'tsx',
      RUN,
      '--seed',
      String(first),
      '--seeds',
      String(count),
      '--orders',
      String(ORDERS),
      '--verbose',
    ],
    { env: { ...process.env, DATABASE_URL: inject('postgresUrl') }, maxBuffer: 1e9 },
  ).then(
    ({ stdout }) => ({ stdout, failed: false }),
    (error: { stdout: string; stderr: string }) => ({ stdout: error.stdout + error.stderr, failed: true }),
  );

const share = SEEDS / PROCESSES;
const parts = await Promise.all(Array.from({ length: PROCESSES }, (_, part) => simulate(1 + part * share, share)));
const stdout = parts.map((part) => part.stdout).join('\n');
const failed = parts.some((part) => part.failed);

const simulation = await Simulation.open(inject('postgresUrl'));
afterAll(() => simulation.close());

describe(`${SEEDS} seeds of faults, odd providers and meddling people`, () => {
  it('break no book, send nothing twice, lose no order, and charge for what was delivered', () => {
    const lines = stdout.split('\n');
    if (failed) console.log(lines.filter((line) => /FAILED|BREACH|npm run sim|Error/.test(line)).join('\n'));
    expect(failed).toBe(false);
    expect(lines.filter((line) => /^seed \d+: ok/.test(line))).toHaveLength(SEEDS);
  });

  it('lead to everything that can become of an order', () => {
    const statuses = ['Completed', 'Partial', 'Canceled'].map((status) => `: ${status}: `);
    const points = [
      'beforeCommit',
      'afterCommit',
      'beforeSend',
      'afterSend',
      ': fails',
      ': dies',
      ': freezes',
      ': cannot be stored',
    ];
    const events = ['uncertain', 'conflict', 'stalled', 'review', 'paused', 'corrected'].map(
      (what) => `order.${what} by`,
    );
    const decisions = ['resolved.attach by', 'resolved.notPlaced by', 'resolved.cancel by', 'found.attach by'];
    for (const kind of [
      ...statuses,
      ...points,
      ...events,
      ...decisions,
      'terminated',
      'takes it and hangs up',
      'brown-out',
    ]) {
      expect([kind, stdout.includes(kind)]).toEqual([kind, true]);
    }
  });

  it('are the same again in another process, whatever was lived before', async () => {
    for (const seed of [7, 5, 3]) {
      const { outcomes } = await simulation.run(seed, { orders: ORDERS });
      expect(stdout).toContain(`\nseed ${seed}: ok, `);
      expect(stdout).toMatch(new RegExp(`^seed ${seed}: .* digest ${digestOf(outcomes)}$`, 'm'));
    }
  });
});
