import { afterAll, describe, expect, it } from 'vitest';
import { ORDER_WORKFLOW, orderWorkflowId, TASK_QUEUE } from '../../workflows/contract.ts';
import { alertAbout, reconcile, reconcilingWorld, resetOrder } from '../support/worlds/reconciling.ts';

const { world, read, orderAlert, link, close } = await reconcilingWorld();
const soon = { timeout: 30_000 };

afterAll(close);

describe('a database that is older than Temporal', () => {
  it('does not send again what a workflow has ended that it does not know of', async () => {
    const { order } = await world.shop();
    const [{ next } = { next: 0 }] = await world.sql<{ next: number }[]>`
      select (last_value + is_called::integer)::float8 as next from order_ids`;
    const before = await world.temporal.workflow.start(ORDER_WORKFLOW, {
      workflowId: orderWorkflowId(next),
      taskQueue: TASK_QUEUE,
      args: [{ orderId: next }],
    });
    expect(await before.result()).toEqual({ placement: 'withdrawn' });
    const target = link('seconds:1');
    expect(await order(target)).toBe(next);
    await expect.poll(async () => (await reconcile(world))('order_lost'), soon).toBe('1 found, 0 repaired');
    expect(await orderAlert(next)).toMatchObject({
      state: 'open',
      detail: expect.stringContaining('older than Temporal'),
    });
    expect(await read(next)()).toMatchObject({ status: 'Pending', attention: 'review' });
    expect(world.provider.adds(target.link)).toEqual([]);
    // A person has reviewed the order and resets it.
    await resetOrder(world, next);
    await expect.poll(read(next), soon).toMatchObject({ status: 'Completed', attention: 'none' });
    await reconcile(world);
    expect(await orderAlert(next)).toMatchObject({ state: 'resolved' });
  });

  it('has workflows of orders that it does not know: they are alerted, and not ended', async () => {
    const orphan = 987_654_321;
    const alert = () => alertAbout(world, 'workflow_orphaned', `order:${orphan}`);
    const lone = await world.temporal.workflow.start(ORDER_WORKFLOW, {
      workflowId: orderWorkflowId(orphan),
      // No worker polls this queue, so the workflow stays as it is.
      taskQueue: 'nobody',
      args: [{ orderId: orphan }],
    });
    const found = async () => (await reconcile(world))('workflow_orphaned');
    await expect.poll(found, soon).toBe('1 found, 0 repaired');
    expect(await alert()).toMatchObject({ state: 'open' });
    expect((await lone.describe()).status.name).toBe('RUNNING');
    await lone.terminate('a person has looked');
    await expect.poll(found, soon).toBe('0 found, 0 repaired');
    expect(await alert()).toMatchObject({ state: 'resolved' });
  });
});
