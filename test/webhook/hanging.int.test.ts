import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureOutbox } from '../../activities/webhook/ensure-outbox.ts';
import { startDelivery } from '../../activities/webhook/start-delivery.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { DeliveryRound } from '../../domain/webhook/webhooks.ts';
import { DELIVERY_WORKFLOW, deliveryWorkflowId, priorityOf, TASK_QUEUE } from '../../workflows/contract.ts';
import { openReceiver, type Receiver } from '../support/peers/receiver.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { type Customer, customerOf, retryingDeliveries } from '../support/worlds/webhooks.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

const soon = { timeout: 60_000, interval: 50 };

describe('retries of webhooks', () => {
  let world: World;
  let api: ServedApi;
  let account: number;
  let customer: Customer;
  let hanging: Receiver;
  let quick: Receiver;
  /** Requests that the hanging receiver holds, and the most that it has held. */
  let load: { held: number; most: number };

  beforeAll(async () => {
    world = await realWorld();
    api = await serveApi(world);
    await world.startWorkers();
    await ensureOutbox(world.temporal);
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });
  beforeEach(async () => {
    ({ account } = await world.shop());
    customer = await customerOf(world.sql, api, account);
    [hanging, quick] = [await openReceiver(), await openReceiver()];
    const own = { held: 0, most: 0 };
    load = own;
    hanging.answer = (response) => {
      own.held += 1;
      own.most = Math.max(own.most, own.held);
      // A request ends only when the worker gives it up.
      response.on('close', () => {
        own.held -= 1;
      });
    };
    return async () => {
      await Promise.all([hanging.close(), quick.close()]);
      await world.sql`update webhook_deliveries set state = 'stopped', next_attempt_at = null where next_attempt_at is not null`;
    };
  });

  /** Makes a webhook at the hanging receiver with this many failed deliveries, each with its workflow. */
  async function retries(count: number): Promise<DeliveryRound[]> {
    const { id } = await customer.webhook({ url: hanging.url });
    const rounds = await retryingDeliveries(world.sql, { id, count });
    await Promise.all(
      rounds.map((round) => startDelivery(world.temporal, { ...round, account, retryAfter: 0 }, 'REJECT_DUPLICATE')),
    );
    return rounds;
  }
  const workflowOf = (round: DeliveryRound) => world.temporal.workflow.getHandle(deliveryWorkflowId(round));
  /** A webhook of another account. */
  async function elsewhere() {
    const other = await customerOf(world.sql, api, (await world.shop()).account);
    const { id } = await other.webhook({ url: quick.url });
    return { other, id };
  }

  it('to a receiver that hangs ask for room a few times only, and a retry of another account arrives', async () => {
    const rounds = await retries(LIMITS.webhookRequestsEach * 6);
    await expect.poll(() => load.held, soon).toBe(LIMITS.webhookRequestsEach);
    quick.answer = (response) => void response.writeHead(quick.heard.length === 1 ? 500 : 204).end();
    const { other, id } = await elsewhere();
    await other.ask(`/${id}/test`, {});
    await expect.poll(() => other.log(id), soon).toMatchObject([{ state: 'delivered', attempts: 2 }]);

    // Until the receiver has let the requests of two others time out.
    await expect.poll(() => hanging.heard.length, soon).toBeGreaterThan(LIMITS.webhookRequestsEach * 2);
    const workflows = await Promise.all(rounds.map((round) => workflowOf(round).describe()));
    const attempts = workflows.flatMap(({ raw }) => (raw.pendingActivities ?? []).map(({ attempt }) => attempt ?? 0));
    expect(attempts.length).toBeGreaterThan(LIMITS.webhookRequestsEach);
    expect(Math.max(...attempts)).toBeLessThanOrEqual(7);
    expect(load.most).toBe(LIMITS.webhookRequestsEach);
  });

  it('to receivers that hang leave requests for the first attempts of others', async () => {
    const { webhookRequestsEach: each, webhookRetries } = LIMITS;
    const all = (await Promise.all(Array.from({ length: webhookRetries / each + 1 }, () => retries(each)))).flat();
    expect(all.length).toBe(webhookRetries + each);
    await expect.poll(() => load.held, soon).toBe(webhookRetries);
    const { other, id } = await elsewhere();
    await other.ask(`/${id}/test`, {});
    await expect.poll(() => other.log(id), soon).toMatchObject([{ state: 'delivered', attempts: 1 }]);
    expect(load.most).toBe(webhookRetries);
  });

  it('come behind orders, and their accounts take turns', async () => {
    const [round] = (await retries(1)) as [DeliveryRound];
    await expect.poll(() => load.held, soon).toBe(1);
    const behind = { priorityKey: 4, fairnessKey: `account-${account}` };
    expect(priorityOf(account, 'order').priorityKey).toBeLessThan(behind.priorityKey);
    expect((await workflowOf(round).describe()).priority).toMatchObject(behind);
    const { events } = await workflowOf(round).fetchHistory();
    const priorities = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: activity }) =>
      activity ? [activity.priority] : [],
    );
    expect(priorities).toMatchObject([behind]);
  });

  it('that an older version began, without an account, go on', async () => {
    const { id } = await elsewhere();
    const [round] = (await retryingDeliveries(world.sql, { id, count: 1 })) as [DeliveryRound];
    const handle = await world.temporal.workflow.start(DELIVERY_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: deliveryWorkflowId(round),
      args: [{ ...round, retryAfter: 0 }],
    });
    expect(await handle.result()).toEqual({ outcome: 'delivered' });
  });
});
