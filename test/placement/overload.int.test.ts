import { afterAll, beforeAll, expect, test } from 'vitest';
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

test('an order that would wait too long is refused before anything is written, and is placed when it comes again', async () => {
  // No worker runs, so the line does not move.
  const first = Array.from({ length: LIMITS.placingAlways }, (_, n) => `waits-${n}`);
  const answers = Promise.all(first.map(place));
  const inLine = async () =>
    (await world.sql`select from claims where request->>'link' like ${linkOf('waits-%')}`).length;
  await expect.poll(inLine).toBe(LIMITS.placingAlways);

  let refused = '';
  const refusal = async () => {
    refused = `refused-${Math.random()}`;
    const { status, body, headers } = await place(refused);
    return [status, body.code, Number(headers.get('retry-after')) > 0];
  };
  await expect.poll(refusal).toEqual([503, 'overloaded', true]);
  expect(await claimsOf(refused)).toEqual([]);
  const list = { lines: [`${shop.service}|${linkOf('list')}|10`] };
  const listed = await api.v1('/v1/orders/batch', { key, idempotencyKey: 'list', body: list });
  expect([listed.status, listed.body.code]).toEqual([503, 'overloaded']);
  const panel = { key, action: 'add', service: String(shop.service), link: linkOf('panel'), quantity: '10' };
  expect(await api.v2(panel)).toEqual({ error: 'Too many orders at the moment, please try again later' });
  expect([await claimsOf('list'), await claimsOf('panel')]).toEqual([[], []]);

  await world.startWorkers();
  await answers;
  for (const name of [...first, refused]) {
    await expect.poll(async () => (await place(name)).status, { interval: 500 }).toBe(201);
    expect(await claimsOf(name)).toEqual(['order']);
  }
});
