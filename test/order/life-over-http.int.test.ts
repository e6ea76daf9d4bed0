import { afterAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import type { Answer } from '../support/worlds/api.ts';
import { apiWorld } from '../support/worlds/api-world.ts';

const { world, api, shop, key, staff, close } = await apiWorld({ staffName: 'Jane of support' });
afterAll(close);

const DAY = 86_400_000;
let links = 0;
const place = async (script: string, more: object = {}, as = key): Promise<Answer> => {
  const link = `https://example.com/life/${++links}?sim=${script}`;
  const body = { service: shop.service, link, quantity: 1000, ...more };
  return api.v1('/v1/orders', { key: as, body, idempotencyKey: `life-${links}` });
};
const read = async (id: unknown): Promise<Answer['body']> => (await api.v1(`/v1/orders/${id}`, { key })).body;
const ask = (id: unknown, action: string, body?: object, as = key): Promise<Answer> =>
  api.v1(`/v1/orders/${id}/${action}`, { key: as, method: 'POST', ...(body === undefined ? {} : { body }) });
const becomes = (id: unknown, expected: object): Promise<void> =>
  expect.poll(() => read(id), { timeout: 30_000 }).toMatchObject(expected);
const timeline = async (id: unknown): Promise<{ type: string; by: string; data: object }[]> =>
  (await api.v1(`/v1/orders/${id}/timeline?limit=100`, { key })).body.data as never;

test('a scheduled order waits for its start, and canceled before it is refunded in full', async () => {
  const scheduledAt = new Date(Date.now() + DAY);
  const placed = await place('seconds:1', { scheduledAt: scheduledAt.toISOString().replace('Z', '+00:00') });
  expect(placed.status).toBe(201);
  const { id } = placed.body;
  expect(placed.body).toMatchObject({ scheduledAt: scheduledAt.toISOString(), nextRunAt: scheduledAt.toISOString() });
  expect(await read(id)).toMatchObject({ status: 'Pending', nextRunAt: scheduledAt.toISOString(), batches: [] });

  const asked = await ask(id, 'cancel', { reason: 'wrong link' });
  expect([asked.status, asked.body]).toEqual([
    202,
    { id, accepted: true, message: 'the order is canceled and refunded in full' },
  ]);
  await becomes(id, { status: 'Canceled', charge: '0', refunded: '0.9', reason: 'requested', nextRunAt: null });
  expect((await timeline(id)).map(({ type, by, data }) => ({ type, by, data }))).toEqual([
    { type: 'order.accepted', by: 'system', data: {} },
    { type: 'cancel.requested', by: `account ${shop.account}`, data: { reason: 'wrong link' } },
    { type: 'order.canceled', by: `account ${shop.account}`, data: { delivered: 0, reason: 'requested' } },
  ]);

  const again = await ask(id, 'cancel');
  expect([again.status, again.body.code, again.body.detail]).toEqual([
    409,
    'order_ended',
    'the order has ended: Canceled',
  ]);
});

test('a start that has passed means now, and the repeat is still the same request', async () => {
  const scheduledAt = new Date(Date.now() + 1_500).toISOString();
  const body = { service: shop.service, link: 'https://example.com/soon?sim=seconds:1', quantity: 1000, scheduledAt };
  const first = await api.v1('/v1/orders', { key, body, idempotencyKey: 'soon' });
  await becomes(first.body.id, { status: 'Completed' });
  const again = await api.v1('/v1/orders', { key, body, idempotencyKey: 'soon' });
  expect([again.status, again.body]).toEqual([201, first.body]);
  const past = await place('seconds:1', { scheduledAt: '2020-01-01T00:00:00Z' });
  expect(past.body).toMatchObject({ status: 'Pending', scheduledAt: null, nextRunAt: null });
  await becomes(past.body.id, { status: 'Completed', scheduledAt: null });
});

test('canceled while it is delivered, the provider is asked, and what it delivered is charged', async () => {
  const { id } = (await place('stall:500,oncancel:100')).body;
  await becomes(id, { status: 'In progress', delivered: 500 });
  const asked = await ask(id, 'cancel');
  expect([asked.status, asked.body.accepted]).toEqual([202, true]);
  await becomes(id, { status: 'Partial', delivered: 500, charge: '0.45', refunded: '0.45', reason: 'requested' });
  expect(await timeline(id)).toContainEqual(
    expect.objectContaining({ type: 'stop.asked', by: 'provider', data: { batch: 1, answer: 'accepted' } }),
  );
});

test('a service that cannot be canceled once sent says so', async () => {
  const firm = await world.shop({ service: { cancel: false } });
  const { key: firmKey } = await createKey(world.sql, { accountId: firm.account, name: 'firm' });
  const { id } = (await place('stall:500', { service: firm.service }, firmKey)).body;
  const status = async () => (await api.v1(`/v1/orders/${id}`, { key: firmKey })).body.status;
  await expect.poll(status, { timeout: 30_000 }).toBe('In progress');
  const asked = await ask(id, 'cancel', undefined, firmKey);
  expect([asked.status, asked.body.code, asked.body.detail]).toEqual([
    409,
    'not_possible',
    'this service cannot be canceled once it has been sent',
  ]);
  expect(await api.v2({ key: firmKey, action: 'cancel', orders: String(id) })).toEqual([
    { order: id, cancel: { error: 'The order cannot be canceled' } },
  ]);
});

test('an order is paused and resumed by its customer', async () => {
  const { id } = (await place('stall:500')).body;
  await becomes(id, { status: 'In progress' });
  expect((await ask(id, 'pause', { reason: 'private' })).status).toBe(202);
  await becomes(id, { status: 'In progress', attention: 'paused', reason: 'private' });
  expect((await ask(id, 'resume')).body).toEqual({ id, accepted: true, message: 'the order goes on' });
  await becomes(id, { attention: 'none', reason: null });
  expect((await timeline(id)).map(({ type, by }) => `${type} by ${by}`)).toEqual(
    expect.arrayContaining([`order.paused by account ${shop.account}`, `order.resumed by account ${shop.account}`]),
  );
});

test('an ask is repeated by its key, and the key is for that ask alone', async () => {
  const { id } = (await place('stall:500')).body;
  const pause = (body: object) => api.v1(`/v1/orders/${id}/pause`, { key, body, idempotencyKey: `pause ${id}` });
  const answers = await Promise.all([pause({ reason: 'a' }), pause({ reason: 'a' }), pause({ reason: 'a' })]);
  expect([...new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`))]).toHaveLength(1);
  const again = await pause({ reason: 'a' });
  expect(JSON.stringify(again.body)).toBe(JSON.stringify(answers[0]?.body));
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  const other = await pause({ reason: 'b' });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  // The API answers before the pause is stored.
  await becomes(id, { attention: 'paused' });
  expect((await timeline(id)).filter(({ type }) => type === 'order.paused')).toHaveLength(1);
});

test('a key that two different asks have at once is for one of them', async () => {
  const ids = [(await place('stall:500')).body.id as number, (await place('stall:500')).body.id as number];
  const pause = (id: number) => api.v1(`/v1/orders/${id}/pause`, { key, body: {}, idempotencyKey: `either ${ids[0]}` });
  const answers = await Promise.all(ids.map(pause));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 422]);
  const refused = answers.findIndex(({ status }) => status === 422);
  expect(answers[refused]?.body.code).toBe('idempotency_key_reused');
  await becomes(ids[1 - refused] ?? 0, { attention: 'paused' });
  expect((await timeline(ids[refused] ?? 0)).map(({ type }) => type)).not.toContain('order.paused');
});

test('a refused ask does not use up its key', async () => {
  const { id } = (await place('stall:500')).body;
  const pause = (order: unknown) =>
    api.v1(`/v1/orders/${order}/pause`, { key, body: {}, idempotencyKey: `free ${id}` });
  expect((await pause(999_999_999)).body.code).toBe('order_not_found');
  expect((await pause(id)).status).toBe(202);
});

test.each(['cancel', 'pause', 'resume'])("%s of another account's order, or of none, finds nothing", async (action) => {
  const { id } = (await place('stall:500')).body;
  const other = await world.shop();
  const { key: otherKey } = await createKey(world.sql, { accountId: other.account, name: 'other' });
  for (const asked of [id, 999_999_999, 'x']) {
    const answer = await ask(asked, action, {}, otherKey);
    expect([answer.status, answer.body.code]).toEqual([404, 'order_not_found']);
  }
  const { key: reader } = await createKey(world.sql, { accountId: shop.account, name: 'r', scopes: ['orders:read'] });
  expect((await ask(id, action, {}, reader)).status).toBe(403);
  expect((await ask(id, action, { reason: 5 })).body.code).toBe('invalid_request');
  expect((await ask(id, action, { why: 'x' })).body.code).toBe('invalid_request');
});

test('staff see what waits, why, and settle it; the customer reads that staff did', async () => {
  const stuck = await world.shop({ service: { review_after_seconds: 2 } });
  const { key: customer } = await createKey(world.sql, { accountId: stuck.account, name: 'stuck' });
  const { id } = (await place('stall:600,speed:2000', { service: stuck.service }, customer)).body;
  const waiting = async () => {
    const { body } = await api.v1('/v1/admin/reviews?attention=review&limit=100', { key: staff });
    return (body.data as { order: number }[]).find(({ order }) => order === id);
  };
  await expect.poll(waiting, { timeout: 30_000 }).toMatchObject({
    account: stuck.account,
    accountName: 'a customer',
    service: stuck.service,
    status: 'In progress',
    attention: 'review',
    totalQuantity: 1000,
    since: expect.stringMatching(/^20/),
    by: 'system',
    why: 'In progress for too long',
    actions: ['extend', 'partial', 'complete', 'cancel', 'redispatch'],
  });
  const live = await api.v1(`/v1/admin/orders/${id}/workflow`, { key: staff });
  expect([live.status, live.body]).toMatchObject([
    200,
    { orderId: id, status: 'In progress', attention: 'review', batches: [{ batch: 1, state: 'running' }] },
  ]);

  const resolve = (body: object, order = id) => api.v1(`/v1/admin/orders/${order}/resolve`, { key: staff, body });
  const wrong = await resolve({ action: 'partial', delivered: 1001 });
  expect([wrong.status, wrong.body.code]).toEqual([422, 'invalid_request']);
  const impossible = await resolve({ action: 'notPlaced' });
  expect([impossible.status, impossible.body.code]).toEqual([409, 'not_possible']);
  expect(impossible.body.detail).toContain('possible are extend, partial');
  const done = await resolve({ action: 'partial', delivered: 600, reason: 'asked the provider' });
  expect([done.status, done.body]).toEqual([
    202,
    { id, accepted: true, message: 'the order is settled with 600 delivered' },
  ]);
  const mine = async () => (await api.v1(`/v1/orders/${id}`, { key: customer })).body;
  await expect.poll(mine, { timeout: 30_000 }).toMatchObject({ status: 'Partial', charge: '0.54', refunded: '0.36' });
  expect(await waiting()).toBeUndefined();

  const { body } = await api.v1(`/v1/orders/${id}/timeline?limit=100`, { key: customer });
  expect(body.data).toContainEqual(
    expect.objectContaining({ type: 'resolved.partial', by: 'staff', data: { delivered: 600 } }),
  );
  expect(JSON.stringify(body)).not.toMatch(/Jane|asked the provider/);
  const [kept] =
    await world.sql`select actor, data from events where order_id = ${Number(id)} and type = 'resolved.partial'`;
  expect(kept).toEqual({ actor: 'staff: Jane of support', data: { delivered: 600, reason: 'asked the provider' } });

  const late = await resolve({ action: 'complete' });
  expect([late.status, late.body.code]).toEqual([409, 'order_ended']);
  expect((await resolve({ action: 'complete' }, 999_999_999)).status).toBe(404);
  const ended = await api.v1(`/v1/admin/orders/${id}/workflow`, { key: staff });
  expect([ended.status, ended.body]).toMatchObject([200, { status: 'Partial', delivered: 600 }]);
  expect((await api.v1('/v1/admin/orders/999999999/workflow', { key: staff })).body.code).toBe('order_not_found');
});

test('a stalled order waits, and says since when nothing moves', async () => {
  const slow = await world.shop({ service: { stall_after_seconds: 1 } });
  const { key: customer } = await createKey(world.sql, { accountId: slow.account, name: 'slow' });
  const { id } = (await place('stall:500', { service: slow.service }, customer)).body;
  const waiting = async () => {
    const { body } = await api.v1('/v1/admin/reviews?attention=stalled', { key: staff });
    return (body.data as { order: number }[]).find(({ order }) => order === id);
  };
  await expect
    .poll(waiting, { timeout: 30_000 })
    .toMatchObject({ why: expect.stringMatching(/^nothing was delivered since 20\d\d-\d\d-\d\dT[\d:]{8}Z$/) });
  const { body } = await api.v1(`/v1/orders/${id}/timeline`, { key: customer });
  expect(body.data).toContainEqual(
    expect.objectContaining({
      type: 'order.stalled',
      by: 'system',
      data: { batch: 1, since: expect.stringMatching(/^20.*Z$/) },
    }),
  );
});

test('the list of what waits goes page by page, oldest first', async () => {
  const ids: unknown[] = [];
  for (let number = 0; number < 3; number += 1) {
    const { id } = (await place('stall:500')).body;
    expect((await ask(id, 'pause')).status).toBe(202);
    await becomes(id, { attention: 'paused' });
    ids.push(id);
  }
  const seen: number[] = [];
  let cursor = '';
  do {
    const { body } = await api.v1(`/v1/admin/reviews?attention=paused&limit=2${cursor}`, { key: staff });
    seen.push(...(body.data as { order: number }[]).map(({ order }) => order));
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  expect(seen).toEqual([...new Set(seen)].sort((one, other) => one - other));
  expect(seen).toEqual(expect.arrayContaining(ids));
  expect((await api.v1('/v1/admin/reviews?attention=none', { key: staff })).status).toBe(422);
  expect((await api.v1('/v1/admin/reviews', { key })).status).toBe(403);
});

test('panel API v2 asks for cancels, many and one', async () => {
  const { id } = (await place('stall:500,oncancel:100')).body;
  const { id: over } = (await place('seconds:1')).body;
  await becomes(id, { status: 'In progress', delivered: 500 });
  await becomes(over, { status: 'Completed' });
  expect(await api.v2({ key, action: 'cancel', orders: `${id},${over}, 999999999,abc,${id}` })).toEqual([
    { order: id, cancel: 1 },
    { order: over, cancel: { error: 'The order has ended' } },
    { order: 999_999_999, cancel: { error: 'Incorrect order ID' } },
    { order: 'abc', cancel: { error: 'Incorrect order ID' } },
    { order: id, cancel: 1 },
  ]);
  await becomes(id, { status: 'Partial', delivered: 500 });
  const { id: one } = (await place('stall:500,oncancel:100')).body;
  expect(await api.v2({ key, action: 'cancel', order: String(one) })).toEqual({ order: one, cancel: 1 });
  expect(await api.v2({ key, action: 'cancel', order: '999999999' })).toEqual({ error: 'Incorrect order ID' });
  expect(await api.v2({ key, action: 'cancel' })).toEqual({ error: 'Incorrect order ID' });
  const many = Array(101).fill('1').join(',');
  expect(await api.v2({ key, action: 'cancel', orders: many })).toEqual({ error: 'Too many ids, 100 at most' });
});

test('a drip-feed sends its first run now, shows its schedule, and canceled charges only for what was delivered', async () => {
  const fields = { key, action: 'add', service: String(shop.service), quantity: '100', runs: '3', interval: '1' };
  const { order: id } = await api.v2({ ...fields, link: 'https://example.com/drip?sim=seconds:1' });
  await becomes(id, { status: 'In progress', delivered: 100 });
  const order = await read(id);
  expect(order).toMatchObject({ runs: 3, intervalMinutes: 1, totalQuantity: 300, remains: 200, price: '0.27' });
  expect(order.batches).toMatchObject([{ batch: 1, quantity: 100, delivered: 100 }]);
  const { body } = await api.v1(`/v1/orders/${id}/delivery`, { key });
  const start = Date.parse(order.createdAt as string);
  const due = (run: number) => new Date(start + (run - 1) * 60_000).toISOString();
  expect(body.planned).toEqual([1, 2, 3].map((run) => ({ run, dueAt: due(run), quantity: 100, total: run * 100 })));
  expect((body.samples as object[]).at(-1)).toMatchObject({ batch: 1, delivered: 100, total: 100 });
  expect(Math.abs(Date.parse(order.nextRunAt as string) - Date.parse(due(2)))).toBeLessThan(1_000);

  expect((await ask(id, 'cancel')).status).toBe(202);
  await becomes(id, { status: 'Partial', charge: '0.09', refunded: '0.18', nextRunAt: null, reason: 'requested' });
  expect(await verifyLedger(world.sql)).toEqual([]);
});

test('of a long drip-feed the last fifty batches are shown, and a bounded curve', async () => {
  const id = await shop.order({ quantity: 10, dripFeed: { runs: 60, intervalMinutes: 1 } });
  await world.sql`
    insert into batches (order_id, batch, quantity, state, delivered) select ${id}::bigint, n, 10, 'done', 10 from generate_series(1, 60) n`;
  await world.sql`
    insert into delivery_samples (order_id, batch, at, delivered)
      select ${id}::bigint, b, now() + make_interval(secs => b * 100 + s), s from generate_series(1, 60) b, generate_series(1, 20) s`;
  const order = await read(id);
  expect((order.batches as { batch: number }[]).map(({ batch }) => batch)).toEqual(
    Array.from({ length: 50 }, (_, index) => index + 11),
  );
  const { body } = await api.v1(`/v1/orders/${id}/delivery`, { key });
  expect(body.samples).toHaveLength(1000);
  expect((body.samples as object[]).at(-1)).toMatchObject({ batch: 60, delivered: 20, total: 1200 });
});

test('what is done after a failed run is kept with the service', async () => {
  const route = { provider: shop.providers[0], providerService: '1', rate: '0.5' };
  const body = { name: 'Drip', category: 'Demo', rate: '0.9', min: 10, max: 1000, dripFeed: true, routes: [route] };
  const post = (more: object, idempotencyKey: string) =>
    api.v1('/v1/admin/services', { key: staff, body: { ...body, ...more }, idempotencyKey });
  const { id } = (await post({ afterFailedRun: 'retry' }, 's1')).body;
  const [row] = await world.sql`select after_failed_run from services where id = ${id as number}`;
  expect(row).toEqual({ after_failed_run: 'retry' });
  expect((await post({ afterFailedRun: 'panic' }, 's2')).body.code).toBe('invalid_request');
});
