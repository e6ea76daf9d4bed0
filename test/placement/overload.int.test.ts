import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
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
