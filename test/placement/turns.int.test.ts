import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOrder } from '../../activities/placement/start-order.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { ordersToRun } from '../../db/reconcile/lost-orders.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

/** More than the slots of a worker, so that most of them wait in the server's queue. */
const MANY = 120;
/** Those that a worker holds already when another comes: its slots, and as many tasks that are on their way to it. */
const TAKEN = 80;

let world: World;
beforeAll(async () => {
  world = await realWorld();
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await world.close();
});

async function start({ claim }: Shop, count: number, of: 'order' | 'line'): Promise<number[]> {
  const ids = await Promise.all(Array.from({ length: count }, () => claim({ quantity: 10 })));
  const orders = await ordersToRun(world.sql, ids);
  await Promise.all(orders.map((order) => startOrder(world, order, 'REJECT_DUPLICATE', of)));
  return ids;
}

test('an order goes before the lines of a list, and the orders of an account before the many of another', async () => {
  // Without money each order is refused at its first step, which is all that this test looks at.
  const [busy, quiet] = [await world.shop({ balance: '0' }), await world.shop({ balance: '0' })];
  const lines = await start(busy, MANY, 'line');
  const many = await start(busy, MANY, 'order');
  const few = await start(quiet, 3, 'order');
  await world.startWorkers();
  const decided = () =>
    world.sql`select order_id::float8 as id from claims where state = 'refused' order by decided_at`;
  await expect.poll(async () => (await decided()).length, { timeout: 120_000 }).toBe(2 * MANY + 3);

  const places = (await decided()).map(({ id }) => id as number);
  const placeOf = (ids: readonly number[]) => ids.map((id) => places.indexOf(id)).sort((one, other) => one - other);
  expect(placeOf(few).at(-1)).toBeLessThan(TAKEN);
  expect(placeOf(many)[MANY / 2]).toBeLessThan(placeOf(lines)[MANY / 2] ?? 0);
});
