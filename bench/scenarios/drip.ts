import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { bundleWorkflows } from '../../activities/workflow-code.ts';
import { scriptedPanel } from '../../test/support/peers/panel.ts';
import { Desk } from '../../test/support/worlds/desk.ts';
import { openShop, type Shop } from '../../test/support/worlds/shop.ts';
import { type SkippingWorld, skippingWorld } from '../../test/support/worlds/timeskip.ts';
import { addLate, type HistoryEvents, type LateTasks, lateTasksOf, NONE_LATE } from '../measure/histories.ts';
import { proveOrders } from '../measure/proof.ts';
import { compare, interleaved, perSecond } from '../measure/rounds.ts';
import type { Bench, Outcome, Scenario } from '../scenario.ts';
import { FLOOR_TASK_QUEUE, openFloorWorker } from '../world/floor-worker.ts';

/**
 * A long drip-feed on the time-skipping server: how much of a skipped month's cost is the product's, and how much the engine's.
 */
export const drip: Scenario = { name: 'drip', run };

const INTERVAL_MINUTES = 30;
const INTERVAL_MS = INTERVAL_MINUTES * 60_000;
const BEGUN_MS = 120_000;
const POLL_MS = 20;

async function run(bench: Bench): Promise<Outcome> {
  const { endings, size } = bench;
  const { runs } = size.drip;
  const world = await openSkippingWorld(bench);
  const panel = await endings.opened('the provider', scriptedPanel, (one) => one.close());
  const shop = await openShop(world.sql, { balance: '1000000', providers: [panel.url], masterKey: world.masterKey });
  const orders: number[] = [];
  let floors = 0;
  const doNothing = async (): Promise<void> => {
    floors += 1;
    const handle = await world.env.client.workflow.start('nothingEachRun', {
      taskQueue: FLOOR_TASK_QUEUE,
      workflowId: `nothing-${floors}`,
      args: [{ runs, intervalMs: INTERVAL_MS }],
    });
    await world.env.sleep(INTERVAL_MS / 2 + runs * INTERVAL_MS);
    await handle.result();
  };
  const measured = await interleaved(
    {
      runs: () => perSecond(runs, async () => void orders.push(await liveDripFeed(world, shop, orders.length, runs))),
      floor: () => perSecond(runs, doNothing),
    },
    size.rounds,
  );
  const { sql } = world;
  const placed = orders.length;
  const adds = panel.adds().length;
  const proof = await proveOrders(sql, { orders: placed, status: 'Completed', batches: placed * runs, adds });
  const { events, late } = await readHistories(new Desk(world), orders);
  const each = events / (placed * runs);
  const compared = compare(measured.runs, measured.floor);
  return {
    rows: [
      {
        measured: 'runs of a drip-feed, time skipped',
        against: 'an empty activity and a timer a run',
        unit: 'per second',
        ...compared,
      },
      { measured: `events for each of ${runs} runs`, unit: 'events', value: each },
    ],
    figures: { eventsPerDripBatch: each },
    proof,
    late,
  };
}

/** Lives a drip-feed from its first run to its end; returns its id. */
async function liveDripFeed(world: SkippingWorld, shop: Shop, number: number, runs: number): Promise<number> {
  const desk = new Desk(world);
  const link = `https://example.com/drip/${number}`;
  const orderId = await shop.claim({ link, quantity: 100, dripFeed: { runs, intervalMinutes: INTERVAL_MINUTES } });
  await desk.place(orderId);
  await begun(world, desk, orderId, 1);
  // Every skip ends halfway between two runs, see SkippingWorld. The last run begins after all others have completed,
  // because the watch signals each end once every run has begun.
  await world.env.sleep(INTERVAL_MS / 2 + (runs - 2) * INTERVAL_MS);
  await begun(world, desk, orderId, runs - 1);
  await desk.completeRunning(shop, orderId);
  await world.env.sleep(INTERVAL_MS);
  await begun(world, desk, orderId, runs);
  await desk.completeRunning(shop, orderId);
  await desk.handle(orderId).result();
  return orderId;
}

/** Waits until `count` runs have been sent and no activity is pending. No time is skipped meanwhile. */
async function begun({ sql }: SkippingWorld, desk: Desk, orderId: number, count: number): Promise<void> {
  const deadline = performance.now() + BEGUN_MS;
  for (;;) {
    const [row] = await sql<{ begun: number }[]>`
      select count(*)::integer as begun from batches where order_id = ${orderId} and provider_order is not null`;
    const { raw } = await desk.handle(orderId).describe();
    if (row?.begun === count && (raw.pendingActivities ?? []).length === 0) return;
    if (performance.now() > deadline) throw new Error(`${row?.begun} runs have begun, expected ${count}`);
    await delay(POLL_MS);
  }
}

/** Counts the events and the late tasks of these orders. */
async function readHistories(desk: Desk, orders: readonly number[]): Promise<{ events: number; late: LateTasks }> {
  let [events, late] = [0, NONE_LATE];
  for (const id of orders) {
    const all = await everyRunOf(desk, id);
    events += all.flat().length;
    for (const history of all) late = addLate(late, lateTasksOf(history));
  }
  return { events, late };
}

/** The histories of an order's workflow, from the last one back to the first: a long one continues as new. */
async function everyRunOf(desk: Desk, orderId: number): Promise<HistoryEvents[]> {
  const all: HistoryEvents[] = [];
  let handle: WorkflowHandle | undefined = desk.handle(orderId);
  while (handle !== undefined) {
    const events: HistoryEvents = (await handle.fetchHistory()).events ?? [];
    all.push(events);
    const before = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    handle = before ? desk.world.env.client.workflow.getHandle(handle.workflowId, before) : undefined;
  }
  return all;
}

/** The world of the time-skipping tests, with a floor worker beside its own workers. */
async function openSkippingWorld({ engines, endings }: Bench): Promise<SkippingWorld> {
  const [{ url: postgresUrl }, timeSkippingServer] = await Promise.all([engines.testPostgres(), engines.testServer()]);
  const world = await endings.opened(
    'the world where time is skipped',
    () => skippingWorld({ engines: { postgresUrl, timeSkippingServer, workflows: bundleWorkflows() } }),
    (one) => one.close(),
  );
  await openFloorWorker(endings, world.env.address, 'default');
  return world;
}
