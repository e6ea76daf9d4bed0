import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCleanRequests } from '../../activities/housekeeping/clean-requests.ts';
import { createCompactOrders } from '../../activities/housekeeping/compact-orders.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import { LIST_PATH } from '../../api/placement/order-lists.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';

let on: ApiWorld;

beforeAll(async () => {
  on = await apiWorld();
});
afterAll(() => on.close());

/** What the schedules run. */
async function clean(): Promise<void> {
  const deps = { sql: on.world.sql, log: pino({ level: 'silent' }) } as unknown as Deps;
  await new MockActivityEnvironment().run(createCompactOrders(deps));
  await new MockActivityEnvironment().run(createCleanRequests(deps));
}

const body = (name: string, quantity = 100) => ({
  service: on.shop.service,
  link: `https://example.com/${name}`,
  quantity,
});
const place = (name: string, quantity?: number) =>
  on.api.v1('/v1/orders', { key: on.key, body: body(name, quantity), idempotencyKey: name });

const endOf = (id: unknown) =>
  expect
    .poll(async () => (await on.api.v1(`/v1/orders/${id}`, { key: on.key })).body.status, { timeout: 30_000 })
    .toBe('Completed');

/** Moves an order, and the answers and lists of its customer, into the past. */
async function age(id: unknown, placed: number, settled: number): Promise<void> {
  const { sql } = on.world;
  await sql`update claims set created_at = now() - make_interval(days => ${placed}) where order_id = ${String(id)}`;
  await sql`update orders set settled_at = now() - make_interval(days => ${settled}), completed_at = now() - make_interval(days => ${settled})
    where id = ${String(id)}`;
}

it('an archived order is found by its key for 30 days after its request, and then the key is free', async () => {
  const first = await place('free-again');
  expect(first.status).toBe(201);
  await endOf(first.body.id);
  await age(first.body.id, 29, 20);
  await clean();
  const [claim] = await on.world.sql`
    select request, idempotency_key as key from claims where order_id = ${String(first.body.id)}`;
  expect(claim).toEqual({ request: null, key: 'free-again' });
  const repeat = await place('free-again');
  expect([repeat.status, repeat.body.id, repeat.headers.get('idempotent-replayed')]).toEqual([
    201,
    first.body.id,
    'true',
  ]);
  expect((await place('free-again', 200)).body.code).toBe('idempotency_key_reused');
  await age(first.body.id, 31, 20);
  await clean();
  const anew = await place('free-again', 200);
  expect([anew.status, anew.headers.get('idempotent-replayed')]).toEqual([201, null]);
  expect(anew.body.id).not.toBe(first.body.id);
  expect((await on.api.v1(`/v1/orders/${first.body.id}`, { key: on.key })).status).toBe(200);
});

it('an order that is not archived is found by its key, however old its request is', async () => {
  const first = await place('still-open');
  await endOf(first.body.id);
  await age(first.body.id, 400, 2);
  await clean();
  expect((await place('still-open')).body.id).toBe(first.body.id);
});

it('the answer to another request is kept for 30 days, and money is never moved again', async () => {
  const { sql } = on.world;
  const path = `/v1/admin/accounts/${on.shop.account}/deposits`;
  const pay = (reference: string) =>
    on.api.v1(path, { key: on.staff, body: { amount: '5', reference }, idempotencyKey: 'payment' });
  const first = await pay('bank-1');
  expect(first.status).toBe(201);
  const old = (days: number) => sql`
    update stored_answers set created_at = now() - make_interval(days => ${days}) where idempotency_key = 'payment'`;
  await old(29);
  await clean();
  expect((await pay('bank-2')).body.code).toBe('idempotency_key_reused');
  expect((await pay('bank-1')).headers.get('idempotent-replayed')).toBe('true');
  await old(31);
  await clean();
  // The payment's own reference is for ever.
  const again = await pay('bank-1');
  expect([again.status, again.body.balance, again.headers.get('idempotent-replayed')]).toEqual([
    201,
    first.body.balance,
    null,
  ]);
  const [paid] = await sql`select count(*)::integer as times from transfers where note = 'bank-1'`;
  expect(paid).toEqual({ times: 1 });
});

it('the key of a large list begins another list 30 days after the end of the first, and not before', async () => {
  const { sql } = on.world;
  // A list of more than 100 lines is stored. One line becomes an order, the others are unreadable.
  const lines = (name: string) => [body(name), ...Array.from({ length: 100 }, () => ({}))];
  const send = (name: string) =>
    on.api.v1(LIST_PATH, { key: on.key, body: { lines: lines(name) }, idempotencyKey: 'weekly' });
  const placed = async (id: unknown) => (await on.api.v1(`${LIST_PATH}/${id}`, { key: on.key })).body.placed;
  const first = await send('one');
  expect(first.status).toBe(202);
  await expect.poll(() => placed(first.body.id), { timeout: 60_000 }).toBe(1);
  // The workflow ends the list after its last line.
  const ended = async () =>
    (await sql`select from mass_placements where id = ${String(first.body.id)} and ended_at is not null`).length;
  await expect.poll(ended).toBe(1);
  const old = (days: number) =>
    sql`update mass_placements set ended_at = now() - make_interval(days => ${days}) where id = ${String(first.body.id)}`;
  await sql`update stored_answers set created_at = now() - interval '31 days' where idempotency_key = 'weekly'`;
  await old(29);
  await clean();
  expect((await send('one')).body.id).toBe(first.body.id);
  expect((await send('two')).body.code).toBe('idempotency_key_reused');
  await old(31);
  await clean();
  const second = await send('two');
  expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([202, null]);
  expect(second.body.id).not.toBe(first.body.id);
  await expect.poll(() => placed(second.body.id), { timeout: 60_000 }).toBe(1);
  // The old list still says what became of its lines, for a year.
  expect(await placed(first.body.id)).toBe(1);
  await old(366);
  await clean();
  expect((await on.api.v1(`${LIST_PATH}/${first.body.id}`, { key: on.key })).status).toBe(404);
});
