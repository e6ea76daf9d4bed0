import { afterAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { apiWorld } from '../support/worlds/api-world.ts';

const { world, api, shop, key, close } = await apiWorld({
  service: { name: 'Followers', category: 'Demo', refill_days: 30 },
});
afterAll(close);

let links = 0;
const link = (): string => `https://example.com/v2/${++links}?sim=seconds:1`;
const add = (fields: Record<string, string> = {}): Record<string, string> => ({
  key,
  action: 'add',
  service: String(shop.service),
  link: link(),
  quantity: '1000',
  ...fields,
});
const rows = async (): Promise<number> => {
  const [row] = await world.sql<{ count: number }[]>`select count(*)::integer as count from claims`;
  return row?.count ?? -1;
};

test('services are listed in the types that clients expect', async () => {
  expect(await api.v2({ key, action: 'services' })).toEqual([
    {
      service: shop.service,
      name: 'Followers',
      type: 'Default',
      category: 'Demo',
      rate: '0.9',
      min: '10',
      max: '100000',
      refill: true,
      cancel: true,
      dripfeed: true,
    },
  ]);
});

test('the balance is text', async () => {
  const rich = await world.shop({ balance: '100.84292' });
  const { key: richKey } = await createKey(world.sql, { accountId: rich.account, name: 'rich' });
  expect(await api.v2({ key: richKey, action: 'balance' })).toEqual({ balance: '100.84292', currency: 'USD' });
});

test('an order is added, and its status followed, one and many', async () => {
  const { order } = await api.v2(add());
  expect(order).toEqual(expect.any(Number));
  const status = () => api.v2({ key, action: 'status', order: String(order) });
  await expect.poll(async () => (await status()).status, { timeout: 30_000 }).toBe('Completed');
  const row = await status();
  expect(row).toEqual({
    charge: '0.9',
    start_count: expect.stringMatching(/^\d+$/),
    status: 'Completed',
    remains: '0',
    currency: 'USD',
  });
  expect(await api.v2({ key, action: 'status', orders: `${order}, 999999,abc` })).toEqual({
    [String(order)]: row,
    999999: { error: 'Incorrect order ID' },
    abc: { error: 'Incorrect order ID' },
  });
});

test('a package is added without a quantity, at the price of one', async () => {
  const packages = await world.shop({ service: { type: 'Package', rate: 650_000, min: 1, max: 1 } });
  const { key: buyer } = await createKey(world.sql, { accountId: packages.account, name: 'buyer' });
  const fields = { key: buyer, action: 'add', service: String(packages.service), link: link() };
  const { order } = await api.v2(fields);
  const status = await api.v2({ key: buyer, action: 'status', order: String(order) });
  expect(status.charge).toBe('6.5');
});

test.each([
  ['a form', '/api/v2', () => ({ method: 'POST', body: new URLSearchParams(add()) })],
  ['a form, with a slash', '/api/v2/', () => ({ method: 'POST', body: new URLSearchParams(add()) })],
  [
    'JSON',
    '/api/v2',
    () => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...add(), service: shop.service, quantity: 1000 }),
    }),
  ],
  [
    'multipart',
    '/api/v2',
    () => {
      const body = new FormData();
      for (const [name, value] of Object.entries(add({ runs: '', interval: '' }))) body.set(name, value);
      return { method: 'POST', body };
    },
  ],
])('an order can be sent as %s', async (_, path, request) => {
  const response = await fetch(api.url + path, request());
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await response.json()).toEqual({ order: expect.any(Number) });
});

test('a call can be sent as a query', async () => {
  const response = await fetch(`${api.url}/api/v2?${new URLSearchParams(add())}`);
  expect(await response.json()).toEqual({ order: expect.any(Number) });
});

test('the same request_id is the same order', async () => {
  const fields = add({ request_id: 'shop-42' });
  const orders = await Promise.all([api.v2(fields), api.v2(fields), api.v2(fields)]);
  expect(new Set(orders.map(({ order }) => order)).size).toBe(1);
  expect(await api.v2({ ...fields, quantity: '2000' })).toEqual({ error: 'Incorrect request' });
});

test.each<[string, () => Record<string, string>, string]>([
  ['no key', () => ({ action: 'balance' }), 'Invalid API key'],
  ['a wrong key', () => add({ key: 'wrong' }), 'Invalid API key'],
  ['no action', () => ({ key }), 'Incorrect action'],
  ['an unknown action', () => ({ key, action: 'fly' }), 'Incorrect action'],
  ['an action that every object has', () => ({ key, action: 'constructor' }), 'Incorrect action'],
  ['an unknown service', () => add({ service: '999999' }), 'error.incorrect_service_id'],
  ['a service that is no number', () => add({ service: 'x' }), 'error.incorrect_service_id'],
  ['too few', () => add({ quantity: '9' }), 'neworder.error.min_quantity'],
  ['too many', () => add({ quantity: '100001' }), 'neworder.error.max_quantity'],
  ['no quantity', () => add({ quantity: '' }), 'neworder.error.min_quantity'],
  ['a negative quantity', () => add({ quantity: '-100' }), 'neworder.error.min_quantity'],
  ['a part of one', () => add({ quantity: '100.5' }), 'neworder.error.min_quantity'],
  ['no link', () => add({ link: '' }), 'neworder.error.link'],
  ['a malformed link', () => add({ link: 'nowhere' }), 'neworder.error.link'],
  ['an unknown field', () => add({ colour: 'red' }), 'Incorrect request'],
  ['a body over the limit', () => add({ comments: 'x'.repeat(600_000) }), 'Request is too large'],
  ['an order that is not there', () => ({ key, action: 'status', order: '1' }), 'Incorrect order ID'],
  ['no order', () => ({ key, action: 'status' }), 'Incorrect order ID'],
  ['101 ids', () => ({ key, action: 'status', orders: Array(101).fill('1').join(',') }), 'Too many ids, 100 at most'],
])('%s is an error text alone, and leaves nothing behind', async (_, fields, error) => {
  const before = await rows();
  expect(await api.v2(fields())).toEqual({ error });
  expect(await rows()).toBe(before);
});

test('too little balance is an error, and another account sees nothing', async () => {
  const poor = await world.shop({ balance: '0.1' });
  const { key: poorKey } = await createKey(world.sql, { accountId: poor.account, name: 'poor' });
  expect(await api.v2(add({ key: poorKey }))).toEqual({ error: 'neworder.error.not_enough_funds' });
  const { order } = await api.v2(add());
  expect(await api.v2({ key: poorKey, action: 'status', order: String(order) })).toEqual({
    error: 'Incorrect order ID',
  });
});

test('a body that cannot be read is an error', async () => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${api.url}/api/v2`, { method: 'POST', headers, body: '{"key":' });
  expect([response.status, await response.json()]).toEqual([200, { error: 'Incorrect request' }]);
});
