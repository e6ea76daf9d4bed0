import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Deps } from '../../activities/runtime/deps.ts';
import { createOutbox } from '../../activities/webhook/outbox.ts';
import { createSend } from '../../activities/webhook/send.ts';
import { createTraffic } from '../../activities/webhook/traffic.ts';
import { takeDeliveries } from '../../db/webhook/deliveries.ts';
import { type Authority, newAuthority } from '../support/engines/certificates.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { isSignedBy, openReceiver } from '../support/peers/receiver.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop } from '../support/worlds/shop.ts';
import { customerOf } from '../support/worlds/webhooks.ts';

let database: TestDatabase;
let api: ServedApi;
let authority: Authority;
let deps: Deps;

beforeAll(async () => {
  database = await testDatabase();
  authority = await newAuthority('an authority');
  // Nothing here calls Temporal.
  const temporal = new Client({ connection: Connection.lazy() });
  const log = pino({ level: 'silent' });
  deps = { ...database, temporal, masterKey: randomBytes(32), currency: 'USD', allowLoopback: true, log };
  api = await serveApi({ ...deps, appUrl: database.appUrl });
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

test('an event of an order is told over https to whom its certificate says it is', async () => {
  const receiver = await openReceiver(await authority.issue('127.0.0.1'));
  const shop = await openShop(database.sql);
  const customer = await customerOf(database.sql, api, shop.account);
  const { id, secret } = await customer.webhook({ url: `${receiver.url}/hook` });
  const order = await shop.order();
  const outbox = createOutbox(deps, createSend(deps, { ca: authority.cert }), createTraffic());
  await outbox.take();
  await outbox.settled();
  expect(await customer.log(id)).toMatchObject([{ order, state: 'delivered', attempts: 1, lastStatus: 204 }]);
  const [heard] = receiver.heard;
  expect(heard && [heard.path, heard.body.type, isSignedBy(secret, heard)]).toEqual(['/hook', 'order.accepted', true]);
  await receiver.close();
});

test('an event of an order is told to nobody whose certificate nobody else trusts', async () => {
  const receiver = await openReceiver(await authority.issue('127.0.0.1'));
  const shop = await openShop(database.sql);
  const customer = await customerOf(database.sql, api, shop.account);
  await customer.webhook({ url: receiver.url });
  await shop.order();
  const [round] = await takeDeliveries(database.sql, { most: 1, each: 1, busy: [] });
  expect(round && (await createSend(deps)(round))).toEqual({ kind: 'failed', error: 'tls' });
  expect(receiver.heard).toEqual([]);
  await receiver.close();
});
