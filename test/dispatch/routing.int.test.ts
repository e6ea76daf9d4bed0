import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRankRoutes } from '../../activities/dispatch/rank-routes.ts';
import type { Deps } from '../../activities/runtime/deps.ts';
import { createStaffKey } from '../../db/account/accounts.ts';
import { attemptRefused, beginAttempt, takeAttempt } from '../../db/dispatch/attempts.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

const NOWHERE = 'http://127.0.0.1:9/api/v2';
let database: TestDatabase;
let api: ServedApi;
let staff: string;

beforeAll(async () => {
  database = await testDatabase();
  const temporal = new Client({ connection: Connection.lazy() });
  api = await serveApi({ ...database, temporal, masterKey: Buffer.alloc(32) });
  ({ key: staff } = await createStaffKey(database.sql));
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

/** A shop with three routes whose rates fall from the first to the last, all above 0. */
async function threeRoutes(routing: string): Promise<Shop> {
  const shop = await openShop(database.sql, { providers: [NOWHERE, NOWHERE, NOWHERE], service: { routing } });
  await database.sql`update routes set rate = rate - 1000 * position where service_id = ${shop.service}`;
  return shop;
}

/** The batches of an order that a route has ended: so many, each after these seconds, and the short ones not in full. */
async function ended(shop: Shop, route: number, count: number, seconds: number, short = 0): Promise<void> {
  const order = await shop.order();
  await database.sql`
    insert into batches (order_id, batch, quantity, state, provider_id, provider_service, provider_order, accepted_at, terminal_at, delivered)
      select ${order}, n, 1000, 'done', ${shop.providers[route - 1] ?? 0}, '1', ${order} || '-' || n,
          now() - make_interval(secs => ${seconds}), now(), case when n <= ${short} then 400 else 1000 end
        from generate_series(1, ${count}::integer) n`;
}

const rank = () =>
  new MockActivityEnvironment().run(
    createRankRoutes({ sql: database.sql, log: pino({ level: 'silent' }) } as unknown as Deps),
  );

const sendOf = (orderId: number, attempt = 1) => ({
  ...{ orderId, batch: 1, attempt, quantity: 1000, resends: null, nextRunAt: null },
});
/** The route that a new order is sent on, by its place in the order of preference. */
async function routeOf(shop: Shop): Promise<number> {
  const attempt = await beginAttempt(database.sql, sendOf(await shop.order()));
  return shop.providers.indexOf(attempt?.provider ?? 0) + 1;
}
async function choicesOf(order: number): Promise<unknown[]> {
  const { body } = await api.v1(`/v1/admin/orders/${order}/attempts`, { key: staff });
  return (body.data as { choice: unknown }[]).map(({ choice }) => choice);
}

test('a service sends by the order of preference, or on its cheapest route, as its routing says', async () => {
  expect(await routeOf(await threeRoutes('order'))).toBe(1);
  const shop = await threeRoutes('cheapest');
  expect(await routeOf(shop)).toBe(3);
  await database.sql`update routes set rate = 1 where service_id = ${shop.service} and position = 2`;
  expect(await routeOf(shop)).toBe(2);
});

test('a service that wants the fastest sends by what its routes delivered lately, and the attempt says so', async () => {
  const shop = await threeRoutes('fastest');
  await rank();
  expect(await routeOf(shop)).toBe(1);

  await ended(shop, 1, 30, 600);
  await ended(shop, 2, 30, 100, 3);
  await ended(shop, 3, 30, 50, 25);
  await rank();
  const order = await shop.order();
  const first = await beginAttempt(database.sql, sendOf(order));
  expect(first?.provider).toBe(shop.providers[1]);
  expect(await choicesOf(order)).toEqual([
    {
      routing: 'fastest',
      preference: 2,
      routes: 3,
      why: 'the fastest of 3 open routes: the median of its times is 100 s, and 3 of its last 30 batches were not delivered in full',
    },
  ]);

  // The next fastest gets what the fastest could not take; the slow route is the last.
  await takeAttempt(database.sql, { orderId: order, batch: 1, attempt: 1 });
  await attemptRefused(database.sql, { orderId: order, batch: 1, attempt: 1, sends: 1 }, 'no balance', 'refused');
  const second = await beginAttempt(database.sql, sendOf(order, 2));
  expect(second?.provider).toBe(shop.providers[2]);
  expect(await choicesOf(order)).toMatchObject([{ preference: 3, routes: 2 }, { preference: 2 }]);
});

test('what a customer stopped, and what is older than a week, says nothing about a route', async () => {
  const shop = await threeRoutes('fastest');
  await ended(shop, 1, 30, 600);
  await ended(shop, 2, 30, 10);
  await ended(shop, 3, 30, 5);
  await database.sql`
    update batches set stop_asked_at = now() where provider_id = ${shop.providers[1] ?? 0}`;
  await database.sql`
    update batches set terminal_at = now() - interval '8 days' where provider_id = ${shop.providers[2] ?? 0}`;
  await rank();
  expect(await routeOf(shop)).toBe(1);
});

test('another routing counts from the next send, and its old ranking is forgotten', async () => {
  const shop = await threeRoutes('fastest');
  await ended(shop, 1, 30, 600);
  await ended(shop, 2, 30, 10);
  await rank();
  expect(await routeOf(shop)).toBe(2);
  const change = await api.v1(`/v1/admin/services/${shop.service}`, {
    ...{ key: staff, method: 'PATCH', body: { routing: 'order' } },
  });
  expect([change.status, await routeOf(shop)]).toEqual([200, 1]);
  const places = () => database.sql`select place from route_places where service_id = ${shop.service}`;
  expect(await places()).toHaveLength(3);
  await rank();
  expect(await places()).toHaveLength(0);
  const order = await shop.order();
  await beginAttempt(database.sql, sendOf(order));
  expect(await choicesOf(order)).toEqual([
    { routing: 'order', preference: null, routes: null, why: 'the first open route in order of preference' },
  ]);
});

test('a routing that does not exist is refused', async () => {
  const shop = await threeRoutes('order');
  const change = await api.v1(`/v1/admin/services/${shop.service}`, {
    ...{ key: staff, method: 'PATCH', body: { routing: 'random' } },
  });
  expect([change.status, change.body.code]).toEqual([422, 'invalid_request']);
});
