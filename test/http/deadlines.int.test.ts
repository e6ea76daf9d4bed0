import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FIGURES_MS, GRACE_MS, QUERY_MS, TRANSACTION_MS } from '../../api/http/timeouts.ts';
import { withTransactions } from '../../api/limits/transactions.ts';
import { openPools } from '../../api/pools.ts';
import { createAccount, createKey } from '../../db/account/accounts.ts';
import { connect, DatabaseDeadline, type Sql } from '../../db/client.ts';
import { tcpProxy } from '../support/engines/tcp-proxy.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';

let context: ApiWorld;

beforeAll(async () => {
  context = await apiWorld();
});
afterAll(() => context.close());
afterEach(() => {
  vi.restoreAllMocks();
});

const body = (name: string) => ({
  service: context.shop.service,
  link: `https://example.com/deadlines/${name}?sim=seconds:1`,
  quantity: 1000,
});

/** How many statements of one purpose the API has at PostgreSQL now. */
async function working(purpose: string): Promise<number> {
  const rows = await context.world.sql`
    select from pg_stat_activity
      where application_name = ${`holdfast-api-${purpose}`} and state = 'active' and datname = current_database()`;
  return rows.length;
}

it('each connection has the deadline of what runs on it, and PostgreSQL keeps it', async () => {
  const pools = openPools(context.world.appUrl);
  const timeout = async (sql: Pick<Sql, 'unsafe'>) => {
    const [row] = await sql.unsafe(`select setting::integer as ms from pg_settings where name = 'statement_timeout'`);
    return row?.ms;
  };
  const reader = { key: 1, signal: new AbortController().signal };
  expect({
    statements: await timeout(pools.sql),
    transactions: await pools.sql.begin(timeout),
    auth: await timeout(pools.authSql),
    streams: await timeout(pools.streamSql),
    metrics: await timeout(pools.metricsSql),
    reads: await pools.reads.run(reader, QUERY_MS, timeout),
    figures: await pools.figures.run(reader, QUERY_MS, timeout),
  }).toEqual({
    statements: QUERY_MS + GRACE_MS,
    transactions: TRANSACTION_MS + GRACE_MS,
    auth: QUERY_MS + GRACE_MS,
    streams: QUERY_MS + GRACE_MS,
    metrics: FIGURES_MS + GRACE_MS,
    reads: QUERY_MS + GRACE_MS,
    figures: FIGURES_MS + GRACE_MS,
  });
  await pools.end();
});

it('a read past its deadline ends in PostgreSQL, even when the request to cancel it is lost', async () => {
  const { world } = context;
  const { hostname, port } = new URL(world.appUrl);
  const proxy = await tcpProxy(hostname, Number(port));
  const url = new URL(world.appUrl);
  url.port = String(proxy.port);
  const pools = openPools(url.href);
  const before = await working('reads');
  const reader = { key: 1, signal: new AbortController().signal };
  const read = pools.reads.run(reader, QUERY_MS, (sql) => sql`select pg_sleep(600)`);
  const refused = expect(read).rejects.toThrow(DatabaseDeadline);
  await vi.waitUntil(async () => (await working('reads')) > before, 5_000);
  proxy.freeze();
  await refused;
  await expect.poll(() => working('reads'), { interval: 20 }).toBe(before);
  // The request to cancel fails now, and so the connection is free again.
  proxy.cut();
  proxy.thaw();
  expect(await pools.reads.run(reader, QUERY_MS, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await pools.end();
  await proxy.close();
});

describe('while reads of several keys wait for a table, on all connections for reads', () => {
  it('keys are known and orders are placed as ever', async () => {
    const { world, api, shop, key } = context;
    const placed = await api.v1('/v1/orders', { key, body: body('before'), idempotencyKey: 'before' });
    expect(placed.status).toBe(201);
    const readers = await Promise.all(
      Array.from({ length: 4 }, (_, n) => createKey(world.sql, { accountId: shop.account, name: `reader ${n}` })),
    );
    let over = false;
    const flood = async (reader: string): Promise<void> => {
      while (!over) await api.v1(`/v1/orders/${placed.body.id}/delivery`, { key: reader }).catch(() => {});
    };
    const held = await world.sql.reserve();
    try {
      await held`begin`;
      // Of all that is locked, only the curve of an order is read: neither a key nor a new order needs it.
      await held`lock table delivery_samples in access exclusive mode`;
      const floods = readers.flatMap(({ key: reader }) => Array.from({ length: 6 }, () => flood(reader)));
      const allTaken = () =>
        vi.waitUntil(async () => (await working('reads')) === 10, { timeout: 20_000, interval: 5 });
      for (const name of ['one', 'two', 'three']) {
        await allTaken();
        const [unknown, order] = await Promise.all([
          api.v1('/v1/balance', { key: 'hf_unknown' }),
          api.v1('/v1/orders', { key, body: body(name), idempotencyKey: name }),
        ]);
        expect([unknown.status, order.status]).toEqual([401, 201]);
      }
      await allTaken();
      over = true;
      await held`rollback`;
      await Promise.all(floods);
    } finally {
      over = true;
      held.release();
    }
  });
});

describe('a transaction that took longer than its caller waits', () => {
  it('sends nothing more and leaves nothing behind', async () => {
    const { world } = context;
    const sql = connect(world.appUrl, { name: 'holdfast-test-transactions', max: 1 });
    const slow = withTransactions(world.sql, sql, TRANSACTION_MS);
    const now = performance.now();
    const work = slow.begin(async (tx) => {
      await createAccount(tx, 'too late');
      vi.spyOn(performance, 'now').mockReturnValue(now + 2 * TRANSACTION_MS);
      await createAccount(tx, 'never');
    });
    await expect(work).rejects.toThrow(DatabaseDeadline);
    vi.restoreAllMocks();
    expect(await world.sql`select from accounts where name in ('too late', 'never')`).toHaveLength(0);
    await sql.end();
  });
});
