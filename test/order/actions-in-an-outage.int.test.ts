import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey, createStaffKey } from '../../db/account/accounts.ts';
import { ORDER_WORKFLOW, orderWorkflowId, TASK_QUEUE } from '../../workflows/contract.ts';
import { end } from '../support/reads/books.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;
let shop: Shop;
let key: string;
let staff: string;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi(world);
  shop = await world.shop();
  ({ key } = await createKey(world.sql, { accountId: shop.account, name: 'test' }));
  ({ key: staff } = await createStaffKey(world.sql));
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const cancel = (id: number) => api.v1(`/v1/orders/${id}/cancel`, { key, method: 'POST' });
const live = (id: number) => api.v1(`/v1/admin/orders/${id}/workflow`, { key: staff });

test('an order whose workflow is lost cannot be asked now; one that has ended has ended', async () => {
  const id = await shop.order();
  for (const answer of [await cancel(id), await live(id)]) {
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([503, 'unavailable', '5']);
  }
  await end(world.sql, id, 0);
  for (const answer of [await cancel(id), await live(id)]) {
    expect([answer.status, answer.body.code]).toEqual([409, 'order_ended']);
  }
});

test('without a worker it is not known in time, and asking again does no harm', async () => {
  const begun = async () => {
    const id = await shop.order({ scheduledAt: Date.now() + 3_600_000 });
    const options = { taskQueue: TASK_QUEUE, workflowId: orderWorkflowId(id), args: [{ orderId: id }] };
    await world.temporal.workflow.start(ORDER_WORKFLOW, options);
    return id;
  };
  const [id, other] = [await begun(), await begun()];
  const pause = (order = id) => api.v1(`/v1/orders/${order}/pause`, { key, body: {}, idempotencyKey: 'pause' });
  const started = performance.now();
  const [asked, viewed, listed] = await Promise.all([
    pause(),
    live(id),
    api.v2({ key, action: 'cancel', orders: String(other) }),
  ]);
  expect(performance.now() - started).toBeLessThan(20_000);
  expect([asked.status, asked.body.code, asked.headers.get('retry-after')]).toEqual([503, 'outcome_unknown', '5']);
  expect([viewed.status, viewed.body.code]).toEqual([503, 'unavailable']);
  expect(listed).toEqual([{ order: other, cancel: { error: 'Please try again later' } }]);

  await world.startWorkers();
  // The first ask may have acted, so its key is for no other.
  expect((await pause(other)).body.code).toBe('idempotency_key_reused');
  expect((await pause()).status).toBe(202);
  await expect
    .poll(async () => (await api.v1(`/v1/orders/${id}`, { key })).body, { timeout: 30_000 })
    .toMatchObject({ status: 'Pending', attention: 'paused', nextRunAt: null });
});
