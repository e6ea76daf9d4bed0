/**
 * `npm run test:chaos`: runs the stack of `npm start` in its own state folder. Kills and freezes its processes and cuts its
 * connections while customers order. Prints figures; exits 1 when a rule is broken.
 * `npm run test:chaos -- --minutes 10 --kills 40 --orders 3000 --seed 7` is the long form.
 */
import { parseArgs } from 'node:util';
import { step, terminalLog } from '../../dev/stack/terminal.ts';
import { holds } from './judge/figure.ts';
import { type ChaosOptions, planOf, SHORT_FORM } from './plan.ts';
import { reportOf } from './report.ts';
import { runChaos } from './run.ts';
import { type ChaosStack, openChaosStack } from './stack.ts';

const log = terminalLog();
const options = readOptions();
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort());

log(`seed ${options.seed}: ${options.orders} orders and ${options.kills} kills in ${options.minutes} minutes`);
let chaos: ChaosStack | undefined;
try {
  chaos = await openChaosStack(log, stopping.signal);
  const figures = await runChaos(chaos, { plan: planOf(options), log, signal: stopping.signal });
  const broken = figures.filter((figure) => !holds(figure));
  const verdict = broken.length === 0 ? 'everything holds' : `${broken.length} broken`;
  process.stdout.write(`\n${reportOf(figures)}\n\nseed ${options.seed}: ${verdict}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = stopping.signal.aborted ? 130 : 1;
} finally {
  await step(log, 'everything is stopped', async () => chaos?.close());
}
process.exit();

function readOptions(): ChaosOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { seed: text, minutes: text, kills: text, orders: text } });
  const number = (name: keyof typeof values, otherwise: number): number => {
    const said = values[name];
    const value = said === undefined ? otherwise : Number(said);
    if (Number.isFinite(value) && value >= 0 && said !== '') return value;
    process.stderr.write(`--${name} must be a number\n`);
    process.exit(2);
  };
  return {
    seed: number('seed', Math.floor(Math.random() * 1_000_000)),
    minutes: number('minutes', SHORT_FORM.minutes),
    kills: number('kills', SHORT_FORM.kills),
    orders: number('orders', SHORT_FORM.orders),
  };
}
