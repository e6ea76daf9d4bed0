import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureSchedules } from '../../activities/housekeeping/schedules.ts';
import { createKey } from '../../db/account/accounts.ts';
import { LIMITS } from '../../domain/limits.ts';
import { housekeepingId } from '../../workflows/contract.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { type RunningWorkers, realWorld, type World } from '../support/worlds/world.ts';

const ORDERS = 300_000;
const READERS = 60;

let world: World;
let api: ServedApi;
let shop: Shop;
let reading: string;
let other: string;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi({ ...world, rates: { RATE_LIMIT_BURST: 2_000 } });
  shop = await world.shop();
  const readOnly = { name: 'reads only', scopes: ['orders:read'] as const };
  ({ key: reading } = await createKey(world.sql, { ...readOnly, accountId: shop.account }));
  ({ key: other } = await createKey(world.sql, { accountId: (await world.shop()).account, name: 'another' }));
  await manyOrders(shop.service);
}, 240_000);
afterAll(async () => {
  await api.close();
  await world.close();
});

/** Inserts orders that ended in the last two days as rows: placing this many would take too long. */
async function manyOrders(service: number): Promise<void> {
  await world.sql.begin(async (tx) => {
    await tx`select set_config('session_replication_role', 'replica', true), set_config('statement_timeout', '0', true)`;
    await tx`
      insert into orders (id, account_id, service_id, type, link, link_key, quantity, total_quantity, unit_price, price, status, charge,
          delivered, refill_days, refill_cap, refill_cooldown_seconds, refill_fallback, stall_after_seconds, review_after_seconds,
          created_at, settled_at, completed_at, cancelable, after_failed_run, verify, counter_tolerance_percent, recheck_seconds, finishing)
        select 1000000 + n, ${shop.account}, ${service}, 'Default', 'https://example.com/' || n, 'https://example.com/' || n, 1000, 1000, 90, 90000,
            'Completed', 90000, 1000, 0, 10, 86400, 'review', 86400, 604800, now() - interval '2 days' - n * interval '1 second',
            now() - (n % 2880) * interval '1 minute', now(), true, 'continue', 'provider', 5, 300, true
          from generate_series(1, ${ORDERS}::integer) n`;
    await tx`
      insert into batches (order_id, batch, quantity, state, delivered, progress_at)
        select 1000000 + n, 1, 1000, 'done', 1000, now() - interval '1 hour' from generate_series(1, ${ORDERS / 3}::integer) n`;
  });
  await world.sql`analyze orders, batches`;
}

const stats = (service = shop.service) => api.v1(`/v1/services/${service}/stats`, { key: reading });

/** Queries that PostgreSQL is running for the API now. */
async function working(): Promise<string[]> {
  const rows = await world.sql<{ query: string }[]>`
    select query from pg_stat_activity
      where application_name like 'holdfast-api%' and state = 'active' and datname = current_database()`;
  return rows.map(({ query }) => query);
}
const forgetFigures = () => world.sql`delete from service_stats`;

/** The median is robust against single slow reads on a busy machine. */
const median = (all: readonly number[]) => all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)];

/** Result and duration in milliseconds. */
async function timed<T>(work: Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  return [await work, performance.now() - started];
}

/** Sends `count` requests on separate connections. Hangs up on all of them when told to. */
function callers(count: number, path: string, key: string) {
  const open = Array.from({ length: count }, () => {
    const call = request(api.url + path, { headers: { authorization: `Bearer ${key}` } });
    call.on('error', () => {});
    call.end();
    return call;
  });
  return () => {
    for (const call of open) call.destroy();
  };
}

describe('sixty parallel reads of statistics over three hundred thousand orders', () => {
  it('are one query, and leave the balance of another key and the health of the process alone', async () => {
    await forgetFigures();
    // Open the connections first, as in a process that has been running.
    await Promise.all([api.v1('/v1/balance', { key: other }), stats(shop.service + 1), api.v1('/readyz')]);
    const seen = new Set<number>();
    const all = Promise.all(Array.from({ length: READERS }, () => stats()));
    let done = false;
    void all.finally(() => {
      done = true;
    });
    const waits: number[] = [];
    do {
      const [balance, balanceMs] = await timed(api.v1('/v1/balance', { key: other }));
      const [health, healthMs] = await timed(api.v1('/healthz'));
      expect([balance.status, health.status]).toEqual([200, 200]);
      waits.push(balanceMs, healthMs);
      seen.add((await working()).filter((query) => query.includes('percentile_cont')).length);
    } while (!done);
    expect(median(waits)).toBeLessThan(1_000);
    expect(Math.max(...seen)).toBe(1);
    const answers = await all;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.asOf)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ ended: ORDERS, partialShare: 0, running: 0 });
  }, 60_000);

  it('are answered from what is kept the next time, without a look at the orders', async () => {
    const { asOf } = (await stats()).body;
    const held = await world.sql.reserve();
    try {
      await held`begin`;
      await held`lock table orders in access exclusive mode`;
      expect((await stats()).body.asOf).toBe(asOf);
    } finally {
      await held`rollback`;
      held.release();
    }
  });

  it('end in PostgreSQL when all that asked have gone', async () => {
    await forgetFigures();
    const hangUp = callers(READERS, `/v1/services/${shop.service}/stats`, reading);
    await vi.waitUntil(async () => (await working()).some((query) => query.includes('percentile_cont')), 10_000);
    hangUp();
    await expect.poll(working, { timeout: 5_000, interval: 20 }).toEqual([]);
    expect(await world.sql`select from service_stats`).toHaveLength(0);
  });
});

it('figures are kept ready by housekeeping, so that no request works them out', async () => {
  await forgetFigures();
  await ensureSchedules(world.temporal);
  const workers: RunningWorkers = await world.startWorkers();
  await world.temporal.schedule.getHandle(housekeepingId('serviceStats')).trigger();
  const kept = async () => (await world.sql`select from service_stats`).length;
  await expect.poll(kept, { timeout: 60_000 }).toBe(2);
  await workers.stop();
  expect((await stats()).body).toMatchObject({ ended: ORDERS });
}, 120_000);

describe('any read that a key has many of, while its table cannot be read', () => {
  const paths = () => [
    '/v1/orders',
    '/v1/orders?reference=x',
    '/v1/statement',
    `/v1/services/${shop.service}/stats`,
    '/v1/orders/1000001',
  ];

  it('holds up nobody else, is refused as too many or as unavailable, and is gone from PostgreSQL afterwards', async () => {
    const { key } = await createKey(world.sql, { accountId: shop.account, name: 'all scopes' });
    await forgetFigures();
    const held = await world.sql.reserve();
    try {
      await held`begin`;
      await held`lock table orders, transfers in access exclusive mode`;
      let gaveUp = 0;
      const asked = paths().flatMap((path) => Array.from({ length: 10 }, () => api.v1(path, { key })));
      for (const one of asked) void one.then(({ status }) => (gaveUp += status === 503 ? 1 : 0));
      await vi.waitUntil(async () => (await working()).length >= LIMITS.readsOfKey, 5_000);
      expect([(await api.v1('/v1/balance', { key: other })).status, gaveUp]).toEqual([200, 0]);
      expect((await working()).length).toBeLessThanOrEqual(2 * LIMITS.readsOfKey);
      const answers = await Promise.all(asked);
      const codes = new Set(answers.map(({ status, body }) => `${status} ${body.code}`));
      expect([...codes].sort()).toEqual(['429 too_many_reads', '503 unavailable']);
      for (const { headers } of answers) expect(headers.get('retry-after')).toMatch(/^[15]$/);
      await expect.poll(working, { timeout: 10_000, interval: 50 }).toEqual([]);
    } finally {
      await held`rollback`;
      held.release();
    }
    expect((await api.v1('/v1/orders', { key })).status).toBe(200);
  }, 60_000);

  it('ends in PostgreSQL at once when its caller hangs up', async () => {
    const held = await world.sql.reserve();
    try {
      await held`begin`;
      await held`lock table orders in access exclusive mode`;
      const hangUp = callers(LIMITS.readsOfKey, '/v1/orders', reading);
      await vi.waitUntil(async () => (await working()).length === LIMITS.readsOfKey, 5_000);
      hangUp();
      await expect.poll(working, { timeout: 1_500, interval: 20 }).toEqual([]);
    } finally {
      await held`rollback`;
      held.release();
    }
  });
});

const webhooksOf = (key: string, count: number) =>
  Array.from({ length: count }, (_, n) =>
    api.v1('/v1/webhooks', { key, body: { url: `http://127.0.0.1:9/${n}` }, idempotencyKey: `w${n}` }),
  );

it('who asks is known although all connections for changes are taken', async () => {
  // Many requests of two accounts wait for locked rows, while another key reads.
  const accounts = [shop.account, (await world.shop()).account];
  const keys = await Promise.all(accounts.map((accountId) => createKey(world.sql, { accountId, name: 'webhooks' })));
  const held = await world.sql.reserve();
  try {
    await held`begin`;
    await held`select from accounts where id = any (${accounts}) for update`;
    let gaveUp = 0;
    const waiting = keys.flatMap(({ key }) => webhooksOf(key, 15));
    for (const one of waiting) void one.then(({ status }) => (gaveUp += status === 503 ? 1 : 0));
    await vi.waitUntil(async () => (await working()).length >= 8, 5_000);
    const balance = await api.v1('/v1/balance', { key: other });
    const ready = await api.v1('/readyz');
    expect([balance.status, ready.status, gaveUp]).toEqual([200, 200, 0]);
    await held`rollback`;
    expect((await Promise.all(waiting)).every(({ status }) => [201, 409, 429, 503].includes(status))).toBe(true);
  } finally {
    held.release();
  }
}, 60_000);
