import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBulkOrderActivities } from '../../activities/placement/bulk-orders.ts';
import { ensureBulkOrders } from '../../activities/placement/ensure-bulk-orders.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import { createKey } from '../../db/account/accounts.ts';
import { deposit, verifyLedger } from '../../db/ledger/ledger.ts';
import { createBulkOrders, openBulkOrders } from '../../db/placement/bulk-orders.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import { ordersToRun } from '../../db/reconcile/lost-orders.ts';
import { LIMITS } from '../../domain/limits.ts';
import { bulkOrdersWorkflowId, priorityOf } from '../../workflows/contract.ts';
import { type Answer, type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { type RunningWorkers, realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;
let shop: Shop;
let key: string;
let workers: RunningWorkers;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi(world);
  shop = await world.shop();
  ({ key } = await createKey(world.sql, { accountId: shop.account, name: 'test' }));
  workers = await world.startWorkers();
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const LINES = 104;
let lists = 0;
/** A list of LINES lines, the second one invalid. */
const newList = (): string => {
  lists += 1;
  const line = (n: number) => `${shop.service}|https://example.com/mass/${lists}/${n}?sim=seconds:600|10`;
  return Array.from({ length: LINES }, (_, n) => (n === 1 ? 'nonsense' : line(n))).join('\n');
};
const send = (text: string, idempotencyKey: string): Promise<Answer> =>
  api.v1('/v1/orders/batch', { key, body: text, idempotencyKey, headers: { 'content-type': 'text/plain' } });
const read = async (id: unknown, query = '') => (await api.v1(`/v1/orders/batch/${id}${query}`, { key })).body;
const ended = (id: unknown) =>
  expect.poll(async () => (await read(id)).status, { timeout: 240_000, interval: 250 }).toBe('ended');
const ordersOf = async (list: number): Promise<number> => {
  const [row] = await world.sql<{ count: number }[]>`
    select count(*)::integer as count from orders where link like ${`https://example.com/mass/${list}/%`}`;
  return row?.count ?? -1;
};

test('a large list is taken at once, placed by and by, and read line by line; twice sent it is placed once', async () => {
  const text = newList();
  const [taken, again] = await Promise.all([send(text, 'large'), send(text, 'large')]);
  expect([taken.status, again.status]).toEqual([202, 202]);
  expect(again.body.id).toBe(taken.body.id);
  expect(taken.headers.get('location')).toBe(`/v1/orders/batch/${taken.body.id}`);
  expect(taken.body).toMatchObject({ status: 'placing', total: LINES, refused: 1 });
  const handle = world.temporal.workflow.getHandle(bulkOrdersWorkflowId(taken.body.id as number));
  expect((await handle.describe()).priority).toMatchObject(priorityOf(shop.account, 'line'));

  await ended(taken.body.id);
  expect(await read(taken.body.id)).toMatchObject({ waiting: 0, placed: LINES - 1, refused: 1, canceled: 0 });
  const lines: { line: number; order: number | null; error: { code: string } | null }[] = [];
  let cursor = '';
  do {
    const page = await read(taken.body.id, `?limit=50${cursor}`);
    lines.push(...(page.data as typeof lines));
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: LINES }, (_, index) => index + 1));
  expect(lines[1]).toMatchObject({ status: 'refused', order: null, error: { code: 'invalid_request' } });
  expect(lines[1]).toMatchObject({ service: null, link: null, quantity: null });
  expect(lines[2]).toMatchObject({ service: shop.service, link: expect.stringContaining('/2?sim='), quantity: 10 });
  const refused = await read(taken.body.id, '?status=refused');
  expect((refused.data as typeof lines).map(({ line }) => line)).toEqual([2]);
  const { data, nextCursor } = await read(taken.body.id, '?status=placed&limit=2');
  expect([(data as typeof lines).map(({ line }) => line), nextCursor]).toEqual([[1, 3], expect.any(String)]);
  const first = await api.v1(`/v1/orders/${lines[0]?.order}`, { key });
  expect(first.body).toMatchObject({ quantity: 10, price: '0.009' });

  const third = await send(text, 'large');
  expect([third.body.id, third.body.status]).toEqual([taken.body.id, 'ended']);
  expect(await ordersOf(1)).toBe(LINES - 1);
  const other = await send(newList(), 'large');
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  expect(await verifyLedger(world.sql)).toEqual([]);
}, 300_000);

test('what is not placed yet can be canceled, and what was placed stays', async () => {
  await workers.stop();
  const taken = await send(newList(), 'canceled');
  const list = lists;
  const canceled = await api.v1(`/v1/orders/batch/${taken.body.id}/cancel`, { key, method: 'POST' });
  expect([canceled.status, canceled.body.canceledNow, canceled.body.status]).toEqual([202, LINES - 1, 'ended']);
  const twice = await api.v1(`/v1/orders/batch/${taken.body.id}/cancel`, { key, method: 'POST' });
  expect([twice.status, twice.body.canceledNow]).toEqual([202, 0]);
  workers = await world.startWorkers();
  await world.temporal.workflow.getHandle(bulkOrdersWorkflowId(taken.body.id as number)).result();
  expect(await ordersOf(list)).toBe(0);
});

test('a wish to cancel it in the Temporal UI stops a list between two lines', async () => {
  await workers.stop();
  const taken = await send(newList(), 'in the UI');
  const handle = world.temporal.workflow.getHandle(bulkOrdersWorkflowId(taken.body.id as number));
  await handle.cancel();
  workers = await world.startWorkers();
  await handle.result();
  const after = await read(taken.body.id);
  expect(after.status).toBe('ended');
  expect(after.canceled).toBeGreaterThan(0);
  expect(after.placed).toBe(await ordersOf(lists));
});

test('a list whose workflow was never started is taken up by a worker', async () => {
  const request = { service: shop.service, link: 'https://example.com/mass/lost?sim=seconds:600', quantity: 10 };
  const id = await createBulkOrders(world.sql, shop.account, 'lost', [{ line: 1, request }]);
  expect(await openBulkOrders(world.sql)).toContain(id);
  await ensureBulkOrders(world.temporal, id);
  await ensureBulkOrders(world.temporal, id);
  await ended(id);
  expect(await read(id)).toMatchObject({ placed: 1 });
  await expect.poll(() => openBulkOrders(world.sql)).not.toContain(id);
});

test('no history of a list holds a link, and more lines than are taken are refused', async () => {
  const { events } = await world.temporal.workflow.getHandle(bulkOrdersWorkflowId(501)).fetchHistory();
  const text = JSON.stringify(events, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString() : value,
  );
  expect(text).not.toContain('example.com');
  const tooMany = await send('1|a|1\n'.repeat(10_001), 'too many');
  expect([tooMany.status, tooMany.body.code]).toEqual([422, 'invalid_request']);
});

test('lines that cannot even be stored are refused alone: neither their list nor the reconciler waits for them', async () => {
  const good = (n: number) => ({
    service: shop.service,
    link: `https://example.com/mass/odd/${n}?sim=seconds:600`,
    quantity: 10,
  });
  const odd = [
    { ...good(1), service: 99_999_999_999 },
    { ...good(2), link: 'https://example.com/mass/odd/\u0000' },
    { ...good(3), link: 'https://example.com/mass/odd/\ud800' },
    { ...good(4), comments: ['nice', '\u0000', '\ud800'] },
    { ...good(5), '\u0000\ud800': 1 },
    { ...good(6), quantity: 1e300 },
  ];
  const body = { lines: [...odd, ...Array.from({ length: LINES - odd.length }, (_, n) => good(n + 10))] };
  const taken = await api.v1('/v1/orders/batch', { key, body, idempotencyKey: 'odd' });
  expect([taken.status, taken.body]).toMatchObject([202, { total: LINES }]);
  await ended(taken.body.id);
  const list = await read(taken.body.id, '?limit=6');
  expect(list).toMatchObject({ waiting: 0, placed: LINES - odd.length, refused: odd.length });
  const codes = (list.data as { error: { code: string } }[]).map(({ error }) => error.code);
  const invalid = 'invalid_request';
  expect(codes).toEqual(['unknown_service', invalid, invalid, invalid, invalid, 'invalid_quantity']);
}, 300_000);

test('a request for a service that cannot be, left undecided, is looked at like any other', async () => {
  const claim = await shop.claim({ service: 99_999_999_999 });
  expect(await ordersToRun(world.sql, [claim])).toMatchObject([{ orderId: claim, need: 'claim' }]);
  expect(await decideClaim(world.sql, claim)).toEqual({ state: 'refused', code: 'unknown_service' });
});

test('an account has so many lines waiting and no more, and a list beyond that is not taken at all', async () => {
  await workers.stop();
  const fresh = await world.shop();
  const { key: theirs } = await createKey(world.sql, { accountId: fresh.account, name: 'test' });
  const list = (name: string, count: number) =>
    Array.from({ length: count }, (_, n) => `${fresh.service}|https://example.com/${name}/${n}|10`).join('\n');
  const hand = (name: string, count: number) =>
    api.v1('/v1/orders/batch', {
      key: theirs,
      body: list(name, count),
      idempotencyKey: name,
      headers: { 'content-type': 'text/plain' },
    });
  const taken = await Promise.all([hand('one', LIMITS.listLines), hand('two', LIMITS.listLines)]);
  expect(taken.map(({ status }) => status)).toEqual([202, 202]);
  const refused = await hand('three', 101);
  expect([refused.status, refused.body.code]).toEqual([429, 'too_many_lines']);
  expect(refused.headers.get('retry-after')).toBe('60');
  expect((await hand('one', LIMITS.listLines)).body.id).toBe(taken[0]?.body.id);
  await api.v1(`/v1/orders/batch/${taken[0]?.body.id}/cancel`, { key: theirs, method: 'POST' });
  expect((await hand('three', 101)).status).toBe(202);
}, 120_000);

test('a list of which no line can be ordered is refused with its first faults, and none of it is stored', async () => {
  const fresh = await world.shop();
  const { key: theirs } = await createKey(world.sql, { accountId: fresh.account, name: 'test' });
  const hand = (lines: readonly string[], idempotencyKey: string) =>
    api.v1('/v1/orders/batch', {
      key: theirs,
      body: lines.join('\n'),
      idempotencyKey,
      headers: { 'content-type': 'text/plain' },
    });
  const stored = async () => (await world.sql`select from mass_placements where account_id = ${fresh.account}`).count;
  const bad = [
    'nonsense',
    '999999|https://example.com/bad|10',
    `${fresh.service}|https://example.com/bad|1`,
    ...Array<string>(101).fill('x'),
  ];
  const refused = await hand(bad, 'bad');
  expect([refused.status, refused.body.code, await stored()]).toEqual([422, 'invalid_request', 0]);
  const errors = refused.body.errors as { path: string; message: string }[];
  expect(errors).toHaveLength(LIMITS.errorsShown);
  expect(errors.slice(0, 3)).toEqual([
    { path: 'lines', message: 'line 1: must be service|link|quantity or service|link|quantity|runs|interval' },
    { path: 'lines', message: 'line 2: Service not found' },
    { path: 'lines', message: 'line 3: the minimum is 10' },
  ]);
  const good = await hand([...bad, `${fresh.service}|https://example.com/good|10`], 'with one good line');
  expect([good.status, await stored()]).toEqual([202, 1]);
});

test('so many lines of an account are kept and no more, until the lists that ended lose theirs', async () => {
  const { account, service } = await world.shop();
  const request = { service, link: 'https://example.com/kept', quantity: 10 };
  const create = (name: string) =>
    createBulkOrders(world.sql, account, name, [
      { line: 1, request },
      { line: 2, error: { code: 'invalid_request' } },
    ]);
  await world.sql`
    insert into mass_placements (account_id, idempotency_key, total, ended_at)
      values (${account}, 'ended', ${LIMITS.storedLines - 2}, now())`;
  const first = await create('fits');
  await expect(create('too many')).rejects.toMatchObject({ code: 'too_many_lines', retryAfter: 86_400 });
  expect(await create('fits')).toBe(first);
  await world.sql`
    update mass_placements set placed = total, refused = 0, canceled = 0, idempotency_key = null
      where account_id = ${account} and idempotency_key = 'ended'`;
  expect(await create('too many')).toBeGreaterThan(first);
});

test('a list of which the wallet can pay no line is not taken, one of which it can pay some is', async () => {
  const poor = await world.shop({ balance: '0.01' });
  const { key: theirs } = await createKey(world.sql, { accountId: poor.account, name: 'test' });
  const hand = (quantities: readonly number[], idempotencyKey: string, by = theirs) =>
    api.v1('/v1/orders/batch', {
      key: by,
      body: quantities.map((quantity, n) => `${poor.service}|https://example.com/poor/${n}|${quantity}`).join('\n'),
      idempotencyKey,
      headers: { 'content-type': 'text/plain' },
    });
  const dear = Array<number>(101).fill(1_000);
  const refused = await hand(dear, 'poor');
  expect([refused.status, refused.body.code]).toEqual([402, 'insufficient_funds']);
  expect(refused.body.detail).toBe('the wallet holds 0.01, and the cheapest line costs 0.9');
  const { key: ordering } = await createKey(world.sql, {
    accountId: poor.account,
    name: 'orders alone',
    scopes: ['orders:write'],
  });
  const blind = await hand(dear, 'poor too', ordering);
  expect([blind.status, blind.body.detail]).toEqual([402, 'the wallet holds less, and the cheapest line costs 0.9']);
  const [{ lists } = { lists: -1 }] = await world.sql<{ lists: number }[]>`
    select count(*)::integer as lists from mass_placements where account_id = ${poor.account}`;
  expect(lists).toBe(0);
  expect((await hand([...dear, 10], 'some')).status).toBe(202);
  await deposit(world.sql, poor.account, 90_000_000n as never, 'enough for one');
  expect((await hand(dear, 'poor')).status).toBe(202);
});

test('an account’s lists are placed one at a time, and those of other accounts beside them', async () => {
  const other = await world.shop();
  const line = (service: number, n: number) => ({
    line: 1,
    request: { service, link: `https://example.com/turns/${n}`, quantity: 10 },
  });
  const list = (of: Shop, n: number) => createBulkOrders(world.sql, of.account, `turn ${n}`, [line(of.service, n)]);
  const [first, second, third, beside] = [
    await list(shop, 1),
    await list(shop, 2),
    await list(shop, 3),
    await list(other, 4),
  ];
  let starts = (): void => {};
  let held = 0;
  const start = () => {
    held += 1;
    return held > 1 ? Promise.resolve() : new Promise<void>((resolve) => (starts = resolve));
  };
  const deps = { sql: world.sql, temporal: { workflow: { start } }, log: pino({ level: 'silent' }) } as unknown as Deps;
  const { placeLines, cancelLines } = createBulkOrderActivities(deps);
  const place = (id: number, scheduledTimestampMs = Date.now()) =>
    new MockActivityEnvironment({ scheduledTimestampMs }).run(placeLines, id);

  const placing = place(first);
  await expect.poll(() => held).toBe(1);
  const waits = { category: 'BENIGN', nextRetryDelay: expect.anything() };
  await expect(place(second)).rejects.toMatchObject(waits);
  await expect(place(third)).rejects.toMatchObject(waits);
  expect(await place(beside)).toBe(true);
  // A list that has waited for a minute lets its workflow look for a wish to cancel it. A canceled list needs no turn.
  expect(await place(second, Date.now() - 61_000)).toBe(true);
  await cancelLines(third);
  expect(await place(third)).toBe(false);
  starts();
  expect(await placing).toBe(true);
  expect(await place(second)).toBe(true);
  expect(await place(second)).toBe(false);
  expect(await read(second)).toMatchObject({ status: 'ended', placed: 1 });
});
