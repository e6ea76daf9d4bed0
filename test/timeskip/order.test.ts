import { WithStartWorkflowOperation } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyLedger } from '../../db/ledger.ts';
import type { ProviderStatus } from '../../domain/provider-words.ts';
import {
  ORDER_WORKFLOW,
  orderWorkflowId,
  PLACE_UPDATE_ID,
  placeUpdate,
  reportSignal,
  TASK_QUEUE,
} from '../../workflows/messages.ts';
import { type ScriptedPanel, scriptedPanel } from '../setup/panel.ts';
import { openShop, type Shop, type ShopOptions } from '../setup/shop.ts';
import { type SkippingWorld, skippingWorld } from '../setup/timeskip.ts';

const DAY = 86_400;

describe('the life of a plain order', () => {
  let world: SkippingWorld;
  let panel: ScriptedPanel;

  beforeAll(async () => {
    world = await skippingWorld();
    panel = await scriptedPanel();
  });
  afterAll(async () => {
    await panel.close();
    await world.close();
  });

  const shop = (options: ShopOptions = {}): Promise<Shop> =>
    openShop(world.sql, { providers: [panel.url], masterKey: world.masterKey, ...options });

  async function place(orderId: number) {
    const [claim] = await world.sql<{ fingerprint: string }[]>`
      select encode(fingerprint, 'hex') as fingerprint from claims where order_id = ${orderId}`;
    return world.env.client.workflow.executeUpdateWithStart(placeUpdate, {
      updateId: PLACE_UPDATE_ID,
      args: [{ fingerprint: claim?.fingerprint ?? '' }],
      startWorkflowOperation: new WithStartWorkflowOperation(ORDER_WORKFLOW, {
        taskQueue: TASK_QUEUE,
        workflowId: orderWorkflowId(orderId),
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [{ orderId }],
      }),
    });
  }

  const until = async (orderId: number, status: string) => {
    await vi.waitFor(async () => expect((await world.view(orderId)).status).toBe(status), { timeout: 10_000 });
    return world.view(orderId);
  };

  const report = (orderId: number, status: ProviderStatus, remains: number | null, version = 1) =>
    world.env.client.workflow
      .getHandle(orderWorkflowId(orderId))
      .signal(reportSignal, { batch: 1, version, status, remains, startCount: 1, charge: '0.5', stalledSince: null });

  it('completes and is charged in full', async () => {
    const { claim } = await shop();
    const orderId = await claim();
    expect(await place(orderId)).toEqual({ kind: 'order' });
    await until(orderId, 'In progress');
    await report(orderId, 'Completed', 0);
    expect(await until(orderId, 'Completed')).toMatchObject({
      delivered: 1000,
      price: '0.9',
      charge: '0.9',
      refunded: '0',
    });
    expect(await verifyLedger(world.sql)).toEqual([]);
  });

  it('skips a cap of 30 days and then asks for a review', async () => {
    const { claim } = await shop({ service: { review_after_seconds: 30 * DAY } });
    const orderId = await claim();
    await place(orderId);
    await until(orderId, 'In progress');
    await world.env.sleep(30 * DAY * 1000);
    await vi.waitFor(async () => expect((await world.view(orderId)).attention).toBe('review'), { timeout: 10_000 });
    await report(orderId, 'Partial', 400);
    expect(await until(orderId, 'Partial')).toMatchObject({
      delivered: 600,
      charge: '0.54',
      refunded: '0.36',
      attention: 'none',
    });
    expect(await verifyLedger(world.sql)).toEqual([]);
  });
});
