import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type OrderInput, orderQuery, resolveUpdate } from '../../workflows/contract.ts';
import { eventually, SteppedOrder } from '../support/model/stepped-order.ts';
import { placeClaim } from '../support/reads/place.ts';
import { first } from '../support/run/scale.ts';
import { alertAbout, reconcile, resetOrder } from '../support/worlds/reconciling.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;

beforeAll(async () => {
  world = await realWorld();
  await world.startWorkers();
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await world.close();
});

const link = (name: string): string => `https://example.com/reset/${name}?sim=stall:400,speed:10000`;

/** An order with 400 delivered and the rest sent again. */
async function sentAgain(name: string, service: object = {}, input: Partial<OrderInput> = {}): Promise<SteppedOrder> {
  const { apiUrl } = world.provider;
  const { claim } = await world.shop({ providers: [apiUrl, apiUrl], service: { review_after_seconds: 1, ...service } });
  const id = await claim({ link: link(name) });
  await placeClaim(world.sql, world.temporal, id, input);
  const order = new SteppedOrder(world, id, link(name));
  await order.becomes({ attention: 'review', delivered: 400 });
  await order.ask(resolveUpdate, { action: 'redispatch' });
  await eventually(async () => expect(await batchesOf(order)).toEqual([[2, 'running']]));
  return order;
}
const batchesOf = async ({ handle }: SteppedOrder) =>
  (await handle.query(orderQuery)).batches.map(({ batch, state }) => [batch, state]);

test.each(first(2, [1, 3, 0, 2]))(
  'an order whose rest was sent again, reset to its task %i, is not settled without it',
  async (nth) => {
    const order = await sentAgain(`running-${nth}`);
    await resetOrder(world, order.id, nth);
    await eventually(async () => expect(await batchesOf(order)).toEqual([[2, 'running']]));
    await order.isNow({ status: 'In progress', refunded: 0n });
    await order.providerSays({ status: 'Completed', remains: 0 });
    await order.becomes({ status: 'Completed', delivered: 1000, refunded: 0n });
    expect(order.sends).toBe(2);
  },
);

test.each(first(1, [3, 1]))(
  'nor without what it delivered, when it is reset to its task %i after that',
  async (nth) => {
    const { provider } = world;
    const counted = {
      verify: 'counter',
      counter_url: `${provider.url}/counter`,
      recheck_seconds: 2,
      review_after_seconds: 1,
    };
    const order = await sentAgain(`counted-${nth}`, counted);
    // The target does not show the items yet, so the order is not settled.
    await provider.lieAbout(order.link, { count: 0 });
    await order.providerSays({ status: 'Completed', remains: 0 });
    await eventually(async () => expect(await batchesOf(order)).toEqual([]));
    await resetOrder(world, order.id, nth);
    await provider.lieAbout(order.link, { count: 1_000_000_000 });
    await order.becomes({ status: 'Completed', delivered: 1000, refunded: 0n });
    expect(order.sends).toBe(2);
  },
);

test('one that has been taken up again and again fails, and is found as one that was lost', async () => {
  const order = await sentAgain('again-and-again', {}, { takenUp: 3 });
  await resetOrder(world, order.id, 1);
  await eventually(async () => expect((await order.handle.describe()).status.name).toBe('FAILED'));
  await order.isNow({ status: 'In progress', refunded: 0n });
  await expect.poll(async () => (await reconcile(world))('order_lost'), { interval: 500 }).toBe('1 found, 1 repaired');
  expect(await alertAbout(world, 'order_lost', `order:${order.id}`)).toMatchObject({ state: 'open' });
  await order.providerSays({ status: 'Completed', remains: 0 });
  await order.becomes({ status: 'Completed', delivered: 1000, refunded: 0n });
  expect(order.sends).toBe(2);
});
