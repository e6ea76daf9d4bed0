import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBulkOrders } from '../../db/placement/bulk-orders.ts';
import { type Doubts, doubtCopy, skipIds } from '../../db/reconcile/restored.ts';
import { openRefill } from '../../db/refill/refills.ts';
import { createBulkResolution, nextOrders } from '../../db/review/bulk-resolutions.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, running, sending } from '../support/engines/running.ts';
import { openShop, type Shop, type ShopOptions } from '../support/worlds/shop.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** A second provider takes the parts that the first did not deliver. */
const TWO = ['http://127.0.0.1:9/api/v2', 'http://127.0.0.1:9/api/other'];
const shopOf = (service: ShopOptions['service'] = {}): Promise<Shop> =>
  openShop(database.sql, { service, providers: TWO });
const dripFeed = { runs: 5, intervalMinutes: 60 };

/** What is doubted now of this order. */
async function doubtsOf(order: number): Promise<Doubts & { readonly batches: readonly number[] }> {
  const { sends, refills, noResends, decisions } = await doubtCopy(database.sql, new Date());
  const mine = sends.filter(({ orderId }) => orderId === order);
  return {
    sends: mine,
    batches: mine.map(({ batch }) => batch),
    refills: refills.filter(({ orderId }) => orderId === order),
    noResends: noResends.filter((id) => id === order),
    decisions,
  };
}

/** Moves the request of an order into the past. */
async function askedBefore(order: number, minutes: number): Promise<void> {
  await database.sql`
    update claims set created_at = now() - make_interval(mins => ${minutes}) where order_id = ${order}`;
}

/** Makes the next run of a drip-feed due so many minutes ago; below 0: in so many minutes. */
async function nextRunBefore(order: number, minutes: number): Promise<void> {
  await database.sql`
    update orders set next_run_at = now() - make_interval(mins => ${minutes}) where id = ${order}`;
}

/** Ends the first batch of an order with 400 of its 1000. */
async function fellShort(order: number): Promise<void> {
  await running(database.sql, order, `short ${order}`);
  await database.sql`
    update batches set state = 'done', delivered = 400, supported = 400 where order_id = ${order}`;
}

it('the runs of a drip-feed that were due before the loss, and an attempt that was being sent, are in doubt', async () => {
  const shop = await shopOf();
  const due = await shop.order({ dripFeed });
  await askedBefore(due, 150);
  expect((await doubtsOf(due)).batches).toEqual([1, 2, 3]);
  const [{ next } = { next: null }] = await database.sql<{ next: boolean | null }[]>`
    select o.next_run_at - c.created_at = interval '180 minutes' as next
      from orders o join claims c on c.order_id = o.id where o.id = ${due}`;
  expect(next).toBe(true);
  const half = await shop.order();
  await sending(database.sql, attemptOf(half));
  expect((await doubtsOf(half)).batches).toEqual([1]);
});

it('so are the runs of a request that was not decided, though it has expired in the copy', async () => {
  const shop = await shopOf();
  const open = await shop.claim({ dripFeed }, new Date(Date.now() - 80 * 60_000));
  await askedBefore(open, 90);
  expect((await doubtsOf(open)).batches).toEqual([1, 2]);
});

it('so are the lines of a list that waited, once; a line that the wallet cannot pay is refused', async () => {
  const { sql } = database;
  const shop = await openShop(sql, { balance: '2' });
  const request = { service: shop.service, link: 'https://example.com/line', quantity: 1000 };
  const lines = [1, 2, 3].map((line) => ({ line, request }));
  const list = await createBulkOrders(sql, shop.account, 'a list', lines);
  await sql`update mass_placements set created_at = now() - interval '1 day' where id = ${list}`;
  const { sends } = await doubtCopy(sql, new Date(Date.now() - 3_600_000));
  const orders = await sql<{ id: number; state: string }[]>`
    select c.order_id::float8 as id, c.state from mass_lines l join claims c on c.order_id = l.order_id
      where l.mass_id = ${list} order by l.line`;
  expect(orders.map(({ state }) => state).sort()).toEqual(['order', 'order', 'refused']);
  const held = orders.filter(({ state }) => state === 'order').map(({ id }) => id);
  expect(sends.map(({ orderId }) => orderId)).toEqual(held.sort((one, other) => one - other));
  expect((await doubtCopy(sql, new Date())).sends).toEqual([]);
});

it('of a drip-feed that was paused for long, only what it may have sent since the copy is in doubt', async () => {
  const shop = await shopOf();
  const paused = await shop.order({ dripFeed });
  await running(database.sql, paused, `paused ${paused}`);
  await nextRunBefore(paused, 14_400);
  await database.sql`
    update orders set paused_at = now() - interval '10 days', paused_by = 'account', attention = 'paused' where id = ${paused}`;
  expect((await doubtsOf(paused)).batches).toEqual([2]);
});

it('a stopped drip-feed begins no run', async () => {
  const shop = await shopOf({ after_failed_run: 'stop' });
  const stopped = await shop.order({ dripFeed });
  await fellShort(stopped);
  await nextRunBefore(stopped, 10);
  await database.sql`update orders set finishing = true where id = ${stopped}`;
  expect((await doubtsOf(stopped)).batches).toEqual([]);
});

it('a missing part that was to be sent again is in doubt, and counts as no run', async () => {
  const shop = await shopOf({ after_failed_run: 'retry' });
  const short = await shop.order({ dripFeed: { runs: 2, intervalMinutes: 60 } });
  await fellShort(short);
  await nextRunBefore(short, -30);
  expect((await doubtsOf(short)).batches).toEqual([2]);
  expect(
    await database.sql`select quantity::integer as quantity, resends from batches where order_id = ${short} and batch = 2`,
  ).toEqual([{ quantity: 600, resends: 1 }]);
  await nextRunBefore(short, 10);
  expect((await doubtsOf(short)).batches).toEqual([3]);
});

it('the missing part of a batch that runs is given back and not sent again by itself', async () => {
  const shop = await shopOf({ after_failed_run: 'retry' });
  const [retried, resent] = [await shop.order({ dripFeed }), await shop.order()];
  for (const order of [retried, resent]) await running(database.sql, order, `runs ${order}`);
  await nextRunBefore(retried, -30);
  await database.sql`update batches set resend = true where order_id = ${resent}`;
  const { noResends } = await doubtCopy(database.sql, new Date());
  expect(noResends).toEqual([retried, resent]);
  expect(
    await database.sql`
      select o.after_failed_run, b.resend from orders o join batches b on b.order_id = o.id
        where o.id in ${database.sql([retried, resent])} order by o.id`,
  ).toEqual([
    { after_failed_run: 'continue', resend: false },
    { after_failed_run: 'continue', resend: false },
  ]);
  expect((await doubtCopy(database.sql, new Date())).noResends).toEqual([]);
});

it.each([
  ['resend', 'asking', 'review'],
  ['resend', 'tracked', 'review'],
  ['review', 'resending', 'review'],
  ['review', 'asking', 'asking'],
  ['reject', 'tracked', 'tracked'],
] as const)('a refill with the fallback %s that was %s in the copy is then %s', async (fallback, was, is) => {
  const { sql } = database;
  const shop = await shopOf({ refill_days: 30, refill_fallback: fallback });
  const order = await shop.order();
  await running(sql, order, `refilled ${order}`);
  const at = new Date();
  const by = 'account';
  await openRefill(sql, { orderId: order, number: 1, by, reason: '', missing: 100, reviewAt: at, at });
  await sql`update refills set stage = ${was} where order_id = ${order}`;
  const doubted = is === 'review' ? [{ orderId: order, number: 1 }] : [];
  expect((await doubtsOf(order)).refills).toEqual(doubted);
  expect(
    await sql`select r.stage, r.before, r.open_calls, o.attention from refills r join orders o on o.id = r.order_id
      where r.order_id = ${order}`,
  ).toEqual([
    { stage: is, before: null, open_calls: was === 'asking' ? 1 : 0, attention: is === 'review' ? is : 'none' },
  ]);
  expect((await doubtsOf(order)).refills).toEqual([]);
});

it('a decision of staff that was being carried out is ended, and its orders are not asked', async () => {
  const { sql } = database;
  const shop = await shopOf();
  const order = await shop.order();
  await sql`update orders set attention = 'review' where id = ${order}`;
  const decision = await sql.begin(async (tx) => {
    const set = { ids: [order] };
    const made = { set, resolution: { action: 'cancel' }, actor: 'staff: ann', reason: '', most: 10 } as const;
    return [await createBulkResolution(tx, made)];
  });
  expect((await doubtsOf(order)).decisions).toEqual(decision);
  expect(await nextOrders(sql, decision[0] ?? 0, 10)).toEqual({ orders: [], waitSeconds: null });
  expect(await sql`select status, message from bulk_resolution_orders where order_id = ${order}`).toEqual([
    { status: 'canceled', message: 'the database was restored from an older copy' },
  ]);
  expect((await doubtsOf(order)).decisions).toEqual([]);
});

it('ids of orders, refills, lists, decisions and events that may be in use are left out', async () => {
  const { sql } = database;
  const next = async () => {
    const [row] = await sql<Record<string, number>[]>`
      select nextval('order_ids')::float8 as orders, nextval('refills_id_seq')::float8 as refills,
             nextval('mass_placements_id_seq')::float8 as lists, nextval('bulk_resolutions_id_seq')::float8 as decisions,
             nextval('events_id_seq')::float8 as events`;
    return row ?? {};
  };
  const before = await next();
  await skipIds(sql, 1_000);
  const after = await next();
  expect(Object.keys(after)).toHaveLength(5);
  for (const [kind, id] of Object.entries(after))
    expect([kind, id - (before[kind] ?? 0)]).toEqual([kind, (kind === 'events' ? 20_000 : 1_000) + 2]);
});
