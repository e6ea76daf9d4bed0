import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../db/ledger.ts';
import { orderQuery, orderWorkflowId, resolveUpdate } from '../../workflows/messages.ts';
import { placeClaim } from '../setup/place.ts';
import { eventually, SteppedOrder } from '../setup/stepped-order.ts';
import { realWorld, type World } from '../setup/world.ts';

let world: World;

beforeAll(async () => {
  world = await realWorld();
  await world.startWorkers();
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await world.close();
});

/** As a person does in the Temporal UI who picks a task of the history: what came later is said again. */
async function resetToTask({ id, handle }: SteppedOrder, nth: number): Promise<void> {
  const { events } = await handle.fetchHistory();
  const tasks = (events ?? []).filter(({ workflowTaskCompletedEventAttributes: done }) => done);
  await world.temporal.workflowService.resetWorkflowExecution({
    namespace: world.namespace,
    workflowExecution: { workflowId: orderWorkflowId(id) },
    reason: 'a test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: tasks[nth]?.eventId ?? null,
  });
}

test.each([0, 1, 2, 3])(
  'an order whose rest was sent again, reset to its task %i, is not settled without that rest',
  async (nth) => {
    const { apiUrl } = world.provider;
    const { claim } = await world.shop({ providers: [apiUrl, apiUrl], service: { review_after_seconds: 1 } });
    const link = `https://example.com/reset/${nth}?sim=stall:400,speed:10000`;
    const id = await claim({ link });
    await placeClaim(world.sql, world.temporal, id);
    const order = new SteppedOrder(world, id, link);
    await order.becomes({ attention: 'review', delivered: 400 });
    await order.ask(resolveUpdate, { action: 'redispatch' });
    const running = async () =>
      (await order.handle.query(orderQuery)).batches.map(({ batch, state }) => [batch, state]);
    await eventually(async () => expect(await running()).toEqual([[2, 'running']]));

    await resetToTask(order, nth);
    await eventually(async () => expect(await running()).toEqual([[2, 'running']]));
    await order.isNow({ status: 'In progress', refunded: 0n });
    await order.providerSays({ status: 'Completed', remains: 0 });
    await order.becomes({ status: 'Completed', delivered: 1000, refunded: 0n });
    expect(order.sends).toBe(2);
  },
);
