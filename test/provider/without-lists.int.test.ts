import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createWatches } from '../../activities/delivery/watches.ts';
import { createRefillActivities } from '../../activities/refill/refills.ts';
import { createStaffKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { openRefill } from '../../db/refill/refills.ts';
import { type RunningProvider, startProvider } from '../../dev/provider/provider.ts';
import type { SettingsChange } from '../../dev/provider/settings.ts';
import { cancelUpdate, orderWorkflowId } from '../../workflows/contract.ts';
import { running } from '../support/engines/running.ts';
import { end } from '../support/reads/books.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { ShopOptions } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

describe.concurrent('a provider that knows only `order`', () => {
  let world: World;
  let api: ServedApi;
  let staff: string;
  const providers: RunningProvider[] = [];

  beforeAll(async () => {
    world = await realWorld();
    api = await serveApi(world);
    ({ key: staff } = await createStaffKey(world.sql, { name: 'buyer' }));
    await world.startWorkers();
  });
  afterAll(async () => {
    expect(await verifyLedger(world.sql)).toEqual([]);
    await api.close();
    await world.close();
    for (const provider of providers) await provider.stop();
  });

  /** A shop with its own provider, which handles lists in this way. */
  async function shopAt(lists: NonNullable<SettingsChange['lists']>, options: ShopOptions = {}) {
    const provider = await startProvider({ key: 'upstream-key', settings: { lists } });
    providers.push(provider);
    const shop = await world.shop({ providers: [provider.apiUrl], ...options });
    return { provider, shop, id: shop.providers[0] ?? 0 };
  }
  const eventually = (hold: () => Promise<void>) => vi.waitFor(hold, { timeout: 45_000, interval: 100 });
  const statusOf = async (order: number) =>
    (await world.sql`select status, delivered::float8 as delivered from orders where id = ${order}`)[0];
  const shown = async (id: number) => {
    const { body } = await api.v1('/v1/admin/providers?limit=100', { key: staff });
    return (body.data as { id: number }[]).find((one) => one.id === id);
  };

  it.each(['400', 'error', 'nothing', 'first'] as const)(
    'and answers lists with %s is noticed, and its orders complete',
    async (lists) => {
      const { shop, id } = await shopAt(lists);
      const orders = await Promise.all(
        [1, 2, 3].map((n) => shop.claim({ link: `https://example.com/${lists}/${n}?sim=seconds:${n}` })),
      );
      for (const order of orders) await placeClaim(world.sql, world.temporal, order);
      for (const order of orders)
        await eventually(async () => expect(await statusOf(order)).toEqual({ status: 'Completed', delivered: 1000 }));
      expect(await shown(id)).toMatchObject({ lists: null, noLists: { status: expect.any(String) } });
    },
  );

  it('is asked one by one from the first call on when staff say that it knows none', async () => {
    const { shop, id, provider } = await shopAt('known');
    const change = (lists: boolean | null) =>
      api.v1(`/v1/admin/providers/${id}`, { key: staff, method: 'PATCH', body: { lists } });
    await world.sql`update providers set no_lists = jsonb_build_object('status', now()) where id = ${id}`;
    expect((await change(false)).status).toBe(200);
    expect(await shown(id)).toMatchObject({ lists: false, noLists: {} });
    await provider.configure({ lists: '400' });
    const order = await shop.claim({ link: 'https://example.com/said/1?sim=seconds:1' });
    await placeClaim(world.sql, world.temporal, order);
    await eventually(async () => expect(await statusOf(order)).toMatchObject({ status: 'Completed' }));
    expect(await shown(id)).toMatchObject({ lists: false, noLists: {} });
  });

  it('stops an order when it is asked to', async () => {
    const { shop } = await shopAt('400', { service: { cancel: true } });
    const order = await shop.claim({ link: 'https://example.com/stopped/1?sim=stall:100' });
    await placeClaim(world.sql, world.temporal, order);
    await eventually(async () => expect(await statusOf(order)).toMatchObject({ delivered: 100 }));
    const handle = world.temporal.workflow.getHandle(orderWorkflowId(order));
    await handle.executeUpdate(cancelUpdate, { args: [{ by: 'ann', reason: 'asked' }] });
    await eventually(async () => expect(await statusOf(order)).toEqual({ status: 'Partial', delivered: 100 }));
  });

  /** A Completed drip-feed at a provider that refuses lists, and its refill, asked for as the workflow does. */
  async function refilled(runs: number, script: string) {
    const { sql, temporal, masterKey } = world;
    const { provider, shop, id } = await shopAt('error', { service: { refill_days: 30 } });
    const order = await shop.order({ quantity: 100, dripFeed: { runs, intervalMinutes: 60 } });
    const at = new Date();
    for (let run = 1; run <= runs; run += 1) {
      const link = `https://example.com/drip/${order}/${run}?sim=delay:0,seconds:0,${script}`;
      const fields = { key: 'upstream-key', action: 'add', service: '1', quantity: '100', link };
      const added = await fetch(provider.apiUrl, { method: 'POST', body: new URLSearchParams(fields) });
      const { order: providerOrder } = (await added.json()) as { order: number };
      await eventually(async () => expect(provider.orders(link)).toMatchObject([{ status: 'Completed' }]));
      await running(sql, order, String(providerOrder), at, run);
    }
    const ends = Array.from({ length: runs }, (_, run) => ({ batch: run + 1, delivered: 100 }));
    await end(sql, order, runs * 100, { at, ends });
    await openRefill(sql, { orderId: order, number: 1, by: 'ann', reason: '', missing: null, reviewAt: at, at });
    const deps = { sql, temporal, masterKey, currency: 'USD', allowLoopback: true, log: pino({ level: 'silent' }) };
    const { askRefill } = createRefillActivities(deps, createWatches(temporal));
    const key = { orderId: order, refill: 1, at: at.getTime() };
    const said = await new MockActivityEnvironment({ startToCloseTimeoutMs: 300_000 }).run(askRefill, key);
    return { said, order, id, calls: () => provider.stats().calls };
  }

  it('is asked to refill the runs of a drip-feed one by one, and how each refill stands', async () => {
    const { said, order, id, calls } = await refilled(3, 'onrefill:0');
    expect(said).toEqual({ taken: 3, refused: 0, unclear: 0 });
    expect(calls().refill).toBe(4);
    const parts = async () =>
      (await world.sql`select state from refill_parts where order_id = ${order}`).map(({ state }) => state);
    await eventually(async () => expect(await parts()).toEqual(['Completed', 'Completed', 'Completed']));
    expect(await shown(id)).toMatchObject({ noLists: { refill_status: expect.any(String) } });
  });

  it('and refuses the refill of each is not asked about all of them', async () => {
    const { said, calls } = await refilled(6, 'onrefill:refuse');
    expect(said).toEqual({ taken: 0, refused: 6, unclear: 0 });
    expect(calls().refill).toBe(4);
  });
});
