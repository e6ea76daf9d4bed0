import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaffKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type RunningProvider, startProvider } from '../../dev/provider/provider.ts';
import { orderQuery } from '../../workflows/contract.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { RefillCustomer, refillCalls } from '../support/worlds/refills.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;
/** Provider of the second route. It only gets what is sent again. */
let other: RunningProvider;
let customer: RefillCustomer;

beforeAll(async () => {
  world = await realWorld();
  await world.startWorkers();
  api = await serveApi(world);
  other = await startProvider({ key: 'upstream-key' });
  customer = await RefillCustomer.open(world, api, {
    providers: [world.provider.apiUrl, other.apiUrl],
    service: { counter_url: `${world.provider.url}/counter`, refill_fallback: 'resend' },
  });
  // Many tests lose its answers. Without this, it would be paused.
  await world.sql`update providers set profile = '{"breakAfter": 100}'`;
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await api.close();
  await world.close();
  await other.stop();
});

/** An order that lost 400 items and that its provider does not refill. `elsewhere` is the script for the other route. */
async function dropped(elsewhere: string, onrefill = 'refuse'): Promise<{ id: number; link: string }> {
  const link = customer.newLink(`seconds:1,drop:400:after:0,onrefill:${onrefill}`);
  const id = await customer.completed('', link);
  await other.script(link, elsewhere);
  await expect.poll(async () => (await customer.ask(id)).status).toBe(202);
  return { id, link };
}

describe('what a provider does not refill', () => {
  it('is sent to the other route at the house’s cost, and not charged for', async () => {
    const before = await customer.world.sql`select balance from wallets where account_id = ${customer.shop.account}`;
    const { id, link } = await dropped('seconds:1');
    await customer.refillBecomes(id, { status: 'Completed', missing: 400 });
    expect(other.adds(link).map(({ fields }) => fields.quantity)).toEqual(['400']);
    expect(world.provider.adds(link)).toHaveLength(1);
    await customer.becomes(id, {
      status: 'Completed',
      charge: '0.9',
      refunded: '0',
      delivered: 1000,
      attention: 'none',
    });
    // The charge that the simulated provider reports: 0.90 per 1000.
    expect(await customer.costs(id)).toEqual({ 1: 90_000_000n, 2: 36_000_000n });
    const after = await customer.world.sql`select balance from wallets where account_id = ${customer.shop.account}`;
    expect(Number(before[0]?.balance) - Number(after[0]?.balance)).toBe(90_000_000);
    expect(await customer.handle(id).query(orderQuery)).toMatchObject({ batches: [{ batch: 1 }], refill: null });
    expect(await customer.timeline(id)).toEqual(expect.arrayContaining(['refill.resent by system']));
  });

  it('or rejects at last is sent as well', async () => {
    const { id, link } = await dropped('seconds:1', 'reject');
    await customer.refillBecomes(id, { status: 'Completed' });
    expect(other.adds(link).map(({ fields }) => fields.quantity)).toEqual(['400']);
  });

  it('and is delivered again only in part waits for a person, who has the rest sent where it has not been', async () => {
    const { id, link } = await dropped('seconds:1,partial:250');
    await customer.becomes(id, { attention: 'review' });
    // Every route has already had it.
    await customer.resolve(id, { action: 'redispatch' });
    await customer.refillBecomes(id, { status: 'In progress' });
    await expect
      .poll(async () => (await customer.timeline(id)).filter((line) => line.startsWith('order.review')).length)
      .toBe(2);
    expect([world.provider.adds(link), other.adds(link)].map(({ length }) => length)).toEqual([1, 1]);
    await customer.resolve(id, { action: 'cancel' });
    await customer.refillBecomes(id, { status: 'Rejected' });
    await customer.becomes(id, { status: 'Completed', attention: 'none' });
    expect(await customer.costs(id)).toEqual({ 1: 90_000_000n, 2: 22_500_000n });
  });

  it('and no route takes waits for a person', async () => {
    const { id, link } = await dropped('refuse');
    await customer.becomes(id, { attention: 'review' });
    expect(other.orders(link)).toEqual([]);
    await customer.resolve(id, { action: 'complete' });
    await customer.refillBecomes(id, { status: 'Completed' });
    expect(await customer.costs(id)).toEqual({ 1: 90_000_000n });
  });

  it('is stopped at the other route when a person gives money back instead', async () => {
    const { id, link } = await dropped('stall:100');
    await expect.poll(() => other.orders(link)[0]?.delivered, { timeout: 20_000 }).toBe(100);
    const [sent] = other.orders(link);
    await other.force(sent?.order ?? 0, { status: 'Completed', remains: 300 });
    await customer.becomes(id, { attention: 'review' });
    await other.force(sent?.order ?? 0, null);
    await customer.resolve(id, { action: 'partial', delivered: 700 });
    await customer.refillBecomes(id, { status: 'Rejected' });
    await customer.becomes(id, { status: 'Partial', delivered: 700, attention: 'none' });
    await expect.poll(() => other.orders(link)[0]?.status, { timeout: 20_000 }).toBe('Partial');
  });
});

it('a target that shows less than before the order is for a person: no provider is asked, and nothing is sent again', async () => {
  const link = customer.newLink('seconds:1,onrefill:refuse');
  const id = await customer.completed('', link);
  await world.sql`update orders set counted_start = counted_start + 100000 where id = ${id}`;
  const calls = refillCalls(world.provider);
  expect((await customer.ask(id)).status).toBe(202);
  await customer.becomes(id, { status: 'Completed', attention: 'review' });
  await customer.refillBecomes(id, { status: 'In progress', missing: 1000 });
  const [why] =
    await world.sql`select data->>'why' as why from events where order_id = ${id} and type = 'order.review'`;
  expect(why?.why).toMatch(/^the target shows \d+, fewer than the 1\d{5} that it had before the order$/);
  expect([refillCalls(world.provider), other.adds(link).length]).toEqual([calls, 0]);
  await customer.resolve(id, { action: 'cancel' });
  await customer.refillBecomes(id, { status: 'Rejected', rejection: null });
});

it('a start that nobody knows is not 0: the provider decides', async () => {
  const id = await customer.completed('', customer.newLink('seconds:1,onrefill:0'));
  await world.sql`update orders set counted_start = null, start_count = null where id = ${id}`;
  expect((await customer.ask(id)).body).toMatchObject({ missing: null });
  await customer.refillBecomes(id, { status: 'Completed' });
});

describe('a service whose refused refills are rejected', () => {
  it('is made so by staff, and ends them with the reason, at no cost of the house', async () => {
    const { key: staff } = await createStaffKey(world.sql);
    const strict = await RefillCustomer.open(world, api, {
      ...{ providers: [world.provider.apiUrl, other.apiUrl], service: { refill_fallback: 'reject' } },
    });
    const routes = [{ provider: strict.shop.providers[0], providerService: '1', rate: '0.1' }];
    const named = { name: 'Strict', category: 'Test', type: 'Default', rate: '0.9', min: 1, max: 1000, routes };
    const make = (refillFallback: string) =>
      api.v1('/v1/admin/services', {
        ...{ key: staff, body: { ...named, refillDays: 30, refillFallback }, idempotencyKey: refillFallback },
      });
    expect([(await make('reject')).status, (await make('forget')).status]).toEqual([201, 422]);
    for (const [script, rejection] of [
      ['refuse', 'the provider does not refill it'],
      ['reject', 'the provider rejected it'],
    ]) {
      const link = strict.newLink(`seconds:1,onrefill:${script}`);
      const id = await strict.completed('', link);
      expect((await strict.ask(id)).status).toBe(202);
      await strict.refillBecomes(id, { status: 'Rejected', rejection });
      await strict.becomes(id, { status: 'Completed', attention: 'none', refunded: '0' });
      expect(other.adds(link)).toEqual([]);
      const seen = await api.v1(`/v1/orders/${id}/timeline?limit=100`, { key: strict.key });
      expect(seen.body.data).toContainEqual(
        expect.objectContaining({ type: 'refill.rejected', by: 'provider', data: { refill: 1, why: rejection } }),
      );
    }
  });
});

describe('what may have been sent again', () => {
  const uncertain = async (fault: string) => {
    const { id, link } = await dropped(`stall:0,fault:${fault}@add*1`);
    await customer.becomes(id, { attention: 'uncertain', status: 'Completed' });
    return { id, link };
  };

  it('is followed where a person finds it', async () => {
    const { id, link } = await uncertain('accept-drop');
    const [found] = other.orders(link);
    expect(await customer.decide(id, { action: 'complete' })).toMatchObject({ ok: false });
    await customer.resolve(id, { action: 'attach', providerOrder: String(found?.order) });
    await customer.becomes(id, { attention: 'none' });
    await other.force(found?.order ?? 0, { status: 'Completed', remains: 0 });
    await customer.refillBecomes(id, { status: 'Completed' });
    expect(other.adds(link)).toHaveLength(1);
  });

  it('is found by nobody but the watch, at a provider that lists its orders', async () => {
    const [, second = 0] = customer.shop.providers;
    const profile = async (of: object) =>
      world.sql`update providers set profile = ${world.sql.json({ breakAfter: 100, ...of })} where id = ${second}`;
    await other.configure({ listsOrders: true });
    await profile({ listsOrders: { looksAfterSeconds: [1] } });
    const { id, link } = await dropped('seconds:1,fault:accept-drop@add*1');
    await customer.refillBecomes(id, { status: 'Completed' });
    await customer.becomes(id, { attention: 'none', status: 'Completed' });
    expect(other.adds(link)).toHaveLength(1);
    expect(await customer.timeline(id)).toContain('found.attach by system');
    await profile({});
  });

  it('is sent once more when it was not placed', async () => {
    const { id, link } = await uncertain('drop');
    await customer.resolve(id, { action: 'notPlaced' });
    await expect.poll(() => other.orders(link).length, { timeout: 20_000 }).toBe(1);
    await other.force(other.orders(link)[0]?.order ?? 0, { status: 'Completed', remains: 0 });
    await customer.refillBecomes(id, { status: 'Completed' });
    await customer.becomes(id, { attention: 'none' });
  });

  it('is left when a person closes the refill', async () => {
    const { id, link } = await uncertain('accept-drop');
    await customer.resolve(id, { action: 'cancel' });
    await customer.refillBecomes(id, { status: 'Rejected' });
    await customer.becomes(id, { attention: 'none' });
    expect(other.orders(link)).toHaveLength(1);
    expect(await customer.costs(id)).toEqual({ 1: 90_000_000n });
    const [attempt] = await world.sql`select state, detail from attempts where order_id = ${id} and batch = 2`;
    expect(attempt).toEqual({ state: 'released', detail: 'given up' });
  });
});

it('the next refill asks both providers, each for what it delivered', async () => {
  const { id } = await dropped('seconds:1,onrefill:1');
  await customer.refillBecomes(id, { status: 'Completed' });
  const calls = refillCalls(other);
  expect((await customer.ask(id)).body).toMatchObject({ missing: 400 });
  // The first provider refuses again, the other accepts.
  await customer.refillBecomes(id, { status: 'Completed' });
  expect(refillCalls(other)).toBe(calls + 1);
  expect(await customer.timeline(id)).toContain('refill.short by provider');
});
