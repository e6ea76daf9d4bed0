import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reads } from '../../api/limits/reads.ts';
import { byCustomer } from '../../api/order/ask-order.ts';
import { askForRefill } from '../../api/refill/request-refill.ts';
import { createKey } from '../../db/account/accounts.ts';
import { type OrderRow, readOrder } from '../../db/order/orders.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { mustPlace } from '../support/worlds/placing.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;

beforeAll(async () => {
  world = await realWorld();
  await world.startWorkers();
  api = await serveApi(world);
});
afterAll(async () => {
  await api.close();
  await world.close();
});

test('a refill that is asked for just as the order ends is refused with the reason, not with an outage', async () => {
  const shop = await world.shop({ service: { refill_days: 30 } });
  const { key } = await createKey(world.sql, { accountId: shop.account, name: 'test' });
  const scheduledAt = new Date(Date.now() + 3_600_000).toISOString();
  const body = { service: shop.service, link: 'https://example.com/ends', quantity: 1000, scheduledAt };
  const id = await mustPlace(api, { key, body, idempotencyKey: 'ends' });
  const before = (await readOrder(world.sql, id)) as OrderRow;
  await api.v1(`/v1/orders/${id}/cancel`, { key, method: 'POST' });
  await expect.poll(async () => (await readOrder(world.sql, before.id))?.status).toBe('Canceled');
  await world.temporal.workflow.getHandle(`order-${before.id}`).result();

  const config = { CURRENCY: 'USD', HOLDFAST_MASTER_KEY: world.masterKey, ALLOW_LOOPBACK_URLS: true };
  const reads = new Reads([world.sql]);
  const sqls = { authSql: world.sql, streamSql: world.sql, metricsSql: world.sql, poolUse: () => [] };
  const pools = { ...sqls, reads, figures: reads };
  const deps = { ...world, ...pools, config: { ...config, COUNTER_URL: undefined }, log: pino({ level: 'silent' }) };
  const ask = askForRefill(deps, { asker: shop.account, order: before, message: { by: byCustomer(shop.account) } });
  await expect(ask).rejects.toMatchObject({ code: 'refill_unavailable' });
});
