import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CompactionBounds, createCompactOrders } from '../../activities/housekeeping/compact-orders.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import { connect, type Sql } from '../../db/client.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { listOrders } from '../../db/order/order-list.ts';
import { deliverySamples, orderEvents } from '../../db/order/orders.ts';
import { decideClaim, readOrderRecord } from '../../db/placement/decide-claim.ts';
import { replayEvent } from '../../db/webhook/delivery-log.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { archivedOrders } from '../support/worlds/archive.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

let database: TestDatabase;
/** Connected as the product is, by the role that owns nothing. */
let app: Sql;
let shop: Shop;

beforeAll(async () => {
  database = await testDatabase();
  app = connect(database.appUrl, { name: 'holdfast-test-worker', max: 1 });
  shop = await openShop(database.sql, { balance: '100000' });
});
afterAll(async () => {
  expect(await verifyLedger(database.sql)).toEqual([]);
  await app.end({ timeout: 5 });
  await database.drop();
});

/** One run of the housekeeping task. */
const compact = (bounds?: CompactionBounds): Promise<void> =>
  new MockActivityEnvironment().run(
    createCompactOrders({ sql: app, log: pino({ level: 'silent' }) } as unknown as Deps, bounds),
  );

const one = async (options = {}): Promise<number> => (await archivedOrders(database.sql, shop, options))[0] as number;

const pointsOf = async (id: number): Promise<number> => {
  const [row] = await database.sql<{ n: number }[]>`
    select count(*)::integer as n from delivery_samples where order_id = ${id}`;
  return row?.n ?? 0;
};

const isCompacted = async (id: number): Promise<boolean> => {
  const [row] = await database.sql<{ is: boolean }[]>`
    select o.compacted_at is not null and c.request is null as is from orders o join claims c on c.order_id = o.id where o.id = ${id}`;
  return row?.is === true;
};

/** All that stays for ever of an order, as rows. */
const lasting = async (id: number): Promise<unknown> => {
  const [row] = await database.sql<{ rows: unknown }[]>`
    select jsonb_build_object(
      'order', (select to_jsonb(o) - 'compacted_at' from orders o where id = ${id}),
      'claim', (select to_jsonb(c) - 'request' from claims c where order_id = ${id}),
      'batches', (select jsonb_agg(to_jsonb(b) order by batch) from batches b where order_id = ${id}),
      'attempts', (select jsonb_agg(to_jsonb(a) - array['error', 'detail', 'candidates'] order by batch, attempt)
        from attempts a where order_id = ${id}),
      'events', (select jsonb_agg(to_jsonb(e) order by id) from events e where order_id = ${id}),
      'transfers', (select jsonb_agg(to_jsonb(t) order by id) from transfers t where order_id = ${id}),
      'steps', (select jsonb_agg(to_jsonb(s) order by key) from money_steps s where key like ${`order:${id}:%`})) as rows`;
  return row?.rows;
};

/** The versions of all rows that a run could write: a row that is written anew has another. */
const rowVersions = async (): Promise<unknown> =>
  database.sql`
    select 'order' as what, id::text as of, ctid::text, xmin::text from orders
    union all select 'claim', order_id::text, ctid::text, xmin::text from claims
    union all select 'attempt', concat_ws(' ', order_id, batch, attempt), ctid::text, xmin::text from attempts
    union all select 'point', concat_ws(' ', order_id, batch, at), ctid::text, xmin::text from delivery_samples order by 1, 2`;

it('an archived order keeps its money, its events and its end, and 20 points of its curve', async () => {
  const id = await one();
  const [before, curve] = [await lasting(id), await deliverySamples(database.sql, id, 1_000)];
  const record = await readOrderRecord(database.sql, id);
  await compact();
  expect(await isCompacted(id)).toBe(true);
  expect(await lasting(id)).toEqual(before);
  expect(await orderEvents(database.sql, id, undefined, 100)).not.toEqual([]);
  const kept = await deliverySamples(database.sql, id, 1_000);
  expect(kept).toHaveLength(LIMITS.samplesKept);
  expect([kept[0], kept.at(-1)]).toEqual([curve[0], curve.at(-1)]);
  // Between two points lies as much of the delivery as between any other two, or one of the old points more.
  const steps = kept.slice(1).map(({ total }, n) => total - (kept[n]?.total ?? 0));
  expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(5);
  // A workflow that takes the order up again, or is reset to its first step, reads what it read before.
  expect(await decideClaim(app, id)).toMatchObject({ state: 'order' });
  expect(await readOrderRecord(app, id)).toEqual(record);
  const { rows } = await listOrders(app, shop.account, { archived: true, status: [], sort: '-createdAt' }, 100);
  expect(rows.map((order) => order.id)).toContain(id);
});

it('what providers said about attempts goes, and what decides about them stays', async () => {
  const { sql } = database;
  const id = await one();
  const evidence = { kind: 'attach', providerOrder: '77' };
  await sql`
    insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate, state, error, detail, candidates, evidence,
        decided_at)
      select ${id}, 1, a.attempt, ${shop.providers[0] ?? 0}, '1', 1, a.state, a.error, a.detail, a.candidates, a.evidence,
          now() - interval '5 days'
        from jsonb_to_recordset(${sql.json([
          { attempt: 2, state: 'refused', error: 'your link is private', detail: 'refused', candidates: [] },
          { attempt: 3, state: 'released', detail: 'HTTP 502: <html>', candidates: [{ providerOrder: '78' }] },
          { attempt: 4, state: 'unknown', detail: 'no answer', candidates: [{ providerOrder: '77' }], evidence },
        ])}) as a(attempt integer, state text, error text, detail text, candidates jsonb, evidence jsonb)`;
  await compact();
  expect(await isCompacted(id)).toBe(true);
  expect(
    await sql`select state, error, detail, candidates, evidence from attempts where order_id = ${id} order by attempt`,
  ).toEqual([
    { state: 'accepted', error: null, detail: null, candidates: [], evidence: null },
    { state: 'refused', error: null, detail: 'refused', candidates: [], evidence: null },
    { state: 'released', error: null, detail: null, candidates: [], evidence: null },
    { state: 'unknown', error: null, detail: null, candidates: [], evidence },
  ]);
});

it('a repeat writes no row', async () => {
  await archivedOrders(database.sql, shop, { orders: 3 });
  await compact();
  const before = await rowVersions();
  await compact();
  expect(await rowVersions()).toEqual(before);
});

it('an order that can still change is left alone until it is archived', async () => {
  const { sql } = database;
  const [watched, refillable, refilling, searched] = [
    await one({ settledDaysAgo: 2 }),
    await one(),
    await one({ placedDaysAgo: 40, settledDaysAgo: 35 }),
    await one(),
  ];
  const running = await shop.order();
  await sql`insert into batches (order_id, batch, quantity) values (${running}, 1, 1000)`;
  await sql`
    insert into delivery_samples select ${running}, 1, now() - make_interval(days => 90, mins => -n), n from generate_series(1, 200) n`;
  await sql`update orders set refill_days = 30, refill_until = settled_at + interval '30 days' where id in (${refillable}, ${refilling})`;
  await sql`
    insert into refills (order_id, number, stage, requested_by, requested_at, review_at)
      values (${refilling}, 1, 'review', 'customer', now() - interval '6 days', now())`;
  await sql`
    insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate, state, detail, decided_at)
      values (${searched}, 1, 2, ${shop.providers[0] ?? 0}, '1', 1, 'released', 'given up', now() - interval '2 days')`;
  const all = [watched, refillable, refilling, searched, running];
  const before = await rowVersions();
  await compact();
  expect(await rowVersions()).toEqual(before);
  // Time passes, and staff end the refill.
  await sql`update orders set settled_at = settled_at - interval '40 days', refill_until = refill_until - interval '40 days'
    where id = any (${all.map(String)}::bigint[]) and settled_at is not null`;
  await sql`update attempts set decided_at = decided_at - interval '40 days' where order_id = ${searched}`;
  await sql`select end_refill(${refilling}, 1, 'Rejected', 'too late', 'staff', now(), '[]')`;
  await compact();
  expect(await Promise.all(all.map(pointsOf))).toEqual([20, 20, 20, 20, 200]);
  expect(await Promise.all(all.map(isCompacted))).toEqual([true, true, true, true, false]);
});

it('a correction that staff release after the order was compacted gives back what it would have given', async () => {
  const { sql } = database;
  const id = await one();
  await sql`
    insert into held_corrections (order_id, batch, provider_id, state, status, remains, delivered, amount, held_at, said_at,
        decided_at, decided_by)
      values (${id}, 1, ${shop.providers[0] ?? 0}, 'released', 'Partial', 400, 600, 36000000, now(), now(), now(), 'staff')`;
  await compact();
  expect(await isCompacted(id)).toBe(true);
  await app`select apply_correction(id, now()) from held_corrections where order_id = ${id}`;
  const [order] = await sql`select status, delivered, refunded, price from orders where id = ${id}`;
  expect(order).toEqual({ status: 'Partial', delivered: 600n, refunded: 36_000_000n, price: 90_000_000n });
});

it('an event of a compacted order is replayed to a webhook', async () => {
  const { sql } = database;
  const id = await one();
  await compact();
  const [endpoint] = await sql<{ id: number }[]>`
    insert into webhook_endpoints (account_id, url, secret_cipher) values (${shop.account}, 'http://127.0.0.1:9/', '') returning id`;
  const [event] = await sql<{ id: number }[]>`
    select id::float8 as id from events where order_id = ${id} and type = 'order.completed'`;
  const replay = app.begin((tx) => replayEvent(tx, shop.account, endpoint?.id ?? 0, event?.id ?? 0));
  expect(await replay).toBe(true);
});

it('a run touches no more rows than its bounds allow, and the next one continues', async () => {
  await compact();
  const ids = await archivedOrders(database.sql, shop, { orders: 8, points: 50 });
  const left = async () => (await Promise.all(ids.map(isCompacted))).filter((is) => !is).length;
  // A run of 5 transactions finds 3 orders, thins 2 batches at once, finds that none is left, and finishes the 3.
  const bounds = { orders: 3, batches: 2, steps: 5 };
  await compact(bounds);
  expect(await left()).toBe(5);
  expect(await Promise.all(ids.map(pointsOf))).toEqual([20, 20, 20, 50, 50, 50, 50, 50]);
  // A run that ends between two steps finishes only orders whose batches are all thinned.
  await compact({ ...bounds, steps: 2 });
  expect(await Promise.all(ids.map(pointsOf))).toEqual([20, 20, 20, 20, 20, 50, 50, 50]);
  expect(await left()).toBe(4);
  await compact(bounds);
  await compact(bounds);
  expect(await left()).toBe(0);
});

it('a step thins so many batches and no more, however many runs a drip-feed has', async () => {
  const id = await one({ batches: 40, points: 30 });
  const step = async (batch: number) => {
    const [row] = await app<{ batch: number | null; changed: bigint }[]>`
      select batch, changed from compact_batches(${[String(id)]}::bigint[], ${id}, ${batch}, 25, ${LIMITS.samplesKept})`;
    return row;
  };
  expect(await step(0)).toEqual({ batch: 25, changed: 250n });
  expect(await step(25)).toEqual({ batch: 40, changed: 150n });
  expect(await step(40)).toEqual({ batch: null, changed: 0n });
  await compact();
  expect([await isCompacted(id), await pointsOf(id)]).toEqual([true, 800]);
});

it('two runs at the same time compact each order once', async () => {
  const ids = await archivedOrders(database.sql, shop, { orders: 20 });
  const second = connect(database.appUrl, { name: 'holdfast-test-worker', max: 1 });
  const deps = { sql: second, log: pino({ level: 'silent' }) } as unknown as Deps;
  await Promise.all([compact(), new MockActivityEnvironment().run(createCompactOrders(deps))]);
  await second.end({ timeout: 5 });
  expect(await Promise.all(ids.map(pointsOf))).toEqual(ids.map(() => LIMITS.samplesKept));
});
