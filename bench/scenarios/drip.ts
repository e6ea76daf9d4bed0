import { setTimeout as delay } from 'node:timers/promises';
import { bundleWorkflows, CONNECTION } from '../activities/runtime/workers.ts';
import { scriptedPanel } from '../test/support/peers/panel.ts';
import { Desk } from '../test/support/worlds/desk.ts';
import { openShop } from '../test/support/worlds/shop.ts';
import { skippingWorld } from '../test/support/worlds/timeskip.ts';
import type { Bench, Benchmark } from './benchmark.ts';
import { FLOOR_TASK_QUEUE, openFloorWorker } from './floor-worker.ts';
import { proveOrders } from './proof.ts';
import { perSecond } from './rounds.ts';

const INTERVAL_MINUTES = 30;
const INTERVAL_MS = INTERVAL_MINUTES * 60_000;
const BEGUN_MS = 120_000;
const POLL_MS = 20;

/**
 * A long drip-feed on the time-skipping server: how much of a skipped month's cost is the product's, and how much the engine's.
 */
export const dripFeed: Benchmark = {
  name: 'drip-feed',
  work: 'runs of a drip-feed, time skipped',
  floor: 'an empty activity and a timer a run',
  unit: 'per second',
  async open(bench) {
    const { endings, size } = bench;
    const { runs } = size.dripFeed;
    const world = await openSkippingWorld(bench);
    const { sql, env, masterKey } = world;
    const panel = await endings.opened('the provider', scriptedPanel, (one) => one.close());
    const shop = await openShop(sql, { balance: '1000000', providers: [panel.url], masterKey });
    const desk = new Desk(world);

    /** Waits until `count` runs have been sent and no activity is pending. No time is skipped meanwhile. */
    const begun = async (orderId: number, count: number): Promise<void> => {
      const deadline = performance.now() + BEGUN_MS;
      for (;;) {
        const [row] = await sql<{ begun: number }[]>`
          select count(*)::integer as begun from batches where order_id = ${orderId} and provider_order is not null`;
        const { raw } = await desk.handle(orderId).describe();
        if (row?.begun === count && (raw.pendingActivities ?? []).length === 0) return;
        if (performance.now() > deadline) throw new Error(`${row?.begun} runs have begun, expected ${count}`);
        await delay(POLL_MS);
      }
    };
    let placed = 0;
    const live = async (): Promise<void> => {
      placed += 1;
      const link = `https://example.com/drip-feed/${placed}`;
      const plan = { runs, intervalMinutes: INTERVAL_MINUTES };
      const orderId = await shop.claim({ link, quantity: 100, dripFeed: plan });
      await desk.place(orderId);
      await begun(orderId, 1);
      // Every skip ends halfway between two runs, see SkippingWorld. The last run begins after all others have completed,
      // because the watch signals each end once every run has begun.
      await env.sleep(INTERVAL_MS / 2 + (runs - 2) * INTERVAL_MS);
      await begun(orderId, runs - 1);
      await desk.completeRunning(shop, orderId);
      await env.sleep(INTERVAL_MS);
      await begun(orderId, runs);
      await desk.completeRunning(shop, orderId);
      await desk.handle(orderId).result();
    };
    let floors = 0;
    const doNothing = async (): Promise<void> => {
      floors += 1;
      const handle = await env.client.workflow.start('nothingEachRun', {
        taskQueue: FLOOR_TASK_QUEUE,
        workflowId: `nothing-${floors}`,
        args: [{ runs, intervalMs: INTERVAL_MS }],
      });
      await env.sleep(INTERVAL_MS / 2 + runs * INTERVAL_MS);
      await handle.result();
    };
    return {
      work: () => perSecond(runs, live),
      floor: () => perSecond(runs, doNothing),
      prove: () =>
        proveOrders(sql, { orders: placed, status: 'Completed', batches: placed * runs, adds: panel.adds().length }),
    };
  },
};

/** The world of the time-skipping tests, with a floor worker beside its own workers. */
async function openSkippingWorld({ engines, endings }: Bench) {
  const [postgresUrl, timeSkippingServer] = await Promise.all([engines.testPostgres(), engines.testServer()]);
  const world = await endings.opened(
    'the world where time is skipped',
    () => skippingWorld({ engines: { postgresUrl, timeSkippingServer, workflows: bundleWorkflows() } }),
    (one) => one.close(),
  );
  // The same connection options as the orders' worker.
  await openFloorWorker(endings, { address: world.env.address, ...CONNECTION }, 'default');
  return world;
}
