import { setTimeout as delay } from 'node:timers/promises';
import { inParallel } from '../../activities/runtime/parallel.ts';
import type { Sql } from '../../db/client.ts';
import { type ProcessGroups, residentBytes, withCpu } from '../measure/cpu.ts';
import { lateTasksIn } from '../measure/histories.ts';
import { latenciesOf } from '../measure/latencies.ts';
import { proveBooks } from '../measure/proof.ts';
import { untilMany } from '../measure/until-many.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { CLIENTS } from '../world/customer.ts';
import { seedRunning } from '../world/seed-running.ts';
import { openStack, pauseReconciler, type Stack } from '../world/stack.ts';
import { placeMany, untilCompleted } from '../world/whole-orders.ts';

/** Many orders that run at the same time: what each holds, and what they do to the price of one more. */
export const inFlight: Scenario = { name: 'in-flight', run };

const POLL_SECONDS = 5;
/** For so long the CPU of following them is measured. */
const FOLLOWED_MS = 2 * POLL_SECONDS * 1_000;
const RUNNING_MS = 300_000;

async function run(bench: Bench): Promise<Outcome> {
  const { few, placed, seeded, samples } = bench.size.inFlight;
  const stack = await openStack(bench);
  const { world, processes } = stack;
  const { sql } = world;
  await sql`update providers set poll_seconds = ${POLL_SECONDS}`;
  await pauseReconciler(stack);
  keepRunning(stack);

  await startRunning(stack, 0, few);
  await placeMany(stack, samples, 1);
  const atFew = await placeMany(stack, samples, 1);
  await untilCompleted(stack, 2 * samples, few);

  const bytes = await bytesOf(sql);
  await startRunning(stack, few, placed);
  const bytesAfter = await bytesOf(sql);
  const { cpu } = await withCpu(processes, () => delay(FOLLOWED_MS));
  const memory = memoryRows(processes, placed);
  await proveBooks(sql);

  const copies = Math.max(seeded - placed, 0);
  const [one] = await sql<{ id: number }[]>`select order_id::float8 as id from batches where state = 'running' limit 1`;
  await seedRunning(sql, one?.id ?? 0, copies);
  const atMany = await placeMany(stack, samples, 1);
  await untilCompleted(stack, 3 * samples, placed);

  const added = placed - few;
  const [fewP50, manyP50] = [latenciesOf(atFew).p50, latenciesOf(atMany).p50];
  const bytesEach = (bytesAfter - bytes) / added;
  const running = placed + copies;
  const rounds = FOLLOWED_MS / 1_000 / POLL_SECONDS;
  return {
    rows: [
      { measured: `PostgreSQL for each of ${added} orders in flight`, unit: 'bytes', value: bytesEach },
      ...memory,
      ...Object.entries(cpu).map(([name, used]) => ({
        measured: `CPU of ${name} to follow one for a round`,
        unit: 'ms',
        value: (used * 1_000) / placed / rounds,
      })),
      {
        measured: `POST /v1/orders beside ${running} running: p50`,
        against: `beside ${few}`,
        unit: 'ms',
        value: manyP50,
        floor: fewP50,
        ratio: manyP50 / fewP50,
      },
    ],
    figures: { bytesPerOrderInFlight: bytesEach, placeP50At10kTo100: manyP50 / fewP50 },
    proof: `${placed} orders run, books exact; ${3 * samples} more Completed beside them`,
    late: await lateTasksIn(world.temporal, placed + 3 * samples),
  };
}

/** The memory of each program. That of PostgreSQL is left out, because its processes share most of it. */
const memoryRows = (processes: ProcessGroups, placed: number): Outcome['rows'] =>
  Object.entries(processes)
    .filter(([name]) => !name.endsWith('PostgreSQL'))
    .map(([name, pids]) => ({
      measured: `memory of ${name} with ${placed} in flight`,
      unit: 'MB',
      value: residentBytes(pids) / 1e6,
    }));

/** Links of orders that do not end. */
const STAYS = 'https://example.com/stays/';

/** From now on the provider completes only orders for other links. It knows nothing of copied orders, so they run too. */
function keepRunning({ panel }: Stack): void {
  const ending = new Set<string>();
  const FIRST = 5_000;
  panel.onAdd = ({ link = '' }, number) => {
    if (!link.startsWith(STAYS)) ending.add(String(FIRST + number));
    return { order: FIRST + number };
  };
  const completed = panel.onStatus('any');
  panel.onStatus = (id) =>
    ending.has(id) ? completed : { status: 'In progress', remains: '1000', charge: '0.5', start_count: '10' };
}

/** Places the orders from one number to another, and waits until the provider has reported that they run. */
async function startRunning({ customer, world: { sql } }: Stack, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, at) => from + at);
  await inParallel(numbers, CLIENTS, async (number) => void (await customer.mustOrder(`${STAYS}${number}`)));
  await untilMany(to, { what: 'orders run', ms: RUNNING_MS }, async () => {
    const [row] = await sql<{ running: number }[]>`
      select count(*)::integer as running from batches b join orders o on o.id = b.order_id
        where o.link like ${`${STAYS}%`} and b.state = 'running' and b.provider_status = 'In progress'`;
    return row?.running ?? 0;
  });
}

async function bytesOf(sql: Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select sum(pg_total_relation_size(oid))::float8 as bytes from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace`;
  return row?.bytes ?? Number.NaN;
}
