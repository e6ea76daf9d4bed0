import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { readOrder } from '../../db/order/orders.ts';
import { atStep, ORDER_STEPS } from '../support/model/order-steps.ts';
import { ends, goesOn } from '../support/model/step-ends.ts';
import { eventually, SteppedOrder } from '../support/model/stepped-order.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type OwnTemporal, worldOnOwnTemporal } from '../support/worlds/own-temporal.ts';
import { alertAbout, reconcile } from '../support/worlds/reconciling.ts';

let on: OwnTemporal;

beforeAll(async () => {
  on = await worldOnOwnTemporal();
}, 120_000);
afterAll(() => on.close());

it('orders at every step of their lives are taken up by a Temporal server that knows of none of them, and go on', async () => {
  const { world } = on;
  const { sql, provider } = world;
  const workers = await world.startWorkers();
  const orders = await Promise.all(ORDER_STEPS.map(async (step) => ({ step, order: await atStep(world, step) })));
  const scheduledAt = Date.now() + 30_000;
  const link = 'https://example.com/on-time?sim=seconds:1';
  const { claim } = await world.shop();
  const id = await claim({ link, scheduledAt });
  await placeClaim(sql, world.temporal, id);
  const onTime = new SteppedOrder(world, id, link);
  const open = [...orders.map(({ order }) => order), onTime];

  await Promise.all([on.loseServer(), workers.stop()]);
  await expect(onTime.handle.describe()).rejects.toThrow('not found');
  for (const { step, order } of orders) await step.meanwhile?.(order);
  // Placed some minutes ago: the API starts the workflow of an order that it has just placed.
  await sql`update claims set created_at = created_at - interval '5 minutes'`;
  await sql`update orders set created_at = created_at - interval '5 minutes'`;

  await world.startWorkers();
  const alerts = () =>
    Promise.all(open.map(async (order) => (await alertAbout(world, 'order_lost', `order:${order.id}`)).state));
  expect((await reconcile(world))('order_lost')).toBe(`${open.length} found, ${open.length} repaired`);
  expect(new Set(await alerts())).toEqual(new Set(['open']));
  await Promise.all(orders.map(({ step, order }) => goesOn(order, step)));
  await ends(onTime, 'Completed', 1000, 1);
  expect((await readOrder(sql, onTime.id))?.startedAt?.getTime()).toBeGreaterThanOrEqual(scheduledAt);
  await eventually(async () => {
    await reconcile(world);
    expect(new Set(await alerts())).toEqual(new Set(['resolved']));
  });
  expect(await verifyLedger(sql)).toEqual([]);
  for (const { order, step } of orders) expect(provider.adds(order.link)).toHaveLength(step.sends);
}, 180_000);
