import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { createRounds } from '../../activities/delivery/rounds.ts';
import { orderStatuses } from '../../activities/provider/panel.ts';
import { inParallel } from '../../activities/runtime/parallel.ts';
import { hintAt } from '../../db/delivery/hints.ts';
import { running } from '../../test/support/engines/running.ts';
import type { WorkerProcess } from '../../test/support/engines/worker-process.ts';
import { withCpu } from '../measure/cpu.ts';
import { lateTasksIn } from '../measure/histories.ts';
import { proveBooks } from '../measure/proof.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { openRealWorld, type RealWorld } from '../world/real-world.ts';
import { seedRunning } from '../world/seed-running.ts';
import { openWorker, pauseReconciler } from '../world/stack.ts';

/** One round of a watch: its calls to the provider, and the CPU of the worker. */
export const watch: Scenario = { name: 'watch', run };

/** Parallel calls that make the orders and the floor's status calls. Does not affect the counted calls. */
const AT_ONCE = 10;
const QUANTITY = 1_000;
/** The batches of the figure. */
const HUNDRED_THOUSAND = 100_000;
/** The watch makes a round only at its start and when it is told to. */
const NEVER_SECONDS = 86_400;
const FOLLOWED_MS = 300_000;
const POLL_MS = 250;
/** After the last report a round has little left to do. */
const ROUND_ENDS_MS = 1_000;

async function run(bench: Bench): Promise<Outcome> {
  const { orders, seeded } = bench.size.watch;
  const base = await openRealWorld(bench);
  const { sql } = base.world;
  const first = await makeRunning(base, orders);
  const { calls, floor } = await countCalls(base, orders);
  await proveBooks(sql);

  const worker = await openWatchingWorker(bench, base, orders);
  await seedRunning(sql, first, seeded - orders);
  // A watch takes a hint only so many seconds after the last round as that had calls.
  await delay(calls * 1_000);
  const cpu = await cpuOfRound(base, worker, seeded);
  const scaled = (cpu * HUNDRED_THOUSAND) / seeded;
  return {
    rows: [
      {
        measured: `calls to follow ${orders} running orders once`,
        against: 'a status call an order',
        unit: 'calls',
        value: calls,
        floor,
        ratio: calls / floor,
      },
      { measured: `CPU of the worker for a round of ${seeded} batches`, unit: 'seconds', value: cpu },
      ...(seeded < HUNDRED_THOUSAND
        ? [
            {
              measured: `the same × ${Number((HUNDRED_THOUSAND / seeded).toPrecision(3))}`,
              unit: 'seconds',
              value: scaled,
            },
          ]
        : []),
    ],
    figures: { statusCallsPerRound: calls, watchCpuSeconds100k: scaled },
    proof: `${orders} and then ${seeded} batches followed in one round each, books exact`,
    late: await lateTasksIn(base.world.temporal, 0),
  };
}

/** Makes orders that run at the provider; returns the first one's id. */
async function makeRunning({ world: { sql }, shop }: RealWorld, count: number): Promise<number> {
  const ids: number[] = [];
  const sold = Array.from({ length: count }, (_, at) => String(at + 1));
  await inParallel(sold, AT_ONCE, async (providerOrder) => {
    const orderId = await shop.order({ link: `https://example.com/watch/${providerOrder}`, quantity: QUANTITY });
    await running(sql, orderId, providerOrder);
    ids.push(orderId);
  });
  return ids[0] ?? 0;
}

/** From now on the provider says of every order that so much remains. */
function setRemains({ panel }: RealWorld, remains: number): void {
  panel.onStatus = () => ({ status: 'In progress', remains: String(remains), charge: '0.5', start_count: '10' });
}

/** Counts the calls of one round in this process, and of asking about each order by itself. */
async function countCalls(base: RealWorld, orders: number): Promise<{ calls: number; floor: number }> {
  const { world, shop, panel } = base;
  const { sql, temporal, masterKey } = world;
  const [provider = 0] = shop.providers;
  const log = pino({ level: 'silent' });
  const round = createRounds({ sql, temporal, masterKey, currency: 'USD', allowLoopback: true, log });
  const counted = async (act: () => Promise<unknown>): Promise<number> => {
    const before = panel.calls.length;
    await act();
    return panel.calls.length - before;
  };
  const remains = QUANTITY - 1;
  setRemains(base, remains);
  const calls = await counted(async () => (await round(provider)).beside);
  const followed = await followedIn(base, remains);
  if (followed !== orders) throw new Error(`${followed} of ${orders} orders were followed`);
  const target = { url: panel.url, key: 'any', guard: { allowLoopback: true } };
  const ids = Array.from({ length: orders }, (_, at) => String(at + 1));
  const floor = await counted(() =>
    inParallel(ids, AT_ONCE, async (id) => {
      const { said } = await orderStatuses(target, [id]);
      if (said?.get(id) === undefined) throw new Error(`the answer has no row for order ${id}`);
    }),
  );
  return { calls, floor };
}

async function followedIn({ world: { sql }, shop }: RealWorld, remains: number): Promise<number> {
  const [row] = await sql<{ followed: number }[]>`
    select count(*)::integer as followed from batches where provider_id = ${shop.providers[0] ?? 0} and remains = ${remains}`;
  return row?.followed ?? 0;
}

/**
 * Starts a worker, and waits until it has followed the orders twice: as soon as it listens for hints it looks again, because it may
 * have missed one. Its CPU until then does not count.
 */
async function openWatchingWorker(bench: Bench, base: RealWorld, orders: number): Promise<WorkerProcess> {
  await base.world.sql`update providers set poll_seconds = ${NEVER_SECONDS}`;
  setRemains(base, QUANTITY - 2);
  const worker = await openWorker(bench, base);
  await pauseReconciler(base);
  await untilFollowed(base, QUANTITY - 2, orders);
  setRemains(base, QUANTITY - 3);
  await untilFollowed(base, QUANTITY - 3, orders);
  return worker;
}

/** Seconds that the worker uses for one round about so many batches. */
async function cpuOfRound(base: RealWorld, { pid }: WorkerProcess, batches: number): Promise<number> {
  setRemains(base, QUANTITY - 4);
  const { cpu } = await withCpu({ worker: [pid] }, async () => {
    await hintAt(base.world.sql, base.shop.providers[0] ?? 0);
    await untilFollowed(base, QUANTITY - 4, batches);
  });
  return cpu.worker ?? Number.NaN;
}

async function untilFollowed(base: RealWorld, remains: number, batches: number): Promise<void> {
  const deadline = performance.now() + FOLLOWED_MS;
  for (;;) {
    const followed = await followedIn(base, remains);
    if (followed === batches) break;
    if (performance.now() > deadline) throw new Error(`${followed} of ${batches} batches were followed`);
    await delay(POLL_MS);
  }
  await delay(ROUND_ENDS_MS);
}
