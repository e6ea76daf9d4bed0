import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaffKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { scriptedCounter } from '../support/peers/counter.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { RefillCustomer, refillCalls } from '../support/worlds/refills.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;
let customer: RefillCustomer;
let counted: RefillCustomer;

beforeAll(async () => {
  world = await realWorld();
  await world.startWorkers();
  api = await serveApi(world);
  customer = await RefillCustomer.open(world, api);
  counted = await RefillCustomer.open(world, api, { service: { counter_url: `${world.provider.url}/counter` } });
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await api.close();
  await world.close();
});

/** An order in review because its provider does not refill it. */
async function inReview(script = 'onrefill:refuse', by = customer): Promise<number> {
  const id = await by.completed(script);
  expect((await by.ask(id)).status).toBe(202);
  await by.becomes(id, { attention: 'review' });
  return id;
}

describe('a target that is counted', () => {
  it('is refilled when something is missing, and it is said how much', async () => {
    const link = counted.newLink('seconds:1,drop:400:after:0,onrefill:1');
    const start = world.provider.count(link);
    const id = await counted.completed('', link);
    await expect.poll(() => world.provider.count(link)).toBe(start + 600);
    expect((await counted.ask(id)).body).toMatchObject({ missing: 400 });
    await counted.refillBecomes(id, { status: 'Completed', missing: 400 });
    expect(world.provider.count(link)).toBe(start + 1000);
  });

  it('is not refilled when nothing is missing, and both numbers are said', async () => {
    const link = counted.newLink('seconds:1');
    const start = world.provider.count(link);
    const id = await counted.completed('', link);
    const calls = refillCalls(world.provider);
    const { status, body } = await counted.ask(id);
    expect([status, body.code, body.detail]).toEqual([
      409,
      'refill_unavailable',
      `nothing is missing: the target shows ${start + 1000}, and ${start + 1000} were expected`,
    ]);
    await world.provider.lieAbout(link, { count: start + 5000 });
    expect((await counted.ask(id)).body.detail).toContain(`the target shows ${start + 5000}`);
    expect(await counted.refills(id)).toEqual([]);
    expect(refillCalls(world.provider)).toBe(calls);
    await world.provider.lieAbout(link, { count: start + 999 });
    expect((await counted.ask(id)).body).toMatchObject({ missing: 1 });
  });

  it('that cannot be counted now is refilled all the same', async () => {
    const id = await counted.completed();
    await world.sql`update orders set counter_url = 'http://127.0.0.1:9/counter' where id = ${id}`;
    expect((await counted.ask(id)).body).toMatchObject({ missing: null });
    await counted.refillBecomes(id, { status: 'Completed' });
  });

  it('is measured against what was not given back in the meantime', async () => {
    const link = counted.newLink('seconds:1,onrefill:0');
    const start = world.provider.count(link);
    const id = await counted.completed('', link);
    const theirs = world.provider.orders(link).at(-1)?.order ?? 0;
    await world.provider.force(theirs, { status: 'Partial', remains: 400 });
    await counted.becomes(id, { status: 'Partial', delivered: 600 });
    expect((await counted.ask(id)).body.detail).toContain(`${start + 600} were expected`);
  });
});

describe('a refill that the provider does not make', () => {
  it.each(['refuse', 'reject'])('(it answers: %s) waits for a person', async (how) => {
    const id = await inReview(`onrefill:${how}`);
    await customer.refillBecomes(id, { status: 'In progress' });
    const { key } = await createStaffKey(world.sql, { name: 'support' });
    const waiting = await api.v1('/v1/admin/reviews?limit=100', { key });
    const why = how === 'refuse' ? 'the provider does not refill it' : 'the provider rejected it';
    expect(waiting.body.data).toContainEqual(
      expect.objectContaining({ order: id, status: 'Completed', attention: 'review', why }),
    );
    const done = await api.v1(`/v1/admin/orders/${id}/resolve`, { key, body: { action: 'complete' } });
    expect(done.status).toBe(202);
    await customer.refillBecomes(id, { status: 'Completed' });
    await customer.becomes(id, { status: 'Completed', attention: 'none', charge: '0.9' });
    const late = await api.v1(`/v1/admin/orders/${id}/resolve`, { key, body: { action: 'complete' } });
    expect([late.status, late.body.code]).toEqual([409, 'order_ended']);
  });

  it('adds nothing to the history of its order while it waits, however long', async () => {
    const id = await inReview('onrefill:reject');
    await customer.refillBecomes(id, { status: 'In progress' });
    const events = (await world.quietHistory(id)).length;
    // Makes the report look old.
    await world.sql`update refills set reported_at = reported_at - interval '1 hour' where order_id = ${id}`;
    const looks = () => world.provider.stats().calls.status ?? 0;
    const from = looks();
    // Wait for some watch rounds: each asks about this order's settled batch.
    await expect
      .poll(
        async () => {
          await world.sql`update batches set next_look_at = now() - interval '1 hour' where order_id = ${id}`;
          return looks() - from;
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(3);
    expect((await world.quietHistory(id)).length).toBe(events);
    await customer.resolve(id, { action: 'cancel' });
    await customer.refillBecomes(id, { status: 'Rejected' });
    await customer.becomes(id, { attention: 'none' });
  });

  it('is given back in money when a person says what counts', async () => {
    const id = await inReview();
    expect(await customer.decide(id, { action: 'partial', delivered: 1000 })).toMatchObject({ ok: false });
    await customer.resolve(id, { action: 'partial', delivered: 750 });
    await customer.becomes(id, { status: 'Partial', delivered: 750, charge: '0.675', refunded: '0.225' });
    await customer.refillBecomes(id, { status: 'Rejected' });
    await customer.becomes(id, { attention: 'none' });
    // The remaining items may be refilled again.
    expect((await customer.ask(id)).status).toBe(202);
    await customer.becomes(id, { attention: 'review' });
    await customer.resolve(id, { action: 'complete' });
  });

  it('and of which nobody counted what is missing cannot be sent again', async () => {
    const id = await inReview();
    for (const action of ['redispatch', 'extend', 'attach', 'notPlaced']) {
      const answer = await customer.decide(id, { action, hours: 1, providerOrder: '5' });
      expect([action, answer.ok]).toEqual([action, false]);
    }
    await customer.resolve(id, { action: 'cancel' });
    await customer.refillBecomes(id, { status: 'Rejected' });
  });
});

it('a provider that took a refill and whose answer was lost is not asked for a second one', async () => {
  const link = counted.newLink('seconds:1,drop:400:after:0,onrefill:300');
  const resent = await RefillCustomer.open(world, api, {
    service: { counter_url: `${world.provider.url}/counter`, refill_fallback: 'resend' },
  });
  const id = await resent.completed('', link);
  world.provider.arm({ fault: 'accept-drop', action: 'refill', link });
  expect((await resent.ask(id)).body).toMatchObject({ missing: 400 });
  // The provider refuses the second call because of the first, and nothing is sent again.
  await resent.becomes(id, { attention: 'review' });
  expect(world.provider.adds(link)).toHaveLength(1);
  await resent.resolve(id, { action: 'complete' });
  await resent.refillBecomes(id, { status: 'Completed' });
});

it('an order that is corrected while it is refilled stays corrected, and the refill ends', async () => {
  const link = customer.newLink('seconds:1,onrefill:4');
  const id = await customer.completed('', link);
  const calls = refillCalls(world.provider);
  expect((await customer.ask(id)).status).toBe(202);
  await expect.poll(() => refillCalls(world.provider)).toBe(calls + 1);
  await world.provider.force(world.provider.orders(link)[0]?.order ?? 0, { status: 'Partial', remains: 400 });
  await customer.becomes(id, { status: 'Partial', delivered: 600, refunded: '0.36' });
  await customer.refillBecomes(id, { status: 'Completed' });
  await customer.becomes(id, { status: 'Partial', attention: 'none', refunded: '0.36' });
});

it('a refill is not refused because a start count of 0 makes it seem that nothing is missing', async () => {
  const link = customer.newLink('seconds:1,start:0,onrefill:0');
  const id = await customer.completed('', link);
  expect(await customer.read(id)).toMatchObject({ startCount: 0 });
  const counter = await scriptedCounter();
  try {
    counter.count = 3_900;
    await world.sql`update orders set counter_url = ${counter.url} where id = ${id}`;
    expect(await customer.ask(id)).toMatchObject({ status: 202, body: { missing: null } });
    await customer.refillBecomes(id, { status: 'Completed' });
    expect(counter.asked).toBe(1);
  } finally {
    await counter.close();
  }
});
