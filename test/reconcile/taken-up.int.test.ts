import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { readOrder } from '../../db/order/orders.ts';
import { cancelUpdate, orderWorkflowId, pauseUpdate, resolveUpdate } from '../../workflows/contract.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

/** So few that every order continues as new as soon as it waits. */
const FEW_EVENTS = 12;
const by = 'ann';

let world: World;
let panel: ScriptedPanel;
beforeAll(async () => {
  [world, panel] = await Promise.all([realWorld(), scriptedPanel()]);
  await world.startWorkers();
});
afterAll(async () => {
  expect(await verifyLedger(world.sql)).toEqual([]);
  await world.close();
  await panel.close();
});

const attention = (orderId: number) => async () => (await readOrder(world.sql, orderId))?.attention;

test('an order that waits for a provider still hears people after it was continued as new', async () => {
  const { claim } = await world.shop({ providers: [panel.url] });
  panel.onAdd = () => ({ error: 'neworder.error.not_enough_funds' });
  const orderId = await claim();
  await placeClaim(world.sql, world.temporal, orderId, { continueAfterEvents: FEW_EVENTS });
  const handle = world.temporal.workflow.getHandle(orderWorkflowId(orderId));
  const isFurtherRun = async () => {
    const { runId, raw } = await handle.describe();
    return runId !== raw.workflowExecutionInfo?.firstRunId;
  };
  await expect.poll(isFurtherRun).toBe(true);
  expect(await handle.executeUpdate(pauseUpdate, { args: [{ by, reason: 'private' }] })).toMatchObject({ ok: true });
  await expect.poll(attention(orderId)).toBe('paused');
  expect(await handle.executeUpdate(cancelUpdate, { args: [{ by }] })).toMatchObject({ ok: true });
  await expect.poll(async () => (await readOrder(world.sql, orderId))?.status).toBe('Canceled');
});

test('a review is extended by any number of hours', async () => {
  const { claim } = await world.shop({ providers: [panel.url], service: { review_after_seconds: 1 } });
  panel.onAdd = (_, number) => ({ order: 9_000 + number });
  const orderId = await claim();
  await placeClaim(world.sql, world.temporal, orderId, {});
  await expect.poll(attention(orderId)).toBe('review');
  const handle = world.temporal.workflow.getHandle(orderWorkflowId(orderId));
  const extend = { by, reason: 'wait', action: 'extend', hours: 1.23456789 } as const;
  expect(await handle.executeUpdate(resolveUpdate, { args: [extend] })).toMatchObject({ ok: true });
  await expect.poll(attention(orderId)).toBe('none');
});
