import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { countDay } from '../../db/report/days.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi(world);
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const statsOf = async (shop: Shop, service: number | string = shop.service) => {
  const { key } = await createKey(world.sql, { accountId: shop.account, name: 'test' });
  return api.v1(`/v1/services/${service}/stats`, { key });
};

/** Makes an order that took `seconds` and ended `daysAgo` days ago. */
async function endedOrder(shop: Shop, status: string, seconds: number, daysAgo: number): Promise<void> {
  const id = await shop.order({ quantity: 10 });
  const [charge, delivered] = status === 'Canceled' ? ['0', '0'] : ['price', 'total_quantity'];
  await world.sql`
    update orders set status = ${status}, charge = ${world.sql.unsafe(charge)}, refunded = price - ${world.sql.unsafe(charge)},
      delivered = ${world.sql.unsafe(delivered)}, created_at = now() - make_interval(days => ${daysAgo}, secs => ${seconds}),
      settled_at = now() - make_interval(days => ${daysAgo}),
      completed_at = ${status === 'Completed' ? world.sql`now() - make_interval(days => ${daysAgo})` : null}
    where id = ${id}`;
}

test('a service that nobody has ordered has nothing to say, without dividing by it', async () => {
  const shop = await world.shop();
  expect((await statsOf(shop)).body).toEqual({
    service: shop.service,
    asOf: expect.any(String),
    days: 30,
    ended: 0,
    completedSeconds: { average: null, p50: null, p95: null },
    partialShare: null,
    canceledShare: null,
    running: 0,
    itemsPerHour: 0,
    load: [{ route: 1, runningBatches: 0 }],
  });
});

test('times and shares are of the orders that ended in the last thirty days, of this service alone', async () => {
  const shop = await world.shop();
  for (let seconds = 100; seconds <= 1_000; seconds += 100) await endedOrder(shop, 'Completed', seconds, 2);
  for (let order = 0; order < 6; order += 1) await endedOrder(shop, 'Partial', 50_000, 3);
  for (let order = 0; order < 4; order += 1) await endedOrder(shop, 'Canceled', 50_000, 3);
  await endedOrder(shop, 'Completed', 1_000_000, 31);
  await endedOrder(await world.shop(), 'Completed', 1_000_000, 1);
  await shop.order();
  expect((await statsOf(shop)).body).toMatchObject({
    ended: 20,
    completedSeconds: { average: 550, p50: 550, p95: 955 },
    partialShare: 0.3,
    canceledShare: 0.2,
    running: 1,
  });
});

test('the burn rate is what was delivered over the last day, and the load what runs at the provider', async () => {
  const shop = await world.shop();
  const [provider = 0] = shop.providers;
  const order = await shop.order({ quantity: 1000 });
  await world.sql`
    insert into batches (order_id, batch, quantity, state, provider_id, provider_order, accepted_at, delivered, progress_at)
      values (${order}, 1, 1000, 'running', ${provider}, 'stats-1', now() - interval '3 days', 900, now() - interval '1 hour')`;
  await world.sql`
    insert into delivery_samples (order_id, batch, at, delivered)
      values (${order}, 1, now() - interval '2 days', 300), (${order}, 1, now() - interval '1 hour', 900)`;
  expect((await statsOf(shop)).body).toMatchObject({
    running: 1,
    itemsPerHour: 25,
    load: [{ route: 1, runningBatches: 1 }],
  });
});

test('the stats of many services are answered at once, without computing those that nobody has computed', async () => {
  const [one, other, fresh] = [await world.shop(), await world.shop(), await world.shop()];
  const hidden = await world.shop({ service: { active: false } });
  await endedOrder(one, 'Completed', 100, 2);
  const alone = [await statsOf(one), await statsOf(other)];
  const { key } = await createKey(world.sql, { accountId: one.account, name: 'many' });
  const ids = [99_999_999_999, hidden, fresh, other, one].map((shop) =>
    typeof shop === 'number' ? shop : shop.service,
  );
  const many = await api.v1(`/v1/services/stats?ids=${ids.join()}`, { key });
  expect([many.status, many.body]).toEqual([
    200,
    { data: alone.map(({ body }) => body), missing: [99_999_999_999, hidden.service, fresh.service] },
  ]);
  expect((await api.v1('/v1/services/stats', { key })).body.code).toBe('invalid_request');
});

test('what is not sold has no stats', async () => {
  const shop = await world.shop({ service: { active: false } });
  for (const service of [shop.service, 999_999, 'x', '99999999999']) {
    const answer = await statsOf(shop, service);
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  }
});

test('the time to Completed is told day by day, from the totals of days', async () => {
  const shop = await world.shop();
  for (const seconds of [100, 100, 100]) await endedOrder(shop, 'Completed', seconds, 2);
  await endedOrder(shop, 'Completed', 1_000, 1);
  await endedOrder(shop, 'Partial', 5_000, 1);
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  for (const days of [1, 2]) await countDay(world.sql, ago(days), new Date());
  const { key } = await createKey(world.sql, { accountId: shop.account, name: 'times' });
  const { body } = await api.v1(`/v1/services/times?ids=${shop.service},999999`, { key });
  const about = (seconds: number) => expect.closeTo(seconds, -Math.log10(seconds / 5));
  expect(body).toEqual({
    from: ago(13),
    to: ago(-1),
    data: [
      {
        service: shop.service,
        days: [
          { day: ago(2), completed: 3, p50: about(100) },
          { day: ago(1), completed: 1, p50: about(1_000) },
        ],
      },
    ],
  });
});

test('favourites belong to an account, and a repeat changes nothing', async () => {
  const [shop, other] = [await world.shop(), await world.shop()];
  const keyOf = async (account: number) => (await createKey(world.sql, { accountId: account, name: 'star' })).key;
  const [key, stranger] = [await keyOf(shop.account), await keyOf(other.account)];
  const star = (service: number | string, method = 'POST') =>
    api.v1(`/v1/services/${service}/favourite`, { key, method });
  const favourites = async (by = key) => (await api.v1('/v1/services/favourites', { key: by })).body.data;
  for (const service of [other.service, shop.service, shop.service]) {
    expect([(await star(service)).status, (await star(service)).body]).toEqual([200, { service, favourite: true }]);
  }
  expect(await favourites()).toEqual([shop.service, other.service].sort((a, b) => a - b));
  expect(await favourites(stranger)).toEqual([]);
  for (const _ of [1, 2]) expect((await star(other.service, 'DELETE')).body).toMatchObject({ favourite: false });
  expect(await favourites()).toEqual([shop.service]);
  for (const id of ['x', 999_999]) expect((await star(id)).status).toBe(404);
  expect((await star('1e-9', 'DELETE')).body).toMatchObject({ code: 'not_found', detail: 'service not found' });
  await world.sql.begin(async (tx) => {
    // Without the foreign key, so that no service has to be made.
    await tx`select set_config('session_replication_role', 'replica', true)`;
    await tx`insert into favourite_services
      select ${shop.account}, 500000 + n from generate_series(2, ${LIMITS.favourites}::integer) n`;
  });
  expect([(await star(shop.service)).status, (await star(other.service)).body.code]).toEqual([
    200,
    'too_many_favourites',
  ]);
});
