import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { orderQuery, refillSignal } from '../../workflows/contract.ts';
import { type Answer, type ServedApi, serveApi } from '../support/worlds/api.ts';
import { RefillCustomer, refillCalls } from '../support/worlds/refills.ts';
import { type RunningWorkers, realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let workers: RunningWorkers;
let api: ServedApi;
let customer: RefillCustomer;

beforeAll(async () => {
  world = await realWorld();
  workers = await world.startWorkers();
  api = await serveApi(world);
  customer = await RefillCustomer.open(world, api);
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await api.close();
  await world.close();
});

const refusal = ({ status, body }: Answer) => [status, body.code, body.detail];
const no = (detail: unknown) => [409, 'refill_unavailable', detail];
const v2 = (fields: Record<string, string>, key = customer.key) => api.v2({ key, ...fields });

test('a refill is asked for, followed to its end and listed; the order stays as it was charged', async () => {
  const link = customer.newLink('seconds:1,onrefill:8');
  const id = await customer.completed('', link);
  // The provider's answer takes longer than the customer's.
  world.provider.arm({ fault: 'drip:100', action: 'refill', link });
  const before = await customer.read(id);
  const asked = await customer.ask(id, 'they dropped');
  expect([asked.status, asked.body]).toEqual([
    202,
    {
      id: expect.any(Number),
      order: id,
      status: 'Pending',
      missing: null,
      reason: 'they dropped',
      requestedAt: expect.stringMatching(/^20.*Z$/),
      endedAt: null,
      rejection: null,
    },
  ]);
  expect(asked.headers.get('location')).toBe(`/v1/orders/${id}/refills`);
  await customer.refillBecomes(id, { status: 'In progress' });
  await customer.refillBecomes(id, { status: 'Completed', endedAt: expect.stringMatching(/^20.*Z$/) });
  const { version, elapsedSeconds: _, ...after } = await customer.read(id);
  expect(before).toMatchObject(after);
  expect(version).toBeGreaterThan(before.version as number);
  expect((await customer.timeline(id)).slice(-3)).toEqual([
    `refill.requested by account ${customer.shop.account}`,
    'refill.in_progress by provider',
    'refill.completed by provider',
  ]);
});

test('the refills of all orders of an account are one list, newest first, by status too', async () => {
  const [one, other] = await Promise.all([customer.completed('onrefill:2'), customer.completed('onrefill:600')]);
  for (const id of [one, other]) expect((await customer.ask(id)).status).toBe(202);
  const list = async (query: string) => (await api.v1(`/v1/refills?${query}`, { key: customer.key })).body;
  await customer.refillBecomes(one, { status: 'Completed' });
  await customer.refillBecomes(other, { status: 'In progress' });
  const first = await list('limit=1');
  expect(first.data).toMatchObject([{ order: other, status: 'In progress' }]);
  expect((await list(`limit=1&cursor=${first.nextCursor}`)).data).toMatchObject([{ order: one, status: 'Completed' }]);
  expect(await list('status=In%20progress')).toEqual({ data: first.data, nextCursor: null });
  expect(await list('status=Rejected')).toEqual({ data: [], nextCursor: null });
  const { account } = await world.shop();
  const { key: stranger } = await createKey(world.sql, { accountId: account, name: 'stranger' });
  expect((await api.v1('/v1/refills', { key: stranger })).body.data).toEqual([]);
});

test('whoever sees in PostgreSQL that an order is Completed can ask at that very moment', async () => {
  const ids = await Promise.all(
    Array.from({ length: 6 }, () => customer.place(customer.newLink('seconds:1,onrefill:0'))),
  );
  const answers = await Promise.all(
    ids.map(async (id) => {
      const isCompleted = async () =>
        (await world.sql`select 1 from orders where id = ${id} and status = 'Completed'`).length;
      await expect.poll(isCompleted, { timeout: 30_000, interval: 2 }).toBe(1);
      return customer.ask(id);
    }),
  );
  expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 202));
});

test('each step of a refill raises the version of its order', async () => {
  const id = await customer.completed();
  await customer.ask(id);
  await customer.refillBecomes(id, { status: 'Completed' });
  const rows = await world.sql<{ version: number }[]>`
    select version from events where order_id = ${id} and type like 'refill.%' order by id`;
  const versions = rows.map(({ version }) => version);
  expect(versions).toHaveLength(3);
  expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other));
});

test('the same Idempotency-Key asks once, also at the same time', async () => {
  const id = await customer.completed('onrefill:60');
  const calls = refillCalls(world.provider);
  const answers = await Promise.all([1, 2, 3].map(() => customer.ask(id, 'gone', `refill ${id}`)));
  expect([...new Set(answers.map(({ body }) => body.id))]).toHaveLength(1);
  const again = await customer.ask(id, 'gone', `refill ${id}`);
  expect([again.status, again.body.id]).toEqual([202, answers[0]?.body.id]);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(refusal(await customer.ask(id, 'other', `refill ${id}`)).slice(0, 2)).toEqual([422, 'idempotency_key_reused']);
  await customer.refillBecomes(id, { status: 'In progress' });
  expect(refillCalls(world.provider)).toBe(calls + 1);
  expect(refusal(await customer.ask(id))).toEqual(no('a refill is under way already'));
  expect(await customer.refills(id)).toHaveLength(1);
});

test('the refills of another account do not exist', async () => {
  const id = await customer.completed();
  const { body } = await customer.ask(id);
  const { account } = await world.shop();
  const { key } = await createKey(world.sql, { accountId: account, name: 'other' });
  for (const call of [{ key, body: {} }, { key }]) {
    const answer = await api.v1(`/v1/orders/${id}/refills`, call);
    expect([answer.status, answer.body.code]).toEqual([404, 'order_not_found']);
  }
  expect(await v2({ action: 'refill', order: String(id) }, key)).toEqual({ error: 'Incorrect order ID' });
  expect(await v2({ action: 'refill_status', refill: String(body.id) }, key)).toEqual({ error: 'Refill not found' });
});

test('every refusal says why', async () => {
  const running = await customer.place(customer.newLink('stall:500'));
  await customer.becomes(running, { status: 'In progress' });
  // PostgreSQL has the status a moment before the workflow, which answers the request.
  await expect.poll(() => customer.handle(running).query(orderQuery)).toMatchObject({ status: 'In progress' });
  const isNot = (status: string) => no(`only a Completed order is refilled; this one is ${status}`);
  expect(refusal(await customer.ask(running))).toEqual(isNot('In progress'));
  const partial = await customer.place(customer.newLink('seconds:1,partial:600'));
  await customer.becomes(partial, { status: 'Partial' });
  expect(refusal(await customer.ask(partial))).toEqual(isNot('Partial'));

  const without = await RefillCustomer.open(world, api, { service: { refill_days: 0 } });
  const plain = await without.completed();
  expect(refusal(await without.ask(plain))).toEqual(no('this service is sold without refill'));
  expect((await without.read(plain)).refillUntil).toBeNull();

  const strict = await RefillCustomer.open(world, api, { service: { refill_cap: 1, refill_cooldown_seconds: 3600 } });
  const capped = await strict.completed();
  await strict.ask(capped);
  await strict.refillBecomes(capped, { status: 'Completed' });
  expect(refusal(await strict.ask(capped))).toEqual(no('the order has used all its refills (1)'));

  const slow = await RefillCustomer.open(world, api, { service: { refill_cooldown_seconds: 3600 } });
  const resting = await slow.completed();
  await slow.ask(resting);
  await slow.refillBecomes(resting, { status: 'Completed' });
  const [last] = await slow.refills(resting);
  const rested = new Date(Date.parse(String(last?.endedAt)) + 3_600_000).toISOString();
  expect(refusal(await slow.ask(resting))).toEqual(no(`the next refill can be asked for at ${rested}`));
});

test('panel API v2 asks for one refill in text and for many in numbers, and tells where they are', async () => {
  const [one, two, running] = await Promise.all([
    customer.completed('onrefill:3'),
    customer.completed('onrefill:reject'),
    customer.place(customer.newLink('stall:500')),
  ]);
  const single = await v2({ action: 'refill', order: String(one) });
  expect(single).toEqual({ refill: expect.stringMatching(/^\d+$/) });
  const many = await v2({ action: 'refill', orders: `${two},${running}, ${one},999999999,abc,${two}` });
  const refill = (many as unknown as { refill: number }[])[0]?.refill;
  const notNow = { error: 'Order not eligible for refill.' };
  const unknown = { error: 'Incorrect order ID' };
  expect(many).toEqual([
    { order: two, refill: expect.any(Number) },
    { order: running, refill: notNow },
    { order: one, refill: notNow },
    { order: 999_999_999, refill: unknown },
    { order: 'abc', refill: unknown },
    { order: two, refill },
  ]);
  const status = () => v2({ action: 'refill_status', refill: String(single.refill) });
  await expect.poll(status, { timeout: 30_000 }).toEqual({ status: 'Completed' });
  expect(await v2({ action: 'refill_status', refills: `${single.refill},${refill},999999999,x` })).toEqual([
    { refill: Number(single.refill), status: 'Completed' },
    { refill, status: 'In progress' },
    { refill: 999_999_999, status: { error: 'Refill not found' } },
    { refill: 'x', status: { error: 'Refill not found' } },
  ]);
  expect(await v2({ action: 'refill', order: String(running) })).toEqual(notNow);
  expect(await v2({ action: 'refill', order: '999999999' })).toEqual(unknown);
  expect(await v2({ action: 'refill' })).toEqual(unknown);
  expect(await v2({ action: 'refill_status' })).toEqual({ error: 'Refill not found' });
  const tooMany = Array(101).fill('1').join(',');
  expect(await v2({ action: 'refill', orders: tooMany })).toEqual({ error: 'Too many ids, 100 at most' });
  expect(await v2({ action: 'refill_status', refills: tooMany })).toEqual({ error: 'Too many ids, 100 at most' });
});

test('what support asks for by signal is there too, without what support wrote', async () => {
  const id = await customer.completed();
  await customer.handle(id).signal(refillSignal, { by: 'ann', reason: 'a bad customer' });
  await customer.refillBecomes(id, { status: 'Completed', reason: null });
  const events = (await api.v1(`/v1/orders/${id}/timeline?limit=100`, { key: customer.key })).body;
  expect(JSON.stringify(events)).not.toMatch(/ann|bad customer/);
  expect(await customer.timeline(id)).toContain('refill.requested by staff');
});

test('after the window the answer comes out of PostgreSQL, whoever is there to answer', async () => {
  const id = await customer.completed();
  // Before the window moves: a workflow that saw it closed would end.
  await workers.stop();
  await world.sql`
    update orders set completed_at = completed_at - interval '30 days', refill_until = refill_until - interval '30 days' where id = ${id}`;
  const { refillUntil } = await customer.read(id);
  const ended = no(`the refill window ended at ${refillUntil}`);
  expect(refusal(await customer.ask(id))).toEqual(ended);
  await customer.handle(id).terminate('it has closed');
  expect(refusal(await customer.ask(id))).toEqual(ended);
  expect(await v2({ action: 'refill', order: String(id) })).toEqual({ error: 'Order not eligible for refill.' });
  expect(await customer.refills(id)).toEqual([]);
  workers = await world.startWorkers();
});
