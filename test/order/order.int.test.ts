import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { startProvider } from '../../dev/provider/provider.ts';
import { orderQuery, orderWorkflowId } from '../../workflows/contract.ts';
import { placeClaim } from '../support/reads/place.ts';
import { scaled } from '../support/run/scale.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

/** More orders than one status call asks about, which is 100. */
const MANY = scaled({ gate: 130, release: 250 });
const CALLS = Math.ceil(MANY / 100);
const REST = MANY % 100;

describe('orders on real engines', () => {
  let world: World;

  beforeAll(async () => {
    world = await realWorld();
    await world.startWorkers();
  });
  afterAll(() => world.close());

  const statusOf = async (orderId: number) => {
    const [row] = await world.sql<{ status: string; charge: bigint; refunded: bigint; delivered: bigint }[]>`
      select status, charge, refunded, delivered from orders where id = ${orderId}`;
    return row;
  };
  const until = (orderId: number, status: string) =>
    vi.waitFor(async () => expect(await statusOf(orderId)).toMatchObject({ status }), {
      timeout: 30_000,
      interval: 50,
    });

  it('a plain order completes within 24 history events', async () => {
    const { claim } = await world.shop();
    const orderId = await claim({ link: 'https://example.com/p/1?sim=seconds:1' });
    expect(await placeClaim(world.sql, world.temporal, orderId)).toMatchObject({ kind: 'order' });
    await until(orderId, 'Completed');
    const events = await world.history(orderId);
    expect(events.length).toBeLessThanOrEqual(24);
    expect(await verifyLedger(world.sql)).toEqual([]);
  });

  it('a partial refunds exactly what was not delivered', async () => {
    const { claim } = await world.shop();
    const orderId = await claim({ link: 'https://example.com/p/1?sim=seconds:1,partial:600' });
    await placeClaim(world.sql, world.temporal, orderId);
    await until(orderId, 'Partial');
    expect(await statusOf(orderId)).toMatchObject({ delivered: 600n, charge: 54_000_000n, refunded: 36_000_000n });
    expect(await verifyLedger(world.sql)).toEqual([]);
  });

  it(`${MANY} running orders cost ${CALLS} status calls a poll, and settled ones fill up the last of them`, async () => {
    // A new provider, because other tests' orders would add calls.
    const provider = await startProvider({ key: 'upstream-key' });
    onTestFinished(() => provider.stop());
    const { claim, providers } = await world.shop({ balance: '100000', providers: [provider.apiUrl] });
    const ids: number[] = [];
    for (let number = 1; number <= MANY; number += 1)
      ids.push(await claim({ link: `https://example.com/many/${number}?sim=stall` }));
    for (let from = 0; from < ids.length; from += 25) {
      await Promise.all(ids.slice(from, from + 25).map((id) => placeClaim(world.sql, world.temporal, id)));
    }
    await vi.waitFor(
      async () => {
        const [row] =
          await world.sql`select count(*)::integer as running from batches where provider_id = ${providers[0] ?? 0} and state = 'running'`;
        expect(row).toEqual({ running: MANY });
      },
      { timeout: 40_000, interval: 200 },
    );
    const settled = await Promise.all(
      Array.from({ length: 20 }, (_, number) => claim({ link: `https://example.com/settled/${number}?sim=seconds:1` })),
    );
    await Promise.all(settled.map((id) => placeClaim(world.sql, world.temporal, id)));
    for (const id of settled) await until(id, 'Completed');
    const calls = () => provider.stats().status.idsPerCall;
    const from = calls().length;
    await vi.waitFor(() => expect(calls().length - from).toBeGreaterThanOrEqual(3 * CALLS), {
      timeout: 20_000,
      interval: 50,
    });
    // A round may have begun earlier. From the first whole round on, each has the same number of calls, and one call has room
    // left.
    const rounds = Array.from({ length: CALLS }, (_, offset) =>
      [0, CALLS].map((at) =>
        calls()
          .slice(from + offset + at, from + offset + at + CALLS)
          .sort((x, y) => x - y),
      ),
    );
    const asFew = ([rest = 0, ...full]: number[]) =>
      rest >= REST && rest <= REST + settled.length && full.length === CALLS - 1 && full.every((ids) => ids === 100);
    expect(rounds).toContainEqual(expect.toSatisfy((both: number[][]) => both.every(asFew)));
    await expect
      .poll(
        () =>
          calls()
            .slice(from)
            .some((ids) => ids > REST && ids < 100),
        { timeout: 30_000 },
      )
      .toBe(true);
    await Promise.all(
      ids.map((id) => world.temporal.workflow.getHandle(orderWorkflowId(id)).terminate('the test is over')),
    );
    await world.sql`update batches set state = 'done' where provider_id = ${providers[0] ?? 0}`;
  });

  it('an order In progress gains no history event over 20 polls', async () => {
    const { claim } = await world.shop();
    const orderId = await claim({ link: 'https://example.com/p/1?sim=stall:500,speed:100' });
    await placeClaim(world.sql, world.temporal, orderId);
    await vi.waitFor(
      async () =>
        expect(await world.temporal.workflow.getHandle(orderWorkflowId(orderId)).query(orderQuery)).toMatchObject({
          status: 'In progress',
        }),
      { timeout: 30_000 },
    );
    const before = (await world.quietHistory(orderId)).length;
    const polls = () => world.provider.stats().calls.status ?? 0;
    const from = polls();
    await vi.waitFor(() => expect(polls() - from).toBeGreaterThanOrEqual(20), { timeout: 40_000, interval: 100 });
    expect((await world.history(orderId)).length).toBe(before);
    expect(await statusOf(orderId)).toMatchObject({ status: 'In progress', delivered: 500n });
    await world.temporal.workflow.getHandle(orderWorkflowId(orderId)).terminate('the test is over');
  });
});
