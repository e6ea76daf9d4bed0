import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureOutbox } from '../../activities/webhook/ensure-outbox.ts';
import { seal } from '../../db/account/secrets.ts';
import { LIMITS } from '../../domain/limits.ts';
import { deliveryWorkflowId, OUTBOX_WORKFLOW_ID } from '../../workflows/contract.ts';
import { isSignedBy, openReceiver, type Receiver } from '../support/peers/receiver.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop } from '../support/worlds/shop.ts';
import { type Customer, customerOf } from '../support/worlds/webhooks.ts';
import { type RunningWorkers, realWorld, type World } from '../support/worlds/world.ts';

const soon = { timeout: 20_000, interval: 50 };

describe('a webhook', () => {
  let world: World;
  let workers: RunningWorkers;
  let api: ServedApi;
  let shop: Shop;
  let customer: Customer;
  let receiver: Receiver;

  beforeAll(async () => {
    world = await realWorld();
    api = await serveApi(world);
    workers = await world.startWorkers();
    await ensureOutbox(world.temporal);
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });
  beforeEach(async () => {
    shop = await world.shop();
    customer = await customerOf(world.sql, api, shop.account);
    receiver = await openReceiver();
  });
  afterEach(() => receiver.close());

  const eventOf = (delivery: { event?: unknown } | undefined): number => Number(String(delivery?.event).slice(4));
  const untilLog = (webhook: number, expected: object[]) =>
    expect.poll(() => customer.log(webhook), soon).toMatchObject(expected);

  it('hears of an order from its acceptance to its end, each event once, signed, and nothing of the provider', async () => {
    const { id, secret } = await customer.webhook({ url: `${receiver.url}/hook?tenant=7` });
    const orderId = await shop.claim({ link: 'https://example.com/w/1?sim=seconds:1' });
    await placeClaim(world.sql, world.temporal, orderId);
    await expect.poll(() => receiver.ids().length, soon).toBe(3);
    const heard = [...receiver.heard].sort((one, other) => eventOf({ event: one.id }) - eventOf({ event: other.id }));
    expect(heard.map(({ body }) => body.type)).toEqual(['order.accepted', 'order.in_progress', 'order.completed']);
    for (const one of heard) {
      expect(isSignedBy(secret, one)).toBe(true);
      expect(one.path).toBe('/hook?tenant=7');
      expect(one.bytes.toString()).not.toMatch(/provider|upstream|attempt/i);
    }
    // An event has no metadata, and not what can be done with the order.
    const { body: current } = await api.v1(`/v1/orders/${orderId}`, { key: customer.key });
    const { can: _, metadata: __, ...body } = current;
    const last = heard[2]?.body;
    expect(last).toEqual({
      type: 'order.completed',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: { version: expect.any(Number), order: { ...body, elapsedSeconds: expect.any(Number) } },
    });
    const versions = heard.map((one) => one.body.data.version as number);
    expect(versions).toEqual([...versions].sort((one, other) => one - other));
    await untilLog(id, Array(3).fill({ order: orderId, state: 'delivered', attempts: 1, lastStatus: 204 }));
    expect(new Set(receiver.ids()).size).toBe(3);
  });

  it('that fails is told again by a workflow of its own, under the same id', async () => {
    receiver.answer = (response) => void response.writeHead(receiver.heard.length === 1 ? 500 : 200).end();
    const { id, secret } = await customer.webhook({ url: receiver.url });
    const { body } = await customer.ask(`/${id}/test`, {});
    await untilLog(id, [{ event: body.event, type: 'webhook.test', order: null, state: 'delivered', attempts: 2 }]);
    expect(receiver.heard.map((one) => [one.id, isSignedBy(secret, one)])).toEqual(Array(2).fill([body.event, true]));
    expect(receiver.heard[0]?.body).toMatchObject({ type: 'webhook.test', data: { webhook: id } });
    const round = { event: eventOf(body), endpoint: id, round: 1 };
    const handle = world.temporal.workflow.getHandle(deliveryWorkflowId(round));
    expect(await handle.result()).toEqual({ outcome: 'delivered' });
    const { events } = await handle.fetchHistory();
    expect(JSON.stringify(events)).not.toContain(receiver.url);
  });

  it('is signed with both secrets after a change, with the old one for a day', async () => {
    const { id, secret } = await customer.webhook({ url: receiver.url });
    const { body } = await customer.ask(`/${id}/rotate`, {});
    expect(body).toMatchObject({ id, secret: expect.not.stringMatching(secret), oldSecretUntil: expect.any(String) });
    await customer.ask(`/${id}/test`, {});
    await expect.poll(() => receiver.heard.length, soon).toBe(1);
    const [both] = receiver.heard;
    expect(both && [isSignedBy(secret, both), isSignedBy(body.secret, both)]).toEqual([true, true]);
    await world.sql`update webhook_endpoints set previous_until = now() where id = ${id}`;
    await customer.ask(`/${id}/test`, {});
    await expect.poll(() => receiver.heard.length, soon).toBe(2);
    const [, one] = receiver.heard;
    expect(one && [isSignedBy(secret, one), isSignedBy(body.secret, one)]).toEqual([false, true]);
  });

  it('is signed with the new secret alone, when the old one was sealed with a master key that was lost', async () => {
    const { id } = await customer.webhook({ url: receiver.url });
    const lost = seal(randomBytes(32), `webhook:${id}`, 'whsec_lost');
    await world.sql`update webhook_endpoints set secret_cipher = ${lost} where id = ${id}`;
    const { body } = await customer.ask(`/${id}/rotate`, {});
    await customer.ask(`/${id}/test`, {});
    await expect.poll(() => receiver.heard.map((one) => isSignedBy(body.secret, one)), soon).toEqual([true]);
  });

  it('that says it is gone is disabled, what else it was to hear is stopped, and a replay sends that again', async () => {
    receiver.answer = (response) => void response.writeHead(503, { 'retry-after': '30' }).end();
    const { id } = await customer.webhook({ url: receiver.url });
    await shop.order();
    await untilLog(id, [{ state: 'retrying', attempts: 1, lastStatus: 503 }]);
    receiver.answer = (response) => void response.writeHead(410).end();
    await shop.order();
    await untilLog(id, [
      { state: 'failed', lastStatus: 410 },
      { state: 'stopped', attempts: 1 },
    ]);
    expect((await customer.ask(`/${id}`)).body).toMatchObject({ enabled: false, disabledReason: 'gone' });
    const [, stopped] = await customer.log(id);
    const workflow = deliveryWorkflowId({ event: eventOf(stopped), endpoint: id, round: 1 });
    expect(await world.temporal.workflow.getHandle(workflow).result()).toEqual({ outcome: 'stopped' });
    await shop.order();
    expect(await customer.log(id)).toHaveLength(2);

    receiver.answer = (response) => void response.writeHead(200).end();
    await customer.change(`/${id}`, 'PATCH', { enabled: true });
    const hour = 3_600_000;
    const period = { from: new Date(Date.now() - hour).toISOString(), to: new Date(Date.now() + hour).toISOString() };
    expect((await customer.ask(`/${id}/replay`, period)).body).toEqual({ events: 3 });
    await untilLog(id, Array(3).fill({ state: 'delivered', lastStatus: 200 }));
    expect(new Set(receiver.ids()).size).toBe(3);
  });

  it('whose replay fails too is tried again, and only by the newest round', async () => {
    receiver.answer = (response) => void response.writeHead(500).end();
    const { id } = await customer.webhook({ url: receiver.url });
    const { body } = await customer.ask(`/${id}/test`, {});
    await untilLog(id, [{ state: 'retrying' }]);
    expect((await customer.ask(`/${id}/replay`, { event: body.event })).body).toEqual({ events: 1 });
    await untilLog(id, [{ state: 'retrying' }]);
    const [one, two] = [1, 2].map((round) => deliveryWorkflowId({ event: eventOf(body), endpoint: id, round }));
    await expect.poll(() => world.temporal.workflow.getHandle(two ?? '').describe(), soon).toBeDefined();
    receiver.answer = (response) => void response.writeHead(200).end();
    const results = [one, two].map((workflow) => world.temporal.workflow.getHandle(workflow ?? '').result());
    expect(await Promise.all(results)).toEqual([{ outcome: 'stopped' }, { outcome: 'delivered' }]);
  });

  it('that redirects inside is not followed, and that is a failure', async () => {
    const inside = await openReceiver();
    receiver.answer = (response) => void response.writeHead(307, { location: inside.url }).end();
    const { id } = await customer.webhook({ url: receiver.url });
    await customer.ask(`/${id}/test`, {});
    await untilLog(id, [{ state: 'retrying', lastStatus: 307, lastError: null, nextAttemptAt: expect.any(String) }]);
    expect(inside.heard).toEqual([]);
    await inside.close();
  });

  it('that never answers holds nobody else up, nor gets more than its share', async () => {
    const quick = await openReceiver();
    let open = 0;
    let openAtMost = 0;
    receiver.answer = (response) => {
      open += 1;
      openAtMost = Math.max(openAtMost, open);
      // A request ends only when the worker gives it up.
      response.on('close', () => {
        open -= 1;
      });
    };
    const slow = await customer.webhook({ url: receiver.url, events: ['order.accepted'] });
    for (let order = 0; order < LIMITS.webhookRequestsEach * 3; order += 1) await shop.order();
    await expect.poll(() => openAtMost, soon).toBe(LIMITS.webhookRequestsEach);
    const other = await customer.webhook({ url: quick.url });
    await customer.ask(`/${other.id}/test`, {});
    await untilLog(other.id, [{ state: 'delivered' }]);
    expect(openAtMost).toBe(LIMITS.webhookRequestsEach);
    await customer.change(`/${slow.id}`, 'DELETE');
    await quick.close();
  });

  it('hears of an event that commits after later ones', async () => {
    const { id } = await customer.webhook({ url: receiver.url });
    const order = await shop.order();
    const late = await world.sql.reserve();
    await late`begin`;
    await late`select add_event(${order}, 'order.stalled', 'system', now())`;
    const [{ id: taken } = { id: 0n }] = await world.sql<{ id: bigint }[]>`
      select nextval(pg_get_serial_sequence('events', 'id')) as id`;
    await shop.order();
    await expect.poll(() => receiver.ids().length, soon).toBe(2);
    await late`commit`;
    late.release();
    await expect.poll(() => receiver.ids().length, soon).toBe(3);
    const [, , last] = receiver.heard;
    expect(last?.body.type).toBe('order.stalled');
    expect(eventOf({ event: last?.id })).toBeLessThan(Number(taken));
    await expect.poll(() => customer.log(id, '?state=pending'), soon).toEqual([]);
  });

  it('hears of what happened while no worker was there', async () => {
    const outbox = world.temporal.workflow.getHandle(OUTBOX_WORKFLOW_ID);
    const { runId } = await outbox.describe();
    const { id } = await customer.webhook({ url: receiver.url });
    await workers.stop();
    const orders = await Promise.all(Array.from({ length: 40 }, () => shop.order()));
    expect(await customer.log(id, '?state=pending&limit=100')).toHaveLength(orders.length);
    workers = await world.startWorkers();
    await ensureOutbox(world.temporal);
    await expect.poll(() => receiver.ids().length, { ...soon, timeout: 40_000 }).toBe(orders.length);
    const told = receiver.heard.map(({ body }) => (body.data.order as { id: number }).id);
    expect(told.sort()).toEqual(orders.sort());
    expect((await outbox.describe()).runId).toBe(runId);
  });
});
