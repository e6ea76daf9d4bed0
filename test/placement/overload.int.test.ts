import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Deps } from '../../api/deps.ts';
import { placeOrder } from '../../api/placement/place.ts';
import { openPools } from '../../api/pools.ts';
import { createKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { LIMITS } from '../../domain/limits.ts';
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
  expect(await verifyLedger(world.sql)).toEqual([]);
  await api.close();
  await world.close();
});

const linkOf = (name: string) => `https://example.com/overload/${name}?sim=seconds:1`;
const place = (name: string) => {
  const body = { service: shop.service, link: linkOf(name), quantity: 10 };
  return api.v1('/v1/orders', { key, idempotencyKey: name, body });
};
const claimsOf = async (name: string) =>
  (await world.sql`select state from claims where request->>'link' = ${linkOf(name)}`).map(({ state }) => state);

/** More than may wait at the same time. */
const MANY = 120;

test('a call whose turn does not come is not told that there is no order while a repeat of it still waits', async () => {
  const { end, ...pools } = openPools(world.appUrl);
  const config = { CURRENCY: 'USD', HOLDFAST_MASTER_KEY: world.masterKey } as Deps['config'];
  const deps: Deps = { ...pools, temporal: world.temporal, config, log: pino({ level: 'silent' }) };
  const now = Date.now();
  const wanted = (name: string, notAfter: number) => ({
    accountId: shop.account,
    route: 'POST /v1/orders',
    request: { service: shop.service, link: linkOf(name), quantity: 10 },
    idempotencyKey: name,
    late: 'keep' as const,
    notAfter,
  });
  // No worker runs, so these keep every slot.
  const others = Array.from({ length: LIMITS.placingAtOnce }, (_, n) =>
    placeOrder(deps, wanted(`slot-${n}`, now + 4_000)),
  );
  const repeat = placeOrder(deps, wanted('twice', now + 5_000));
  expect(await placeOrder(deps, wanted('twice', now + 2_500))).toEqual({ kind: 'unknown' });
  await Promise.allSettled([...others, repeat]);
  await end();
});

test('an order that would wait too long is refused before anything is written, and is placed when it comes again', async () => {
  // No worker runs, so the line does not move.
  const refused: string[] = [];
  const asked = Array.from({ length: MANY }, async (_, n) => {
    const { status, body, headers } = await place(`waits-${n}`);
    if (body.code !== 'overloaded') return;
    expect([status, Number(headers.get('retry-after')) > 0]).toEqual([503, true]);
    refused.push(`waits-${n}`);
  });
  await expect.poll(() => refused.length).toBeGreaterThan(MANY / 6);
  const list = { lines: [`${shop.service}|${linkOf('list')}|10`] };
  const listed = await api.v1('/v1/orders/batch', { key, idempotencyKey: 'list', body: list });
  expect([listed.status, listed.body.code]).toEqual([503, 'overloaded']);
  const panel = { key, action: 'add', service: String(shop.service), link: linkOf('panel'), quantity: '10' };
  expect(await api.v2(panel)).toEqual({ error: 'Too many orders at the moment, please try again later' });

  await world.startWorkers();
  await Promise.all(asked);
  for (const name of [...refused, 'list', 'panel']) expect(await claimsOf(name)).toEqual([]);
  for (const name of ['waits-0', ...refused.slice(0, 3)]) {
    await expect.poll(async () => (await place(name)).status, { interval: 500 }).toBe(201);
    expect(await claimsOf(name)).toEqual(['order']);
  }
});
