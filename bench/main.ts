/**
 * `npm run bench`: measures the claims about speed, each beside the least that the work could cost on the same engines in the
 * same run. Starts its own engines, prints one table and ends everything. Exits 1 when an order was lost or the books drift.
 * `npm run bench -- --only life` runs one benchmark. `--small` shows that the benchmarks work; its figures mean nothing.
 */
import { parseArgs } from 'node:util';
import { step, terminalLog } from '../dev/stack/terminal.ts';
import type { Benchmark } from './benchmark.ts';
import { dripFeed } from './drip-feed.ts';
import { Endings } from './endings.ts';
import { createEngines } from './engines.ts';
import { ledger } from './ledger.ts';
import { life } from './life.ts';
import { placing } from './placing.ts';
import { interleaved, summaryOf } from './rounds.ts';
import { SMALL, USUAL } from './sizes.ts';
import { type Measured, tableOf } from './table.ts';
import { watch } from './watch.ts';

const BENCHMARKS: readonly Benchmark[] = [life, ledger, dripFeed, watch, placing];

const { chosen, size } = readOptions();
const log = terminalLog();
const endings = new Endings();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
await orFail(run);
await orFail(() => step(log, 'everything is stopped', () => endings.close()));
process.exit();

async function run(): Promise<void> {
  const engines = createEngines({ endings, log });
  const rows: Measured[] = [];
  for (const benchmark of chosen) rows.push({ benchmark, ...summaryOf(await roundsOf(benchmark)) });
  process.stdout.write(`\n${tableOf(rows)}\n\n`);

  async function roundsOf({ name, open }: Benchmark) {
    // End each benchmark's resources before the next, so that no two run at the same time.
    const ofThisOne = await endings.opened(
      name,
      async () => new Endings(),
      (one) => one.close(),
    );
    const sides = await step(log, `${name}: ready`, () => open({ engines, endings: ofThisOne, size }));
    const rounds = await step(log, `${name}: measured`, () => interleaved(sides, size.rounds));
    log(`${name}: ${await sides.prove()}`);
    await ofThisOne.close();
    return rounds;
  }
}

async function orFail(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    // After an interrupt everything is being ended, so failures are expected.
    if (process.exitCode === 130) return;
    process.exitCode = 1;
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function interrupt(): void {
  process.exitCode = 130;
  process.on('unhandledRejection', () => undefined);
  endings
    .close()
    .catch(() => undefined)
    .finally(() => process.exit());
}

function readOptions() {
  const names = BENCHMARKS.map(({ name }) => name);
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: names },
      small: { type: 'boolean', default: false },
    },
  });
  if (values.only.some((name) => !names.includes(name))) {
    process.stderr.write(`--only takes one of these: ${names.join(', ')}\n`);
    process.exit(2);
  }
  return { chosen: BENCHMARKS.filter(({ name }) => values.only.includes(name)), size: values.small ? SMALL : USUAL };
}
