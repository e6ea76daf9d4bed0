import { afterAll, describe, expect, it } from 'vitest';
import { createBulkOrders, findBulkOrders } from '../../db/placement/bulk-orders.ts';
import { reconcile, reconcilingWorld } from '../support/worlds/reconciling.ts';

const { world, aged, read, orderAlert, isKnown, link, close } = await reconcilingWorld();
const soon = { timeout: 30_000 };

afterAll(close);

describe('a request that nobody decided', () => {
  it('becomes the order that it asks for, without an alert: nobody was told anything yet', async () => {
    const { claim } = await world.shop();
    const id = await claim(link('seconds:1'));
    await aged(id);
    expect((await reconcile(world))('claim_open')).toBe('1 found, 1 repaired');
    await expect.poll(read(id), soon).toMatchObject({ status: 'Completed' });
    expect(await orderAlert(id)).toMatchObject({ state: 'none' });
  });

  it('in time is withdrawn', async () => {
    const { claim } = await world.shop();
    const id = await claim({}, new Date(Date.now() - 1_000));
    expect((await reconcile(world))('claim_open')).toBe('1 found, 1 repaired');
    expect(await world.sql`select state from claims where order_id = ${id}`).toEqual([{ state: 'withdrawn' }]);
    expect(await isKnown(id)).toBe(false);
  });
});

it('a list that nobody places is placed', async () => {
  const { account, service } = await world.shop();
  const request = { service, quantity: 100, ...link('seconds:1') };
  const list = await createBulkOrders(world.sql, account, 'lost', [{ line: 1, request }]);
  expect((await reconcile(world))('list_lost')).toBe('1 found, 1 repaired');
  await expect.poll(() => findBulkOrders(world.sql, account, list), soon).toMatchObject({ placed: 1, waiting: 0 });
});
