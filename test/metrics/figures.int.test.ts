import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../db/client.ts';
import { markRound, watchedWork } from '../../db/delivery/watch-rounds.ts';
import { attemptUnknown } from '../../db/dispatch/attempts.ts';
import { countOpenOrders, oldestUncertainSeconds } from '../../db/order/open-orders.ts';
import { PoolUse } from '../../db/pool-use.ts';
import { listBalances } from '../../db/provider/checks.ts';
import { listProviderHealth } from '../../db/provider/health.ts';
import { pauseProvider } from '../../db/provider/pauses.ts';
import { countOpenAlerts } from '../../db/reconcile/alerts.ts';
import { readBacklog } from '../../db/reconcile/backlog.ts';
import { countByAttention } from '../../db/review/reviews.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, running, sending } from '../support/engines/running.ts';
import { notingConnection, runPlan } from '../support/reads/plans.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { seedPast } from '../support/worlds/past.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

let database: TestDatabase;
let api: ServedApi;
let shop: Shop;

beforeAll(async () => {
  database = await testDatabase();
  // Nothing here calls Temporal.
  const temporal = new Client({ connection: Connection.lazy() });
  api = await serveApi({ ...database, temporal, masterKey: Buffer.alloc(32, 7) });
  shop = await openShop(database.sql, { providers: ['http://127.0.0.1:9/api/v2'] });
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

/** The value of a series in a new scrape; undefined when there is no such series. */
async function figure(series: string): Promise<number | undefined> {
  const lines = (await (await fetch(api.metricsUrl)).text()).split('\n');
  const value = lines.find((line) => line.startsWith(`${series} `))?.slice(series.length);
  return value === undefined ? undefined : Number(value);
}

describe('a scrape of the API', () => {
  it('counts the orders that have not ended, by status, and none that has', async () => {
    expect(await figure('holdfast_orders{status="Pending"}')).toBe(0);
    await shop.order();
    await shop.order();
    await running(database.sql, await shop.order(), 'upstream-1');
    expect(await figure('holdfast_orders{status="Pending"}')).toBe(2);
    expect(await figure('holdfast_orders{status="In progress"}')).toBe(1);
    expect(await figure('holdfast_orders{status="Completed"}')).toBeUndefined();
  });

  it('says for how long the oldest unknown send waits, and forgets it when a person has decided', async () => {
    const { sql } = database;
    expect(await figure('holdfast_oldest_uncertain_seconds')).toBe(0);
    const [old, young] = [await shop.order(), await shop.order()];
    for (const id of [old, young]) {
      await sending(sql, attemptOf(id));
      await attemptUnknown(sql, attemptOf(id), 'no answer');
    }
    await sql`update attempts set decided_at = decided_at - interval '2 hours' where order_id = ${old}`;
    expect(await figure('holdfast_oldest_uncertain_seconds')).toBeGreaterThanOrEqual(7_200);
    await sql`update orders set attention = 'none' where id = ${old}`;
    expect(await figure('holdfast_oldest_uncertain_seconds')).toBeLessThan(7_200);
  });

  it('says how late the round of each provider with running batches is, and for how long a provider is silent', async () => {
    const { sql } = database;
    const [provider = 0] = shop.providers;
    const of = (metric: string) => figure(`${metric}{provider="${provider}"}`);
    await sql`update providers set poll_seconds = 60 where id = ${provider}`;
    await markRound(sql, provider, { isSilent: true });
    expect(await of('holdfast_watch_lag_seconds')).toBe(0);
    await sql`update watch_rounds set at = at - interval '10 minutes', silent_since = silent_since - interval '1 hour'`;
    const lag = await of('holdfast_watch_lag_seconds');
    expect(lag).toBeGreaterThanOrEqual(540);
    expect(await of('holdfast_provider_silent_seconds')).toBeGreaterThanOrEqual(3_600);
    await sql`update batches set state = 'done' where state = 'running'`;
    expect(await of('holdfast_watch_lag_seconds')).toBeUndefined();
  });

  it('says which providers are paused', async () => {
    const [provider = 0] = shop.providers;
    const paused = () => figure(`holdfast_provider_paused{provider="${provider}"}`);
    expect(await paused()).toBe(0);
    await database.sql.begin((tx) => pauseProvider(tx, provider, 10, null));
    expect(await paused()).toBe(1);
  });

  it('has the pools by purpose, the version, and the disk', async () => {
    expect(await figure('holdfast_database_pool_waiting{pool="statements"}')).toBe(0);
    const reads = ['used', 'idle'].map((state) =>
      figure(`holdfast_database_pool_connections{pool="reads",state="${state}"}`),
    );
    expect(await Promise.all(reads)).toEqual([0, 10]);
    expect(await figure(`holdfast_build_info{process="api",version="${version}",build="none"}`)).toBe(1);
    const [free = 0, size = 0] = [await figure('holdfast_disk_free_bytes'), await figure('holdfast_disk_size_bytes')];
    expect(free).toBeGreaterThan(0);
    expect(size).toBeGreaterThanOrEqual(free);
  });
});

it('a scrape reads what is open, however much has ended', async () => {
  await seedPast(database.sql, shop, { orders: 4_000, accounts: 3 });
  await database.sql`analyze`;
  const { sql, taken } = notingConnection(database.appUrl, {});
  try {
    const reads = [countOpenOrders, oldestUncertainSeconds, countByAttention, watchedWork, listProviderHealth];
    for (const read of [...reads, readBacklog, countOpenAlerts, listBalances]) await read(sql);
    for (const statement of taken().filter(({ text }) => !text.includes('pg_catalog'))) {
      const { read, scanned } = await runPlan(sql, statement);
      expect.soft(read, statement.text).toBeLessThan(200);
      expect.soft(scanned, statement.text).not.toContain('orders');
      expect.soft(scanned, statement.text).not.toContain('batches');
    }
  } finally {
    await sql.end();
  }
});

it('a pool counts what uses its connections and what waits for one, until it ends or fails', async () => {
  const use = new PoolUse('two', 2);
  const figures = (used: number, waiting: number) => ({ pool: 'two', used, idle: 2 - used, waiting });
  const sql = use.counted(connect(database.appUrl, { name: 'holdfast-test-two', max: 2 }));
  const holder = await database.sql.reserve();
  try {
    await holder`select pg_advisory_lock(1)`;
    const fragment = sql`where true`;
    expect(use.figures()).toEqual(figures(0, 0));
    const lock = () => sql`select pg_advisory_xact_lock(1) ${fragment}`.execute();
    const waiting = [lock(), sql.begin((tx) => tx`select pg_advisory_xact_lock(1)`), lock(), lock()];
    expect(use.figures()).toEqual(figures(2, 2));
    await holder`select pg_advisory_unlock(1)`;
    await Promise.all(waiting);
    expect(use.figures()).toEqual(figures(0, 0));
    await expect(sql`select 1 / 0`).rejects.toThrow('division by zero');
    await expect(sql.begin(() => Promise.reject(new Error('given up')))).rejects.toThrow('given up');
    expect(use.figures()).toEqual(figures(0, 0));
  } finally {
    holder.release();
    await sql.end({ timeout: 1 });
  }
});
