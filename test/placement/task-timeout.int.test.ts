import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { orderWorkflowId, TASK_QUEUE } from '../../workflows/contract.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

const POLL_MS = 10_000;

let world: World;
let api: ServedApi;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi(world);
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await api.close();
  await world.close();
});

/** Takes the next workflow task as a worker does, and loses it. */
async function loseTask(): Promise<string> {
  const { temporal, namespace } = world;
  const { workflowExecution } = await temporal.withDeadline(Date.now() + POLL_MS, () =>
    temporal.workflowService.pollWorkflowTaskQueue({
      namespace,
      taskQueue: { name: TASK_QUEUE },
      identity: 'a worker that loses its task',
    }),
  );
  return workflowExecution?.workflowId ?? '';
}

test('an order whose first workflow task is lost is placed before its caller gives up', async () => {
  const { account, service } = await world.shop();
  const { key } = await createKey(world.sql, { accountId: account, name: 'test' });
  const body = { service, link: 'https://example.com/lost-task?sim=seconds:1', quantity: 10 };
  const placing = api.v1('/v1/orders', { key, idempotencyKey: 'lost', body });
  const lost = await loseTask();
  await world.startWorkers();
  const { status, body: order } = await placing;
  expect(status).toBe(201);
  expect(lost).toBe(orderWorkflowId(Number(order.id)));
  const { events } = await world.temporal.workflow.getHandle(lost).fetchHistory();
  expect(events?.filter((event) => event.workflowTaskTimedOutEventAttributes)).toHaveLength(1);
});
