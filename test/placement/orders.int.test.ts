import { afterAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { end } from '../support/reads/books.ts';
import { apiWorld } from '../support/worlds/api-world.ts';

const { world, api, shop, key, close } = await apiWorld();
afterAll(close);

const DAY = 86_400_000;
let links = 0;
const order = (more: object = {}) => ({
  service: shop.service,
  link: `https://example.com/p/${++links}?sim=seconds:1`,
  quantity: 1000,
  ...more,
});
const place = (body: unknown, idempotencyKey: string) => api.v1('/v1/orders', { key, body, idempotencyKey });
const claims = async (): Promise<number> => {
  const [row] = await world.sql<{ count: number }[]>`select count(*)::integer as count from claims`;
  return row?.count ?? -1;
};

test('an order is answered as it was accepted, and its hold is taken', async () => {
  const body = order({ reference: 'mine-1' });
  const before = await api.v1('/v1/balance', { key });
  const placed = await place(body, 'first');
  expect(placed.status).toBe(201);
  expect(placed.headers.get('location')).toBe(`/v1/orders/${placed.body.id}`);
  expect(placed.body).toMatchObject({
    status: 'Pending',
    attention: 'none',
    service: shop.service,
    link: body.link,
    quantity: 1000,
    runs: 1,
    totalQuantity: 1000,
    price: '0.9',
    charge: '0.9',
    refunded: '0',
    currency: 'USD',
    delivered: 0,
    remains: 1000,
    percent: 0,
    startedAt: null,
    elapsedSeconds: 0,
    reference: 'mine-1',
    batches: [],
    version: 1,
  });
  const after = await api.v1('/v1/balance', { key });
  expect([before.body, after.body]).toEqual([
    { balance: '1000', currency: 'USD' },
    { balance: '999.1', currency: 'USD' },
  ]);
});

test('fifty equal requests at once are one order and fifty equal answers', async () => {
  const body = order();
  const answers = await Promise.all(Array.from({ length: 50 }, () => place(body, 'fifty')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(49);
  const again = await place(body, '"fifty"');
  expect(again.body).toEqual(answers[0]?.body);
});

test('equal requests are one order also where there is room and money for just one', async () => {
  const tight = await world.shop({ balance: '0.9', service: { duplicate_link: 'reject' } });
  const { key: tightKey } = await createKey(world.sql, { accountId: tight.account, name: 'tight' });
  const body = { ...order(), service: tight.service };
  const ask = () => api.v1('/v1/orders', { key: tightKey, body, idempotencyKey: 'tight' });
  const answers = await Promise.all(Array.from({ length: 50 }, ask));
  expect(new Set(answers.map((answer) => `${answer.status} ${JSON.stringify(answer.body)}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(201);
  expect((await api.v1('/v1/balance', { key: tightKey })).body.balance).toBe('0');
});

test('the same key with another body is refused', async () => {
  const body = order();
  expect((await place(body, 'one-body')).status).toBe(201);
  const other = await place({ ...body, quantity: 1001 }, 'one-body');
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

test('metadata is kept with an order, belongs to its request, and is never lost', async () => {
  const metadata = { campaign: 'winter', 'client id': 'ü-17', a: '' };
  const body = order({ metadata });
  const placed = await place(body, 'metadata');
  expect(placed.status).toBe(201);
  expect(placed.body.metadata).toEqual(metadata);
  expect(await place(body, 'metadata')).toMatchObject({ body: placed.body });
  expect((await api.v1(`/v1/orders/${placed.body.id}`, { key })).body.metadata).toEqual(metadata);
  const other = await place({ ...body, metadata: { campaign: 'summer' } }, 'metadata');
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  const wrong = await place(order({ metadata: { campaign: 7 } }), 'metadata of no text');
  expect([wrong.body.code, wrong.body.errors]).toEqual([
    'invalid_request',
    [{ path: 'metadata.campaign', message: 'must be text' }],
  ]);
});

test('an order says what can be done with it, and why not in the words of the refusal', async () => {
  const placed = await place(order({ link: `https://example.com/p/${++links}?sim=seconds:600` }), 'can');
  const path = `/v1/orders/${placed.body.id}`;
  const can = async () => (await api.v1(path, { key })).body.can as Record<string, { reason?: string; code?: string }>;
  await expect.poll(async () => (await api.v1(path, { key })).body.status, { timeout: 30_000 }).toBe('In progress');
  expect(await can()).toMatchObject({
    cancel: { allowed: true },
    pause: { allowed: true },
    resume: { allowed: false, code: 'not_paused' },
    refill: { allowed: false, code: 'not_refillable' },
    reorder: { allowed: false, code: 'order_open' },
  });
  await api.v1(`${path}/pause`, { key, body: {} });
  await expect.poll(async () => (await can()).pause?.code).toBe('already_paused');
  expect(await can()).toMatchObject({ resume: { allowed: true } });
  const refused = await api.v1(`${path}/refills`, { key, body: {} });
  expect([refused.status, refused.body.detail]).toEqual([409, (await can()).refill?.reason]);
  await api.v1(`${path}/cancel`, { key, body: {} });
  await expect.poll(async () => (await api.v1(path, { key })).body.settledAt, { timeout: 30_000 }).not.toBeNull();
  const late = await api.v1(`${path}/cancel`, { key, body: {} });
  expect([late.body.code, late.body.detail]).toEqual([(await can()).cancel?.code, (await can()).cancel?.reason]);
  expect(await can()).toMatchObject({ reorder: { allowed: true } });
});

test('an order is read, listed and followed to its end', async () => {
  const placed = await place(order({ reference: 'followed' }), 'followed');
  const path = `/v1/orders/${placed.body.id}`;
  await expect.poll(async () => (await api.v1(path, { key })).body.status, { timeout: 30_000 }).toBe('Completed');

  const read = await api.v1(path, { key });
  expect(read.body).toMatchObject({ charge: '0.9', refunded: '0', delivered: 1000, percent: 100 });
  const tag = read.headers.get('etag') ?? '';
  expect(tag).toMatch(new RegExp(`^W/"v${read.body.version}-[0-9a-f]{16}"$`));
  for (const known of [tag, tag.replace('W/', ''), `"v1", ${tag}`, '*']) {
    expect((await api.v1(path, { key, headers: { 'if-none-match': known } })).status).toBe(304);
  }
  const changed = await api.v1(path, { key, headers: { 'if-none-match': 'W/"v1-0000000000000000"' } });
  expect(changed.status).toBe(200);

  const listed = await api.v1('/v1/orders?reference=followed&status=Completed', { key });
  expect(listed.body).toEqual({ data: [read.body], nextCursor: null });
  const timeline = await api.v1(`${path}/timeline`, { key });
  expect((timeline.body.data as { type: string }[]).map(({ type }) => type)).toEqual([
    'order.accepted',
    'order.processing',
    'order.in_progress',
    'order.completed',
  ]);
  const delivery = await api.v1(`${path}/delivery`, { key });
  expect((delivery.body.samples as { delivered: number }[]).at(-1)?.delivered).toBe(1000);
});

test('a list is read page by page, newest first, each order once', async () => {
  for (let number = 0; number < 5; number += 1) await place(order({ reference: 'paged' }), `paged-${number}`);
  const ids: number[] = [];
  let cursor = '';
  do {
    const { body } = await api.v1(`/v1/orders?reference=paged&limit=2${cursor}`, { key });
    ids.push(...(body.data as { id: number }[]).map(({ id }) => id));
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  expect(ids).toHaveLength(5);
  expect(ids).toEqual([...new Set(ids)].sort((one, other) => other - one));
});

test('a list is narrowed by time, and a filter that is none is refused', async () => {
  const placed = await place(order({ reference: 'in-time' }), 'in-time');
  const at = (ms: number) =>
    new Date(Date.parse(placed.body.createdAt as string) + ms).toISOString().replace('Z', '+00:00');
  const count = async (query: string) => {
    const { body } = await api.v1(`/v1/orders?reference=in-time&${query}`, { key });
    return (body.data as unknown[]).length;
  };
  expect(await count(`from=${at(0)}&to=${encodeURIComponent(at(1000))}`)).toBe(1);
  expect(await count(`from=${at(1000)}`)).toBe(0);
  expect(await count(`to=${at(0)}`)).toBe(0);
  // Years that PostgreSQL does not have: 0, and 10000 (after conversion to UTC).
  const years = ['from=0000-01-01T00:00:00Z', 'to=9999-12-31T23:59:59-12:00', 'from=0001-01-01T00:00:00%2B01:00'];
  const odd = [
    'status=Done',
    'limit=0',
    'limit=101',
    'from=now',
    'colour=red',
    'archived=1',
    'cursor=x',
    'service=x',
    ...years,
  ];
  for (const query of odd) {
    const answer = await api.v1(`/v1/orders?${query}`, { key });
    expect([query, answer.status, answer.body.code]).toEqual([query, 422, 'invalid_request']);
  }
});

test('a list is narrowed to orders to which nothing can happen any more, or to the others', async () => {
  const { sql } = world;
  const theirs = await world.shop();
  const { key: theirKey } = await createKey(sql, { accountId: theirs.account, name: 'archive' });
  const ids = [];
  for (let number = 0; number < 5; number += 1) ids.push(await theirs.order());
  const [, fresh = 0, refillable = 0, refilling = 0, over = 0] = ids;
  for (const id of [fresh, refillable, refilling, over]) await end(sql, id, 1000);
  const ago = (days: number) => new Date(Date.now() - days * DAY);
  // A provider may take something back for three days.
  await sql`update orders set settled_at = ${ago(2.9)} where id = ${fresh}`;
  for (const [id, until] of [
    [refillable, ago(-1)],
    [refilling, ago(1)],
    [over, ago(1)],
  ] as const)
    await sql`update orders set settled_at = ${ago(3.1)}, refill_until = ${until} where id = ${id}`;
  await sql`
    insert into refills (order_id, number, requested_by, requested_at, review_at)
      values (${refilling}, 1, 'ann', now(), now() + interval '1 day')`;
  const listed = async (query: string) => {
    const { body } = await api.v1(`/v1/orders${query}`, { key: theirKey });
    return (body.data as { id: number }[]).map(({ id }) => id).reverse();
  };
  expect(await listed('?archived=true')).toEqual([over]);
  expect(await listed('?archived=false')).toEqual(ids.slice(0, 4));
  expect(await listed('')).toEqual(ids);
});

test('another account finds no order, no line and no list', async () => {
  const placed = await place(order(), 'not-yours');
  const other = await world.shop();
  const { key: otherKey } = await createKey(world.sql, { accountId: other.account, name: 'other' });
  const path = `/v1/orders/${placed.body.id}`;
  for (const asked of [path, `${path}/timeline`, `${path}/delivery`, '/v1/orders/abc', '/v1/orders/0']) {
    const answer = await api.v1(asked, { key: otherKey });
    expect([answer.status, answer.body.code]).toEqual([404, 'order_not_found']);
  }
  expect((await api.v1('/v1/orders', { key: otherKey })).body.data).toEqual([]);
});

test('the statement adds up to the balance', async () => {
  const { body } = await api.v1('/v1/statement?limit=100', { key });
  const lines = body.data as { line: number; kind: string; amount: string; balance: string }[];
  expect(lines.at(-1)).toMatchObject({ line: 1, kind: 'deposit', amount: '1000', balance: '1000' });
  expect(lines.map(({ line }) => line)).toEqual(lines.map((_, index) => lines.length - index));
  expect(lines[0]?.balance).toBe((await api.v1('/v1/balance', { key })).body.balance);
});

test.each<[string, () => unknown, number, string]>([
  ['an unknown service', () => order({ service: 999_999 }), 422, 'unknown_service'],
  ['a service beyond any id', () => order({ service: 2 ** 40 }), 422, 'unknown_service'],
  ['too few', () => order({ quantity: 9 }), 422, 'quantity_below_min'],
  ['too many', () => order({ quantity: 100_001 }), 422, 'quantity_above_max'],
  ['no link', () => order({ link: 'not a link' }), 422, 'invalid_link'],
  ['a link with a zero byte', () => order({ link: 'https://example.com/\u0000' }), 422, 'invalid_link'],
  ['an over-long link', () => order({ link: `https://example.com/${'a'.repeat(2048)}` }), 422, 'invalid_link'],
  ['none', () => order({ quantity: 0 }), 422, 'invalid_quantity'],
  ['less than none', () => order({ quantity: -5 }), 422, 'invalid_quantity'],
  ['a part of one', () => order({ quantity: 10.5 }), 422, 'invalid_quantity'],
  ['no quantity', () => order({ quantity: undefined }), 422, 'invalid_quantity'],
  ['a number as text', () => order({ quantity: '1000' }), 422, 'invalid_request'],
  ['a service as text', () => order({ service: '1' }), 422, 'invalid_request'],
  ['an unknown field', () => order({ colour: 'red' }), 422, 'invalid_request'],
  ['a reference with a zero byte', () => order({ reference: 'a\u0000' }), 422, 'invalid_request'],
  ['comments that it does not take', () => order({ comments: 'nice' }), 422, 'unexpected_field'],
  [
    'a start too far ahead',
    () => order({ scheduledAt: new Date(Date.now() + 366 * DAY).toISOString() }),
    422,
    'invalid_request',
  ],
  ['a drip-feed without a pause', () => order({ dripFeed: { runs: 3, intervalMinutes: 0 } }), 422, 'invalid_request'],
  [
    'a drip-feed of too many runs',
    () => order({ dripFeed: { runs: 10_001, intervalMinutes: 1 } }),
    422,
    'invalid_request',
  ],
  ['a moment that is none', () => order({ scheduledAt: 'tomorrow' }), 422, 'invalid_request'],
  ['a price above maxCharge', () => order({ maxCharge: '0.89999999' }), 422, 'charge_above_max'],
  ['more than the wallet holds', () => order({ quantity: 100_000, service: shop.service }), 402, 'insufficient_funds'],
  ['a body that is not JSON', () => '{"service":', 400, 'malformed_body'],
  ['a body that is not an object', () => '[]', 422, 'invalid_request'],
  ['a body over the limit', () => order({ comments: 'x'.repeat(600_000) }), 413, 'body_too_large'],
])('%s is refused, and nothing is left behind', async (_, body, status, code) => {
  if (code === 'insufficient_funds') await world.sql`update services set rate = 10000000 where id = ${shop.service}`;
  const before = await claims();
  const answer = await place(body(), `bad-${links}`);
  await world.sql`update services set rate = 90000 where id = ${shop.service}`;
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({ status, title: expect.any(String), request_id: expect.any(String) });
  expect(await claims()).toBe(before);
});

test('an order needs a usable Idempotency-Key', async () => {
  const missing = await api.v1('/v1/orders', { key, body: order() });
  expect([missing.status, missing.body.code]).toEqual([400, 'idempotency_key_missing']);
  const long = await place(order(), 'k'.repeat(256));
  expect([long.status, long.body.code]).toEqual([400, 'idempotency_key_invalid']);
});

test('a second order for a link that is still running is refused where the service says so', async () => {
  const strict = await world.shop({ service: { duplicate_link: 'reject' } });
  const { key: strictKey } = await createKey(world.sql, { accountId: strict.account, name: 'strict' });
  const body = { service: strict.service, link: 'https://www.example.com/same?sim=seconds:600', quantity: 1000 };
  expect((await api.v1('/v1/orders', { key: strictKey, body, idempotencyKey: 'd1' })).status).toBe(201);
  const other = { ...body, link: body.link.replace('www.', '') };
  const second = await api.v1('/v1/orders', { key: strictKey, body: other, idempotencyKey: 'd2' });
  expect([second.status, second.body.code]).toEqual([422, 'duplicate_link']);
});
