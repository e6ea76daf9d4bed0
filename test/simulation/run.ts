import { parseArgs } from 'node:util';
import { postgresForTests } from '../support/engines/engines.ts';
import { digestOf } from './outcome.ts';
import { type SeedResult, Simulation } from './simulation.ts';

/** `npm run sim -- --seed 7 --orders 50` runs one seed; `--seeds 200` runs that many, starting at 1 or at `--seed`. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    orders: { type: 'string', default: '20' },
    verbose: { type: 'boolean', default: false },
  },
});

function numberOf(name: 'seed' | 'seeds' | 'orders'): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} must be a whole number above zero`);
}

function tell(result: SeedResult): void {
  const { seed, breaches, outcomes, story, faults, tasks, replays, hours } = result;
  const failed = breaches.length > 0;
  if (failed || values.verbose) {
    for (const line of story) console.log(`  ${line}`);
    for (const { orderId, status, timeline } of outcomes)
      console.log(`  order ${orderId}: ${status}: ${timeline.join(', ')}`);
  }
  for (const { rule, subject, detail } of breaches) console.log(`  BREACH ${rule}: ${subject}: ${detail}`);
  const sends = outcomes.reduce((sum, outcome) => sum + outcome.sends.length, 0);
  console.log(
    `seed ${seed}: ${failed ? 'FAILED' : 'ok'}, ${outcomes.length} orders, ${sends} sends, ${faults} faults, ${tasks} tasks, ` +
      `${replays} replays, ${hours} h, digest ${digestOf(outcomes)}`,
  );
}

const [first, count, orders] = [numberOf('seed'), numberOf('seeds'), numberOf('orders')];
const postgres = await postgresForTests();
const simulation = await Simulation.open(postgres.value);
const begun = performance.now();
const failed: number[] = [];
for (let seed = first; seed < first + count; seed += 1) {
  try {
    const result = await simulation.run(seed, { orders });
    tell(result);
    if (result.breaches.length > 0) failed.push(seed);
  } catch (error) {
    console.log(`seed ${seed}: FAILED`, error);
    failed.push(seed);
  }
}
await simulation.close();
await postgres.stop();
const seconds = (performance.now() - begun) / 1_000;
console.log(`${count} seeds of ${orders} orders in ${seconds.toFixed(1)} s, ${failed.length} failed`);
for (const seed of failed) console.log(`  npm run sim -- --seed ${seed} --orders ${orders}`);
process.exitCode = failed.length === 0 ? 0 : 1;
