import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporalClient } from '../../api/temporal.ts';
import { createKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { findClaim, nextOrder, withdrawClaim } from '../../db/placement/claims.ts';
import { openClaim } from '../../db/placement/open-claim.ts';
import { freePort } from '../support/engines/engines.ts';
import { type TcpProxy, tcpProxy } from '../support/engines/tcp-proxy.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;
let shop: Shop;
let key: string;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi(world);
  shop = await world.shop();
  ({ key } = await createKey(world.sql, { accountId: shop.account, name: 'test' }));
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const body = (name: string) => ({
  service: shop.service,
  link: `https://example.com/outage/${name}?sim=seconds:1`,
  quantity: 1000,
});
const fields = (name: string): Record<string, string> => ({
  key,
  action: 'add',
  service: String(shop.service),
  link: body(name).link,
  quantity: '1000',
});
const ordersFor = async (name: string): Promise<number> => {
  const [row] = await world.sql<{ count: number }[]>`
    select count(*)::integer as count from orders where link = ${body(name).link}`;
  return row?.count ?? -1;
};
const claimFor = async (name: string): Promise<string | undefined> => {
  const rows = await world.sql<
    { state: string }[]
  >`select state from claims where request->>'link' = ${body(name).link}`;
  return rows[0]?.state;
};
const timed = async <T>(work: Promise<T>): Promise<T> => {
  const started = performance.now();
  const answer = await work;
  expect(performance.now() - started).toBeLessThan(20_000);
  return answer;
};

test('without a worker v1 does not know, v2 says no, and both keep their word when the worker comes', async () => {
  const ask = () => api.v1('/v1/orders', { key, body: body('v1'), idempotencyKey: 'no-worker' });
  const named = { ...fields('named'), request_id: 'shop-1' };
  const [one, other, panel, first] = await timed(Promise.all([ask(), ask(), api.v2(fields('v2')), api.v2(named)]));
  for (const answer of [one, other]) {
    expect([answer.status, answer.body.code]).toEqual([503, 'outcome_unknown']);
    expect(answer.headers.get('retry-after')).toBe('5');
  }
  expect([panel, first]).toEqual([{ error: 'Please try again' }, { error: 'Please try again' }]);

  const workers = await world.startWorkers();
  const answers = await Promise.all([ask(), ask(), ask()]);
  expect(new Set(answers.map(({ status, body: order }) => `${status} ${order.id}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(201);
  const path = `/v1/orders/${answers[0]?.body.id}`;
  await expect.poll(async () => (await api.v1(path, { key })).body.status, { timeout: 30_000 }).toBe('Completed');
  expect([await ordersFor('v1'), await ordersFor('v2')]).toEqual([1, 0]);
  expect(await claimFor('v2')).toBe('withdrawn');
  // The call that is tried again places one order, however often.
  const again = await Promise.all([api.v2(named), api.v2(named)]);
  expect(again).toEqual([{ order: expect.any(Number) }, again[0]]);
  expect([await api.v2(named), await ordersFor('named')]).toEqual([again[0], 1]);
  expect(await verifyLedger(world.sql)).toEqual([]);
  await workers.stop();
});

test('without a Temporal server v1 does not know, v2 says no, and reading goes on', async () => {
  const temporal = temporalClient({ address: `127.0.0.1:${await freePort()}` }, world.namespace);
  const cut = await serveApi({ ...world, temporal });
  try {
    const [rest, panel, ready, listed] = await timed(
      Promise.all([
        cut.v1('/v1/orders', { key, body: body('t1'), idempotencyKey: 'no-temporal' }),
        cut.v2(fields('t2')),
        cut.v1('/readyz'),
        cut.v1('/v1/orders', { key }),
      ]),
    );
    expect([rest.status, rest.body.code]).toEqual([503, 'outcome_unknown']);
    expect(panel).toEqual({ error: 'Please try again' });
    expect([ready.status, ready.body]).toEqual([503, { status: 'unavailable', missing: ['temporal'] }]);
    expect(listed.status).toBe(200);
  } finally {
    await cut.close();
  }
});

/** Runs the API on a database connection that can freeze. The test's own connection does not. */
async function onFreezingDatabase(work: (cut: ServedApi, proxy: TcpProxy) => Promise<void>): Promise<void> {
  const url = new URL(world.appUrl);
  const proxy = await tcpProxy(url.hostname, Number(url.port));
  url.port = String(proxy.port);
  const cut = await serveApi({ ...world, appUrl: url.href });
  try {
    expect((await cut.v1('/v1/balance', { key })).status).toBe(200);
    await work(cut, proxy);
  } finally {
    proxy.thaw();
    await cut.close();
    await proxy.close();
  }
}

test('a frozen database is said at once, by everything that needs it', async () => {
  await onFreezingDatabase(async (cut, proxy) => {
    proxy.freeze();
    const [rest, read, panel, ready, alive] = await timed(
      Promise.all([
        cut.v1('/v1/orders', { key, body: body('f1'), idempotencyKey: 'frozen' }),
        cut.v1('/v1/balance', { key }),
        cut.v2(fields('f2')),
        cut.v1('/readyz'),
        cut.v1('/healthz'),
      ]),
    );
    expect([rest.status, rest.body.code, rest.headers.get('retry-after')]).toEqual([503, 'unavailable', '5']);
    expect([read.status, read.body.code]).toEqual([503, 'unavailable']);
    expect(panel).toEqual({ error: 'Please try again later' });
    // The answer begins, so neither a proxy nor an HTTP library sends the call again by itself.
    const query = new URLSearchParams({ ...fields('f2'), request_id: 'perhaps-placed-before' });
    const broken = await fetch(`${cut.url}/api/v2?${query}`);
    expect(broken.status).toBe(200);
    await expect(broken.text()).rejects.toThrow(TypeError);
    expect(ready.body).toEqual({ status: 'unavailable', missing: ['database'] });
    expect(alive.status).toBe(200);
  });
  expect([await claimFor('f1'), await claimFor('f2')]).toEqual([undefined, undefined]);
});

test('when the database freezes under way v2 says nothing, and v1 that it does not know', async () => {
  await onFreezingDatabase(async (cut, proxy) => {
    const panel = cut.v2(fields('g2')).catch((error: unknown) => error);
    const rest = cut.v1('/v1/orders', { key, body: body('g1'), idempotencyKey: 'freezes' });
    await expect.poll(() => Promise.all([claimFor('g1'), claimFor('g2')])).toEqual(['open', 'open']);
    proxy.freeze();
    expect((await timed(rest)).body.code).toBe('outcome_unknown');
    expect(await panel).toBeInstanceOf(TypeError);
  });
  const workers = await world.startWorkers();
  await expect.poll(() => claimFor('g2'), { timeout: 20_000 }).toBe('withdrawn');
  const again = await api.v1('/v1/orders', { key, body: body('g1'), idempotencyKey: 'freezes' });
  expect(again.status).toBe(201);
  expect([await ordersFor('g1'), await ordersFor('g2')]).toEqual([1, 0]);
  await workers.stop();
});

test('a repeat that cannot write its claim does not deny the order of the call before', async () => {
  const workers = await world.startWorkers();
  const named = { ...fields('denied'), request_id: 'shop-2' };
  const first = await api.v2(named);
  const locked = world.sql.begin(async (tx) => {
    await tx`lock table claims in access exclusive mode`;
    const repeat = api.v2(named);
    const isWithdrawing = async () => {
      const rows = await world.sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into claims as c%'`;
      return rows.length;
    };
    await expect.poll(isWithdrawing, { timeout: 10_000 }).toBe(1);
    return { repeat };
  });
  const { repeat } = await locked;
  expect(await repeat).toEqual(first);
  await workers.stop();
});

test('a claim whose insert comes late finds its place taken', async () => {
  const { orderId, expiresAt } = await nextOrder(world.sql, 10_000);
  const fingerprint = randomBytes(32).toString('hex');
  const claim = {
    orderId,
    accountId: shop.account,
    idempotencyKey: 'late',
    fingerprint,
    request: body('late'),
    expiresAt,
  };
  expect((await withdrawClaim(world.sql, claim)).state).toBe('withdrawn');
  const shown = await openClaim(world.sql, claim, undefined);
  const mark = shown.kind === 'changed' ? (shown.offer?.mark ?? '') : '';
  const opened = await openClaim(world.sql, claim, { mark, linkKey: claim.request.link, price: 1n });
  expect(opened).toEqual({ kind: 'withdrawn' });
  expect(await findClaim(world.sql, shop.account, 'late')).toBeUndefined();
});
