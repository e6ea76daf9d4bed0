/**
 * `npm run bench`: measures the claims about speed and growth, each beside the least that the work could cost on the same engines in
 * the same run. Starts its own engines, prints one table and ends everything. Exits 1 when an order was lost or the books drift.
 * `npm run bench -- --only order` runs one scenario; `--full` takes a million past orders; `--json` prints one object alone on
 * standard output; `--cluster` runs on a Temporal cluster. `--small` shows that the scenarios work; its figures mean nothing.
 */
import { buildOwnPrograms } from '../dev/stack/programs.ts';
import { step, terminalLog } from '../dev/stack/terminal.ts';
import { Endings } from './endings.ts';
import { createEngines } from './engines.ts';
import { orExit, readOptions } from './options.ts';
import { reportOf, runScenarios } from './run-scenarios.ts';

const { chosen, size, json, installation } = orExit(() => readOptions(process.argv.slice(2)));
const log = terminalLog(json ? process.stderr : process.stdout);
const endings = new Endings();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt);
await orFail(run);
await orFail(() => step(log, 'everything is stopped', () => endings.close()));
process.exit();

async function run(): Promise<void> {
  await step(log, 'API and worker are built', () => buildOwnPrograms());
  const engines = createEngines({ endings, log, installation });
  const results = await runScenarios(chosen, { engines, endings, size, log });
  const report = reportOf(await engines.temporal(), results);
  process.stdout.write(json ? `${report.json}\n` : `\n${report.table}\n\n`);
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
