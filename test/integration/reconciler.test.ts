import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureOutbox } from '../../activities/webhooks/ensure-outbox.ts';
import { openWindows, unendedOrders } from '../../db/lost-orders.ts';
import { createMass, findMass } from '../../db/masses.ts';
import { readOrder } from '../../db/orders.ts';
import { FINDING_KINDS } from '../../db/reconciliation.ts';
import { listReviews } from '../../db/reviews.ts';
import {
  ORDER_WORKFLOW,
  OUTBOX_WORKFLOW_ID,
  orderWorkflowId,
  TASK_QUEUE,
  watchWorkflowId,
} from '../../workflows/messages.ts';
import { apiWorld } from '../setup/api-world.ts';
import { end } from '../setup/books.ts';
import { placeClaim } from '../setup/place.ts';
import { openReceiver } from '../setup/receiver.ts';
import { alertAbout, reconcile, resetOrder } from '../setup/reconciling.ts';
import { customerOf } from '../setup/webhooks.ts';

const { world, api, staff, close } = await apiWorld();
const soon = { timeout: 30_000 };

beforeAll(() => ensureOutbox(world.temporal));
afterAll(close);

const handle = (id: number) => world.temporal.workflow.getHandle(orderWorkflowId(id));
const read = (id: number) => () => readOrder(world.sql, id);
const orderAlert = (id: number) => alertAbout(world, 'order_lost', `order:${id}`);
const statusOf = async (id: string) => (await world.temporal.workflow.getHandle(id).describe()).status.name;
const isKnown = (id: number) =>
  statusOf(orderWorkflowId(id)).then(
    () => true,
    () => false,
  );
/** It was written down some minutes ago. */
const aged = (id: number) => world.sql`
  with claim as (update claims set created_at = created_at - interval '5 minutes' where order_id = ${id})
  update orders set created_at = created_at - interval '5 minutes' where id = ${id}`;
const link = (script: string) => ({ link: `https://example.com/r/${Math.random()}?sim=${script}` });
const figure = async (name: string) => {
  const metrics = await (await fetch(`${api.url}/metrics`)).text();
  return new RegExp(`\n${name} (\\S+)\n`).exec(metrics)?.[1];
};

it('its report is read by staff, and its figures are in the metrics, NaN before the first run', async () => {
  const report = () => api.v1('/v1/admin/reconcile', { key: staff });
  expect((await report()).body).toMatchObject({ at: null, tookMs: null, findings: [] });
  expect(await figure('holdfast_reconcile_age_seconds')).toBe('Nan');
  expect(await figure('holdfast_reconcile_findings\\{kind="order_lost"\\}')).toBe('Nan');
  await reconcile(world);
  expect((await report()).body).toEqual({
    at: expect.any(String),
    tookMs: expect.any(Number),
    sweptAt: expect.any(String),
    looked: { orders: 0, workflows: 0, providers: 0 },
    findings: FINDING_KINDS.map((kind) => ({ kind, found: 0, repaired: 0 })),
    failed: [],
  });
  expect(Number(await figure('holdfast_reconcile_age_seconds'))).toBeLessThan(60);
  expect(await figure('holdfast_reconcile_findings\\{kind="order_lost"\\}')).toBe('0');
  expect(await figure('holdfast_reconcile_failed_parts')).toBe('0');
});

it('what runs is left alone', async () => {
  const { claim } = await world.shop();
  const id = await claim(link('stall'));
  await placeClaim(world.sql, world.temporal, id);
  await aged(id);
  const { runId } = await handle(id).describe();
  expect((await reconcile(world))('order_lost')).toBe('0 found, 0 repaired');
  expect((await handle(id).describe()).runId).toBe(runId);
  expect(await orderAlert(id)).toMatchObject({ state: 'none' });
});

describe('an order whose workflow Temporal does not know', () => {
  it('is started again from PostgreSQL and ends, sent once', async () => {
    const { order } = await world.shop();
    const target = link('seconds:1');
    const id = await order(target);
    await aged(id);
    expect((await reconcile(world))('order_lost')).toBe('1 found, 1 repaired');
    expect(await orderAlert(id)).toEqual({
      state: 'open',
      detail: 'its workflow was lost: Temporal does not know it; it is started again',
    });
    await expect.poll(read(id), soon).toMatchObject({ status: 'Completed' });
    expect(world.provider.adds(target.link)).toHaveLength(1);
    await reconcile(world);
    expect(await orderAlert(id)).toMatchObject({ state: 'resolved' });
  });

  it('and that can be refilled is open for that again', async () => {
    const { order } = await world.shop({ service: { refill_days: 30 } });
    const id = await order(link('seconds:1'));
    await end(world.sql, id, 1000, { at: new Date() });
    await aged(id);
    expect((await reconcile(world))('order_lost')).toBe('1 found, 1 repaired');
    expect(await statusOf(orderWorkflowId(id))).toBe('RUNNING');
  });

  it('is left to whoever is just placing it', async () => {
    const { order, claim } = await world.shop();
    const [placed, claimed] = [await order(), await claim()];
    await reconcile(world);
    expect([await isKnown(placed), await isKnown(claimed)]).toEqual([false, false]);
    // However slow what follows is, it does not come upon these.
    await end(world.sql, placed, 0);
    await world.sql`select close_claim(${claimed}, 'withdrawn')`;
  });
});

describe('a request that nobody decided', () => {
  it('becomes the order that it asks for, without an alert: nobody was told anything yet', async () => {
    const { claim } = await world.shop();
    const id = await claim(link('seconds:1'));
    await aged(id);
    expect((await reconcile(world))('claim_open')).toBe('1 found, 1 repaired');
    await expect.poll(read(id), soon).toMatchObject({ status: 'Completed' });
    expect(await orderAlert(id)).toMatchObject({ state: 'none' });
  });

  it('in time is withdrawn', async () => {
    const { claim } = await world.shop();
    const id = await claim({}, new Date(Date.now() - 1_000));
    expect((await reconcile(world))('claim_open')).toBe('1 found, 1 repaired');
    expect(await world.sql`select state from claims where order_id = ${id}`).toEqual([{ state: 'withdrawn' }]);
    expect(await isKnown(id)).toBe(false);
  });
});

describe('an order whose workflow is lost again and again', () => {
  it('is started again three times in an hour, then shown to a person until it runs', async () => {
    const { claim } = await world.shop();
    const target = link('stall:0');
    const id = await claim(target);
    await placeClaim(world.sql, world.temporal, id);
    await expect.poll(read(id), soon).toMatchObject({ status: 'In progress' });
    /** Terminates it and has it found; whether it runs afterwards. */
    const lost = async () => {
      await handle(id).terminate('again');
      const found = async () => {
        await reconcile(world);
        return orderAlert(id);
      };
      await expect
        .poll(found, soon)
        .toMatchObject({ state: 'open', detail: expect.stringContaining('was terminated') });
      return (await statusOf(orderWorkflowId(id))) === 'RUNNING';
    };
    for (let time = 1; time <= 3; time += 1) {
      expect(await lost()).toBe(true);
      await reconcile(world);
      expect(await orderAlert(id)).toMatchObject({ state: 'resolved' });
    }
    await handle(id).terminate('once more');
    await expect
      .poll(async () => {
        await reconcile(world);
        return orderAlert(id);
      }, soon)
      .toMatchObject({ state: 'open', detail: expect.stringContaining('again and again') });
    // Nor is it tomorrow.
    await world.sql`update order_restarts set since = since - interval '1 day', given_up_at = given_up_at - interval '1 day'`;
    expect((await reconcile(world))('order_lost')).toBe('1 found, 0 repaired');
    expect(await statusOf(orderWorkflowId(id))).toBe('TERMINATED');
    expect(await listReviews(world.sql, { attention: 'review' }, 10)).toMatchObject([
      { order: id, by: 'system', why: expect.stringContaining('again and again') },
    ]);

    await resetOrder(world, id);
    await expect.poll(read(id), soon).toMatchObject({ status: 'In progress', attention: 'none' });
    await reconcile(world);
    expect(await orderAlert(id)).toMatchObject({ state: 'resolved' });
    await world.provider.force(world.provider.orders(target.link)[0]?.order ?? 0, { status: 'Completed', remains: 0 });
    await expect.poll(read(id), soon).toMatchObject({ status: 'Completed' });
    expect(world.provider.adds(target.link)).toHaveLength(1);
  });
});

describe('a database that is older than Temporal', () => {
  it('does not send again what a workflow has ended that it does not know of', async () => {
    const { order } = await world.shop();
    const [{ next } = { next: 0 }] = await world.sql<{ next: number }[]>`
      select (last_value + 1)::float8 as next from order_ids`;
    const before = await world.temporal.workflow.start(ORDER_WORKFLOW, {
      workflowId: orderWorkflowId(next),
      taskQueue: TASK_QUEUE,
      args: [{ orderId: next }],
    });
    expect(await before.result()).toEqual({ placement: 'withdrawn' });
    const target = link('seconds:1');
    expect(await order(target)).toBe(next);
    expect((await reconcile(world))('order_lost')).toBe('1 found, 0 repaired');
    expect(await orderAlert(next)).toMatchObject({
      state: 'open',
      detail: expect.stringContaining('older than Temporal'),
    });
    expect(await read(next)()).toMatchObject({ status: 'Pending', attention: 'review' });
    expect(world.provider.adds(target.link)).toEqual([]);
    // A person has looked.
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
      // Nobody is there, so that it stays as it is.
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

it('a watch that somebody ended is started again, and an alert says for how long nobody looked', async () => {
  const { claim, providers } = await world.shop();
  const [provider = 0] = providers;
  const id = await claim(link('stall'));
  await placeClaim(world.sql, world.temporal, id);
  const rounds = () => world.sql`select from watch_rounds where provider_id = ${provider}`;
  await expect.poll(async () => (await rounds()).length, soon).toBe(1);
  await world.temporal.workflow.getHandle(watchWorkflowId(provider)).terminate('by a person');
  await world.sql`update watch_rounds set at = at - interval '1 hour' where provider_id = ${provider}`;
  const alert = () => alertAbout(world, 'batch_unwatched', `provider:${provider}`);
  expect((await reconcile(world))('batch_unwatched')).toBe('1 found, 1 repaired');
  expect(await alert()).toMatchObject({ state: 'open', detail: expect.stringContaining('nobody has looked') });
  expect(await statusOf(watchWorkflowId(provider))).toBe('RUNNING');
  await expect
    .poll(async () => {
      await reconcile(world);
      return alert();
    }, soon)
    .toMatchObject({ state: 'resolved' });
});

it('a provider that answers nothing about running orders for minutes is an alert, until it answers', async () => {
  const { claim, providers } = await world.shop();
  const [provider = 0] = providers;
  const target = link('stall');
  const id = await claim(target);
  await placeClaim(world.sql, world.temporal, id);
  await expect.poll(read(id), soon).toMatchObject({ status: 'In progress' });
  const faults = (method: string, body?: object) =>
    fetch(`${world.provider.url}/control/faults`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const silent = () => world.sql`select from watch_rounds where provider_id = ${provider} and silent_since is not null`;
  const alert = () => alertAbout(world, 'provider_silent', `provider:${provider}`);
  await faults('POST', { fault: 'http:500', action: 'status', link: target.link, times: 1_000_000 });
  await expect.poll(async () => (await silent()).length, soon).toBe(1);
  expect((await reconcile(world))('provider_silent')).toBe('0 found, 0 repaired');
  await world.sql`update watch_rounds set silent_since = silent_since - interval '1 hour' where provider_id = ${provider}`;
  expect((await reconcile(world))('provider_silent')).toBe('1 found, 0 repaired');
  expect(await alert()).toMatchObject({ state: 'open', detail: expect.stringContaining('answered nothing') });
  expect(await read(id)()).toMatchObject({ status: 'In progress' });
  await faults('DELETE');
  await expect.poll(async () => (await silent()).length, soon).toBe(0);
  expect((await reconcile(world))('provider_silent')).toBe('0 found, 0 repaired');
  expect(await alert()).toMatchObject({ state: 'resolved' });
});

describe('events', () => {
  async function webhook() {
    const shop = await world.shop();
    const receiver = await openReceiver();
    const customer = await customerOf(world.sql, api, shop.account);
    const { id } = await customer.webhook({ url: receiver.url });
    return { id, customer, receiver };
  }

  it('are sent again after the outbox was ended', async () => {
    await world.temporal.workflow.getHandle(OUTBOX_WORKFLOW_ID).terminate('by a person');
    expect((await reconcile(world))('outbox_lost')).toBe('1 found, 1 repaired');
    const { id, customer, receiver } = await webhook();
    await customer.ask(`/${id}/test`, {});
    await expect.poll(() => receiver.ids().length, soon).toBe(1);
    await receiver.close();
  });

  it('that nobody has tried to send for minutes are an alert, until somebody does', async () => {
    const { id, customer, receiver } = await webhook();
    const alert = () => alertAbout(world, 'events_behind', 'outbox');
    const { sql } = world;
    await sql`insert into webhook_deliveries (event_id, endpoint_id, type, next_attempt_at)
      values (900000001, ${id}, 'webhook.test', now() + interval '1 hour')`;
    const [clerk, thief] = [await sql.reserve(), await sql.reserve()];
    await clerk`begin`;
    await clerk`update webhook_deliveries set next_attempt_at = now() - interval '10 minutes' where endpoint_id = ${id}`;
    // Nobody can take anything from here on: this one is next to get the table.
    await thief`begin`;
    const taken = thief`lock table webhook_deliveries in share row exclusive mode`.execute();
    const waits = async () =>
      (await sql`select from pg_locks where relation = 'webhook_deliveries'::regclass and not granted`).length;
    await expect.poll(waits, soon).toBeGreaterThan(0);
    await clerk`commit`;
    await taken;
    expect((await reconcile(world))('events_behind')).toBe('1 found, 0 repaired');
    expect(await alert()).toMatchObject({ state: 'open', detail: expect.stringContaining('1 webhooks') });
    await thief`rollback`;
    for (const one of [clerk, thief]) one.release();
    await expect.poll(() => receiver.ids().length, soon).toBe(1);
    await expect.poll(async () => (await customer.log(id))[0], soon).toMatchObject({ state: 'delivered' });
    await reconcile(world);
    expect(await alert()).toMatchObject({ state: 'resolved' });
    await receiver.close();
  });

  it('whose further attempts were ended are tried again', async () => {
    const { id, customer, receiver } = await webhook();
    receiver.answer = (response) => void response.writeHead(500).end();
    await customer.ask(`/${id}/test`, {});
    await expect.poll(async () => (await customer.log(id))[0], soon).toMatchObject({ state: 'retrying' });
    const event = Number(String((await customer.log(id))[0]?.event).slice(4));
    await world.temporal.workflow.getHandle(`event-${event}-${id}`).terminate('by a person');
    await world.sql`
      update webhook_deliveries set next_attempt_at = now() - interval '1 hour' where endpoint_id = ${id}`;
    receiver.answer = (response) => void response.writeHead(204).end();
    await expect.poll(async () => (await reconcile(world))('delivery_lost'), soon).toBe('1 found, 1 repaired');
    await expect.poll(async () => (await customer.log(id))[0], soon).toMatchObject({ state: 'delivered' });
    await receiver.close();
  });
});

it('a list that nobody places is placed', async () => {
  const { account, service } = await world.shop();
  const request = { service, quantity: 100, ...link('seconds:1') };
  const list = await createMass(world.sql, account, 'lost', [{ line: 1, request }]);
  expect((await reconcile(world))('list_lost')).toBe('1 found, 1 repaired');
  await expect.poll(() => findMass(world.sql, account, list), soon).toMatchObject({ placed: 1, waiting: 0 });
});

it('passes over orders page by page, and none twice', async () => {
  const { order } = await world.shop({ service: { refill_days: 30 } });
  const ids = [await order(), await order(), await order()];
  const from = (ids[0] ?? 0) - 1;
  expect(await unendedOrders(world.sql, from, 2)).toEqual(ids.slice(0, 2));
  expect(await unendedOrders(world.sql, ids[1] ?? 0, 2)).toEqual(ids.slice(2));
  // Nobody's window ends later.
  const at = new Date(Date.now() + 365 * 86_400_000);
  for (const id of ids) await end(world.sql, id, 1000, { at });
  const after = { until: at, id: 0 };
  const first = await openWindows(world.sql, after, 2);
  expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect((await openWindows(world.sql, first[1] ?? after, 2)).map(({ id }) => id)).toEqual(ids.slice(2));
});
