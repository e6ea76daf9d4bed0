/**
 * `npm run soak`: runs the stack of `npm start` with two APIs and two workers in its own state folder, under steady load, while
 * something breaks from time to time. Prints what each bound allows and what was seen; exits 1 when a bound is broken.
 * `npm run soak -- --hours 2 --orders-per-second 5` is a long run, `--minutes 4` a short one; `--json` prints one object alone on
 * standard output.
 */
import { once } from 'node:events';
import { step, terminalLog } from '../../dev/stack/terminal.ts';
import { readOptions, type SoakOptions } from './options.ts';
import { isHeld, jsonOf, tableOf } from './report.ts';
import { runSoak } from './run.ts';
import { openSoakStack, type SoakStack } from './stack.ts';

const options = optionsOrExit();
const log = terminalLog(options.json ? process.stderr : process.stdout);
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());

log(`seed ${options.seed}: ${options.minutes} minutes, ${options.ordersPerSecond} orders a second`);
let soak: SoakStack | undefined;
try {
  soak = await openSoakStack(log, stopping.signal);
  const bounds = await orInterrupted(runSoak(soak, { options, log, signal: stopping.signal }));
  const broken = bounds.filter((bound) => !isHeld(bound));
  const verdict = broken.length === 0 ? 'every bound holds' : `${broken.length} broken`;
  const report = options.json ? jsonOf(options, bounds) : `\n${tableOf(bounds)}\n\nseed ${options.seed}: ${verdict}`;
  process.stdout.write(`${report}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = stopping.signal.aborted ? 130 : 1;
} finally {
  await step(log, 'everything is stopped', async () => soak?.close());
}
process.exit();

/** Does not wait for what an interrupted run still does: closing the stack ends it. */
function orInterrupted<T>(run: Promise<T>): Promise<T> {
  const interrupted = once(stopping.signal, 'abort').then(() => {
    throw new Error('interrupted');
  });
  return Promise.race([run, interrupted]);
}

function optionsOrExit(): SoakOptions {
  try {
    return readOptions(process.argv.slice(2), () => Math.floor(Math.random() * 1_000_000));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}
