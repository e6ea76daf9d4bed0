import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { orderQuery, orderWorkflowId, resolveUpdate } from '../../workflows/contract.ts';
import { scriptedCounter } from '../support/peers/counter.ts';
import { placeClaim } from '../support/reads/place.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

describe('an order whose target the simulated provider counts', () => {
  let world: World;

  beforeAll(async () => {
    world = await realWorld();
    await world.startWorkers();
  });
  afterAll(async () => {
    expect(await verifyLedger(world.sql)).toEqual([]);
    await world.close();
  });

  const place = async (link: string): Promise<number> => {
    const counter_url = `${world.provider.url}/counter`;
    const { claim } = await world.shop({ service: { verify: 'counter', counter_url, recheck_seconds: 1 } });
    const orderId = await claim({ link });
    await placeClaim(world.sql, world.temporal, orderId);
    return orderId;
  };
  const rowOf = async (orderId: number) => {
    const [row] = await world.sql`
      select o.status, o.delivered, o.counted_start, o.attention, b.state from orders o join batches b on b.order_id = o.id
        where o.id = ${orderId}`;
    return row;
  };
  const until = (orderId: number, expected: object) =>
    vi.waitFor(async () => expect(await rowOf(orderId)).toMatchObject(expected), { timeout: 30_000, interval: 50 });

  it('is counted before it is sent, and completes on what both say', async () => {
    const link = 'https://example.com/v/1?sim=seconds:1';
    const before = world.provider.count(link);
    const orderId = await place(link);
    await until(orderId, { status: 'Completed', counted_start: BigInt(before), delivered: 1000n });
    expect(world.provider.count(link)).toBe(before + 1000);
    expect((await world.history(orderId)).length).toBeLessThanOrEqual(30);
  });

  it('is not charged for while the counter shows less, and is once it does not', async () => {
    const link = 'https://example.com/v/2?sim=seconds:1';
    await world.provider.lieAbout(link, { count: world.provider.count(link) });
    const orderId = await place(link);
    await until(orderId, { status: 'In progress', state: 'done', attention: 'none' });
    const handle = world.temporal.workflow.getHandle(orderWorkflowId(orderId));
    expect(await handle.query(orderQuery)).toMatchObject({ status: 'In progress', delivered: 1000, refunded: '0' });
    await world.provider.lieAbout(link, null);
    await until(orderId, { status: 'Completed' });
  });

  it('of a partial is charged for what was delivered', async () => {
    const orderId = await place('https://example.com/v/3?sim=seconds:1,partial:600');
    await until(orderId, { status: 'Partial', delivered: 600n });
  });

  it('with a counter that was away at the send is not judged by a start count of 0, which may be none', async () => {
    const counter = await scriptedCounter();
    counter.count = null;
    try {
      const service = { verify: 'counter', counter_url: counter.url, recheck_seconds: 1 };
      const { claim } = await world.shop({ service });
      const orderId = await claim({ link: 'https://example.com/v/4?sim=seconds:1,start:0' });
      await placeClaim(world.sql, world.temporal, orderId);
      await vi.waitFor(() => expect(counter.asked).toBeGreaterThan(0), { timeout: 30_000 });
      // The target had 5000 before the order and gained nothing.
      counter.count = 5_000;
      const before = counter.asked;
      await vi.waitFor(() => expect(counter.asked).toBeGreaterThan(before + 1), { timeout: 30_000 });
      await until(orderId, { status: 'In progress', state: 'done', counted_start: null, delivered: 1000n });
      const handle = world.temporal.workflow.getHandle(orderWorkflowId(orderId));
      const decide = { by: 'ann', reason: 'looked', action: 'partial', delivered: 0 } as const;
      await vi.waitFor(
        async () => {
          expect(await handle.query(orderQuery)).toMatchObject({ attention: 'conflict' });
        },
        { timeout: 60_000, interval: 100 },
      );
      expect(await handle.executeUpdate(resolveUpdate, { args: [decide] })).toMatchObject({ ok: true });
      await until(orderId, { status: 'Canceled' });
    } finally {
      await counter.close();
    }
  });
});
