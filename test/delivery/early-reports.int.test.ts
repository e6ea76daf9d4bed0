import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SteppedOrder } from '../support/model/stepped-order.ts';
import { placeClaim } from '../support/reads/place.ts';
import { signalsOf } from '../support/reads/signals.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
/** The order whose workflow learns the outcome of its send only after the watch has reported on it. */
let held: number | undefined;

beforeAll(async () => {
  world = await realWorld({
    faults: async (point, { step, orderId }) => {
      // PostgreSQL, and so the watch, already has the outcome of the send.
      if (orderId === held && step === 'record' && point === 'afterCommit') {
        await vi.waitUntil(() => isTold(orderId), { timeout: 30_000 });
      }
    },
  });
  await world.startWorkers();
});
afterAll(() => world.close());

async function isTold(orderId: number): Promise<boolean> {
  const [row] = await world.sql`select reported_at is not null as told from batches where order_id = ${orderId}`;
  return row?.told === true;
}

test('a provider that is done before the workflow knows that it has the order is told of once', async () => {
  const { claim } = await world.shop();
  const orderFor = async (link: string) => new SteppedOrder(world, await claim({ link }), link);
  // From now on the watch asks this provider.
  const watched = await orderFor('https://example.com/watched?sim=stall:400,speed:10000');
  await placeClaim(world.sql, world.temporal, watched.id);
  await watched.becomes({ delivered: 400 });

  const order = await orderFor('https://example.com/done-at-once?sim=speed:1000000');
  held = order.id;
  await placeClaim(world.sql, world.temporal, order.id);
  await order.becomes({ status: 'Completed' });
  expect(await signalsOf(order.handle)).toEqual(['report']);
  expect(order.sends).toBe(1);
});
