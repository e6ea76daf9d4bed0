import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import {
  ORDER_WORKFLOW,
  type OrderInput,
  orderQuery,
  orderWorkflowId,
  pauseUpdate,
  resolveUpdate,
  resumeSignal,
  TASK_QUEUE,
} from '../../workflows/contract.ts';
import { eventually, SteppedOrder } from '../support/model/stepped-order.ts';
import { placeClaim } from '../support/reads/place.ts';
import { first } from '../support/run/scale.ts';
import { alertAbout, reconcile, resetOrder, taskOf } from '../support/worlds/reconciling.ts';
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

test.each<[string, (order: SteppedOrder) => number | Promise<number>]>([
  ['the task that sent the rest', (order) => taskOf(world, order.id, 'dispatch', 2)],
  ...first(1, [3, 1]).map((nth) => [`its task ${nth}`, () => nth] as [string, () => number]),
])('nor without what it delivered, when it is reset to %s after that', async (name, task) => {
  const { provider } = world;
  const counted = {
    verify: 'counter',
    counter_url: `${provider.url}/counter`,
    recheck_seconds: 2,
    review_after_seconds: 1,
  };
  const order = await sentAgain(`counted-${name.replaceAll(' ', '-')}`, counted);
  // The target does not show the items yet, so the order is not settled.
  await provider.lieAbout(order.link, { count: 0 });
  await order.providerSays({ status: 'Completed', remains: 0 });
  await eventually(async () => expect(await batchesOf(order)).toEqual([]));
  await resetOrder(world, order.id, await task(order));
  await provider.lieAbout(order.link, { count: 1_000_000_000 });
  await order.becomes({ status: 'Completed', delivered: 1000, refunded: 0n });
  expect(order.sends).toBe(2);
});

/** A drip-feed of five daily runs, of which three have been sent, and the workflow that sent the second. */
async function dripFeed(name: string) {
  const { claim } = await world.shop({ providers: [world.provider.apiUrl] });
  const id = await claim({ link: link(name), dripFeed: { runs: 5, intervalMinutes: 1_440 } });
  await placeClaim(world.sql, world.temporal, id);
  const order = new SteppedOrder(world, id, link(name));
  const sent = (runs: readonly number[]) =>
    eventually(async () => expect(await batchesOf(order)).toEqual(runs.map((run) => [run, 'running'])));
  /** Another workflow takes the order up, and its next run is due. */
  const takenUp = async () => {
    await world.sql`update orders set next_run_at = now() where id = ${id}`;
    const { firstExecutionRunId } = await world.temporal.workflow.start(ORDER_WORKFLOW, {
      workflowId: orderWorkflowId(id),
      taskQueue: TASK_QUEUE,
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      args: [{ orderId: id }],
    });
    return firstExecutionRunId;
  };
  await sent([1]);
  await order.ask(pauseUpdate, {});
  await order.becomes({ attention: 'paused' });
  const second = await takenUp();
  await eventually(async () => expect(await order.handle.query(orderQuery)).toMatchObject({ attention: 'paused' }));
  await order.handle.signal(resumeSignal, { by: 'ann' });
  await sent([1, 2]);
  await takenUp();
  await sent([1, 2, 3]);
  return { order, second, sent };
}

test('a drip-feed that is reset to the middle of its history goes on after the runs that were sent since', async () => {
  const { order, second, sent } = await dripFeed('drip-feed');
  const nextRunAt = new Date(Date.now() + 7_200_000);
  await world.sql`update orders set next_run_at = ${nextRunAt} where id = ${order.id}`;
  // The task in which the second run began.
  await resetOrder(world, order.id, 1, second);
  await sent([1, 2, 3]);
  await order.isNow({ status: 'In progress', nextRunAt });
  expect(order.sends).toBe(3);
});

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
