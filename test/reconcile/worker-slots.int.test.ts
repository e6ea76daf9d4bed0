import { afterEach, expect, it } from 'vitest';
import { startOrder } from '../../activities/placement/start-order.ts';
import { backlogOf } from '../../activities/runtime/standstill.ts';
import { ordersToRun } from '../../db/reconcile/lost-orders.ts';
import { TASK_QUEUE } from '../../workflows/contract.ts';
import { workerProcess } from '../support/engines/worker-process.ts';
import { reconcile } from '../support/worlds/reconciling.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

/** The grace period of docker-compose before it kills a worker. */
const GRACE_MS = 60_000;

let world: World;
afterEach(() => world.close());

/** Writes `count` undecided claims. Returns a function that starts their workflows. */
async function requests({ claim }: Shop, count: number): Promise<() => Promise<void>> {
  const ids = await Promise.all(Array.from({ length: count }, () => claim({ quantity: 10 })));
  const orders = await ordersToRun(world.sql, ids);
  return async () => {
    await Promise.all(orders.map((order) => startOrder(world, order, 'REJECT_DUPLICATE')));
  };
}
const open = async () => (await world.sql`select from claims where state = 'open'`).length;

it('what looks for what is wrong runs while orders have taken every slot of theirs', async () => {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const deciding = new Set<number>();
  world = await realWorld({
    faults: async (point, { step, orderId }) => {
      if (step !== 'accept' || point !== 'beforeCommit') return;
      deciding.add(orderId);
      await gate;
    },
  });
  await world.startWorkers();
  const start = await requests(await world.shop(), 60);
  await start();
  await expect.poll(() => deciding.size).toBeGreaterThan(30);
  const found = await reconcile(world);
  expect(found('order_lost')).toBe('0 found, 0 repaired');
  letGo();
  await expect.poll(open, { timeout: 120_000 }).toBe(0);
}, 240_000);

it('tasks that nobody takes are seen to wait', async () => {
  world = await realWorld();
  const backlog = backlogOf(world.temporal);
  expect(await backlog(TASK_QUEUE)).toBe(0);
  const start = await requests(await world.shop(), 1);
  await start();
  await expect.poll(() => backlog(TASK_QUEUE)).toBeGreaterThan(0);
});

it('a worker that is told to stop is gone within its grace, whatever its steps wait for, and the next one does them', async () => {
  world = await realWorld();
  // An unreachable provider: with a readable catalogue, the worker's quarter-hourly check would hold the route.
  const shop = await world.shop({ providers: ['http://127.0.0.1:9/api/v2'] });
  const start = await requests(shop, 60);
  const worker = await workerProcess(world);
  // Every `accept_order` waits for this lock.
  const holder = await world.sql.reserve();
  try {
    await holder`begin`;
    await holder`set local idle_in_transaction_session_timeout = 0`;
    await holder`lock table orders in access exclusive mode`;
    // Not awaited: steps that have waited long free their slots, so fewer would wait at the same time.
    const started = start();
    const waiting = async () =>
      (
        await world.sql`select from pg_stat_activity where application_name = 'holdfast-worker' and wait_event_type = 'Lock'`
      ).length;
    await expect.poll(waiting).toBeGreaterThan(10);
    await started;
    expect(await worker.stop()).toBeLessThan(GRACE_MS);
  } finally {
    await holder`rollback`;
    holder.release();
    await worker.close();
  }
  await world.startWorkers();
  await expect.poll(open, { timeout: 120_000 }).toBe(0);
  const ends = world.sql`select state, refusal, count(*)::integer as claims from claims group by state, refusal`;
  expect(await ends).toEqual([{ state: 'order', refusal: null, claims: 60 }]);
}, 300_000);
