import { afterAll, expect, test } from 'vitest';
import { apiWorld } from '../support/worlds/api-world.ts';

/** Subscriptions without `posts` in REST v1; the service decides the number. Panel API v2 has its own test. */
const subscriptions = { type: 'Subscriptions', unlimited_posts: 30, drip_feed: false, max: 200 };
const { world, api, shop, key, staff, close } = await apiWorld({ service: subscriptions });
afterAll(close);

let names = 0;
const order = (more: object = {}) => ({
  service: shop.service,
  username: `somebody${++names}`,
  min: 10,
  max: 200,
  delay: 0,
  ...more,
});
const place = (body: unknown, idempotencyKey: string) => api.v1('/v1/orders', { key, body, idempotencyKey });
const sell = async (unlimitedPosts: number): Promise<void> => {
  const path = `/v1/admin/services/${shop.service}`;
  expect((await api.v1(path, { key: staff, method: 'PATCH', body: { unlimitedPosts } })).status).toBe(200);
};

test.each<[string, object]>([
  ['leaves posts out', {}],
  ['has posts empty', { posts: '' }],
  ['has posts 0', { posts: 0 }],
])('a subscription that %s is bought for the posts of its service', async (how, more) => {
  const placed = await place(order(more), how);
  expect(placed.status).toBe(201);
  // 30 posts of at most 200 items, at 0.90 per 1000.
  expect(placed.body).toMatchObject({ quantity: 30, totalQuantity: 30, price: '5.4', charge: '5.4', refunded: '0' });
  const [kept] = await world.sql`select fields->>'posts' as posts from orders where id = ${placed.body.id as number}`;
  expect(kept).toEqual({ posts: '30' });
});

test('how many that is can be read before ordering', async () => {
  const { body } = await api.v1('/v1/services', { key });
  expect(body.data).toMatchObject([{ id: shop.service, type: 'Subscriptions', unlimitedPosts: 30 }]);
});

test('the same request is answered as before when its service sells another number meanwhile', async () => {
  const body = order();
  const first = await place(body, 'repeated');
  await sell(50);
  const again = await place(body, 'repeated');
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
  expect(again.body).toMatchObject({ id: first.body.id, quantity: 30, price: '5.4' });
  expect((await place(order(), 'later')).body).toMatchObject({ quantity: 50, price: '9' });
  // `maxCharge` protects a customer from the new, larger number.
  const dearer = await place(order({ maxCharge: '5.4' }), 'dearer');
  expect([dearer.status, dearer.body.code]).toEqual([422, 'charge_above_max']);
  await sell(30);
});

test('in a list a line of JSON may be one, and a line of text cannot', async () => {
  const list = await api.v1('/v1/orders/batch', { key, idempotencyKey: 'list', body: { lines: [order()] } });
  expect(list.status).toBe(200);
  expect(list.body).toMatchObject({ lines: [{ line: 1, status: 'placed' }] });
  const text = await api.v1('/v1/orders/batch', {
    key,
    idempotencyKey: 'text',
    body: `${shop.service}|somebody|`,
    headers: { 'content-type': 'text/plain' },
  });
  expect(text.body).toMatchObject({ lines: [{ line: 1, error: { code: 'invalid_username' } }] });
});
