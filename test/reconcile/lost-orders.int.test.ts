import { afterAll, describe, expect, it } from 'vitest';
import { openWindows, unendedOrders } from '../../db/reconcile/lost-orders.ts';
import { listReviews } from '../../db/review/reviews.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { end } from '../support/reads/books.ts';
import { placeClaim } from '../support/reads/place.ts';
import { reconcile, reconcilingWorld, resetOrder } from '../support/worlds/reconciling.ts';

const { world, aged, read, orderAlert, statusOf, isKnown, link, close } = await reconcilingWorld();
const soon = { timeout: 30_000 };

afterAll(close);

const handle = (id: number) => world.temporal.workflow.getHandle(orderWorkflowId(id));

it('what runs is left alone', async () => {
  const { claim } = await world.shop();
  const id = await claim(link('stall'));
  await placeClaim(world.sql, world.temporal, id);
  await aged(id);
  const { runId } = await handle(id).describe();
  expect((await reconcile(world))('order_lost')).toBe('0 found, 0 repaired');
  expect((await handle(id).describe()).runId).toBe(runId);
  expect(await orderAlert(id)).toMatchObject({ state: 'none' });
});

describe('an order whose workflow Temporal does not know', () => {
  it('is started again from PostgreSQL and ends, sent once', async () => {
    const { order } = await world.shop();
    const target = link('seconds:1');
    const id = await order(target);
    await aged(id);
    expect((await reconcile(world))('order_lost')).toBe('1 found, 1 repaired');
    expect(await orderAlert(id)).toEqual({
      state: 'open',
      detail: 'its workflow was lost: Temporal does not know it; it is started again',
    });
    await expect.poll(read(id), soon).toMatchObject({ status: 'Completed' });
    expect(world.provider.adds(target.link)).toHaveLength(1);
    await reconcile(world);
    expect(await orderAlert(id)).toMatchObject({ state: 'resolved' });
  });

  it('and that can be refilled is open for that again', async () => {
    const { order } = await world.shop({ service: { refill_days: 30 } });
    const id = await order(link('seconds:1'));
    await end(world.sql, id, 1000, { at: new Date() });
    await aged(id);
    expect((await reconcile(world))('order_lost')).toBe('1 found, 1 repaired');
    expect(await statusOf(orderWorkflowId(id))).toBe('RUNNING');
  });

  it('is left to whoever is just placing it', async () => {
    const { order, claim } = await world.shop();
    const [placed, claimed] = [await order(), await claim()];
    await reconcile(world);
    expect([await isKnown(placed), await isKnown(claimed)]).toEqual([false, false]);
    // End both, so that the slow tests that follow do not find them.
    await end(world.sql, placed, 0);
    await world.sql`select close_claim(${claimed}, 'withdrawn')`;
  });
});

describe('an order whose workflow is lost again and again', () => {
  it('is started again three times in an hour, then shown to a person until it runs', async () => {
    const { claim } = await world.shop();
    const target = link('stall:0');
    const id = await claim(target);
    await placeClaim(world.sql, world.temporal, id);
    await expect.poll(read(id), soon).toMatchObject({ status: 'In progress' });
    /** Terminates the workflow and lets the reconciler find it. Returns whether it runs afterwards. */
    const lost = async () => {
      await handle(id).terminate('again');
      const found = async () => {
        await reconcile(world);
        return orderAlert(id);
      };
      await expect
        .poll(found, soon)
        .toMatchObject({ state: 'open', detail: expect.stringContaining('was terminated') });
      return (await statusOf(orderWorkflowId(id))) === 'RUNNING';
    };
    for (let time = 1; time <= 3; time += 1) {
      expect(await lost()).toBe(true);
      await reconcile(world);
      expect(await orderAlert(id)).toMatchObject({ state: 'resolved' });
    }
    await handle(id).terminate('once more');
    await expect
      .poll(async () => {
        await reconcile(world);
        return orderAlert(id);
      }, soon)
      .toMatchObject({ state: 'open', detail: expect.stringContaining('lost several times') });
    // A day later it is not restarted either.
    await world.sql`update order_restarts set since = since - interval '1 day', given_up_at = given_up_at - interval '1 day'`;
    expect((await reconcile(world))('order_lost')).toBe('1 found, 0 repaired');
    expect(await statusOf(orderWorkflowId(id))).toBe('TERMINATED');
    expect((await listReviews(world.sql, { attention: 'review' }, 10)).rows).toMatchObject([
      { order: id, by: 'system', why: expect.stringContaining('lost several times') },
    ]);

    await resetOrder(world, id);
    await expect.poll(read(id), soon).toMatchObject({ status: 'In progress', attention: 'none' });
    await reconcile(world);
    expect(await orderAlert(id)).toMatchObject({ state: 'resolved' });
    await world.provider.force(world.provider.orders(target.link)[0]?.order ?? 0, { status: 'Completed', remains: 0 });
    await expect.poll(read(id), soon).toMatchObject({ status: 'Completed' });
    expect(world.provider.adds(target.link)).toHaveLength(1);
  });
});

it('passes over orders page by page, and none twice', async () => {
  const { order } = await world.shop({ service: { refill_days: 30 } });
  const ids = [await order(), await order(), await order()];
  const from = (ids[0] ?? 0) - 1;
  expect(await unendedOrders(world.sql, from, 2)).toEqual(ids.slice(0, 2));
  expect(await unendedOrders(world.sql, ids[1] ?? 0, 2)).toEqual(ids.slice(2));
  // All windows of the other tests end earlier.
  const at = new Date(Date.now() + 365 * 86_400_000);
  for (const id of ids) await end(world.sql, id, 1000, { at });
  const after = { until: at, id: 0 };
  const first = await openWindows(world.sql, after, 2);
  expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect((await openWindows(world.sql, first[1] ?? after, 2)).map(({ id }) => id)).toEqual(ids.slice(2));
});
