import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { afterAll, describe, expect, it } from 'vitest';
import { startProvider } from '../../dev/provider/provider.ts';
import { proofOf } from '../../net/ask-proof.ts';
import {
  cancelSignal,
  cancelUpdate,
  ORDER_WORKFLOW,
  orderWorkflowId,
  pauseSignal,
  pauseUpdate,
  resolveSignal,
  TASK_QUEUE,
} from '../../workflows/contract.ts';
import { answered } from '../support/reads/answered.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { mustPlace } from '../support/worlds/placing.ts';

const { world, api, shop, key, staff, close } = await apiWorld({ staffName: 'Jane' });
afterAll(close);

let links = 0;
function place(script: string, more: object = {}): Promise<number> {
  links += 1;
  const link = `https://example.com/asks/${links}?sim=${script}`;
  const body = { service: shop.service, link, quantity: 1000, ...more };
  return mustPlace(api, { key, body, idempotencyKey: `asks-${links}` });
}
const read = async (id: number) => (await api.v1(`/v1/orders/${id}`, { key })).body;
const becomes = (id: number, expected: object) =>
  expect.poll(() => read(id), { timeout: 30_000 }).toMatchObject(expected);
const handle = (id: number) => world.temporal.workflow.getHandle(orderWorkflowId(id));
const timeline = async (id: number): Promise<string[]> =>
  (await world.sql`select type || ' by ' || actor as line from events where order_id = ${id} order by id`).map(
    ({ line }) => line,
  );
/** Events in the history of an order's workflow, without those of its workflow tasks. */
const events = async (id: number): Promise<number> =>
  ((await handle(id).fetchHistory()).events ?? []).filter(
    (event) => !Object.keys(event).some((field) => field.startsWith('workflowTask')),
  ).length;
const audited = async (id: number) =>
  world.sql`select actor, action, subject, account_id as account, key_id as key from audit where object = ${id} order by id`;

describe('an order whose provider refuses to stop it', () => {
  it('asks it once, whoever asks for a cancel how often, and the history grows by the signals alone', async () => {
    const id = await place('stall:500,oncancel:refuse');
    await becomes(id, { status: 'In progress', delivered: 500 });
    const stops = () => world.provider.stats().calls.cancel ?? 0;
    const before = stops();
    const cancel = () => api.v1(`/v1/orders/${id}/cancel`, { key, method: 'POST' });
    expect((await cancel()).status).toBe(202);
    await expect.poll(() => timeline(id)).toContain('stop.asked by provider');
    // The workflow has the provider's answer.
    await expect.poll(async () => (await cancel()).body.message).toContain('the provider refused that at');
    const length = await events(id);
    for (let times = 0; times < 10; times += 1) {
      expect((await cancel()).status).toBe(202);
      expect(await api.v2({ key, action: 'cancel', orders: String(id) })).toEqual([{ order: id, cancel: 1 }]);
      const said = await answered(handle(id).executeUpdate(cancelUpdate, { args: [{ by: 'ann' }] }));
      expect(said).toMatchObject({ ok: true, message: expect.stringContaining('it can be asked again from') });
    }
    expect(await events(id)).toBe(length);
    for (let times = 0; times < 10; times += 1) await handle(id).signal(cancelSignal, { by: 'ann' });
    // Temporal delivers signals before updates, so this answer means that the workflow has the signals.
    await cancel();
    expect(await events(id)).toBe(length + 10);
    expect((await timeline(id)).filter((line) => /cancel|refused|stop/.test(line))).toEqual([
      `cancel.requested by account ${shop.account}`,
      'stop.asked by provider',
    ]);
    expect(stops()).toBe(before + 1);
  });

  it('tells one refusal once in its timeline, however often it is signaled', async () => {
    const id = await place('stall:500');
    await becomes(id, { status: 'In progress', delivered: 500 });
    for (let times = 0; times < 20; times += 1)
      await handle(id).signal(resolveSignal, { by: 'ann', action: 'complete' });
    for (let times = 0; times < 20; times += 1) await handle(id).signal('nothing like this', { by: 'ann' });
    await expect.poll(() => timeline(id)).toContain('signal.ignored by staff (Temporal UI)');
    expect((await timeline(id)).filter((line) => /refused|ignored/.test(line))).toEqual([
      'resolve.refused by staff (Temporal UI): ann',
      'signal.ignored by staff (Temporal UI)',
    ]);
  });
});

it('a decision of a person does not wait for a provider that cannot be asked to stop', async () => {
  const provider = await startProvider({ key: 'upstream-key' });
  const alone = await world.shop({
    providers: [provider.apiUrl],
    service: { review_after_seconds: 2 },
  });
  const id = await place('stall:0', { service: alone.service });
  await becomes(id, { attention: 'review' });
  await provider.stop();
  await handle(id).signal(resolveSignal, { by: 'ann', action: 'partial', delivered: 400 });
  await becomes(id, { status: 'Partial', delivered: 400 });
  expect(await timeline(id)).not.toContain('stop.asked by provider');
  await expect.poll(async () => (await handle(id).describe()).status.name, { timeout: 50_000 }).toBe('COMPLETED');
  const [batch] =
    await world.sql`select stop_answer as answer, stop_wanted_at is not null as wanted from batches where order_id = ${id}`;
  expect(batch).toEqual({ answer: 'unclear', wanted: true });
  expect((await timeline(id)).slice(-2)).toEqual([
    'order.partial by staff (Temporal UI): ann',
    'stop.asked by provider',
  ]);
});

it('a stop that no workflow is left to ask is asked by the watch', async () => {
  const id = await place('stall:300');
  await becomes(id, { status: 'In progress', delivered: 300 });
  await handle(id).terminate('as an operator does');
  const owed = { stop_wanted_at: new Date(Date.now() - 240_000), state: 'done' };
  await world.sql`update batches set ${world.sql(owed)} where order_id = ${id}`;
  await expect.poll(() => timeline(id), { timeout: 40_000 }).toContain('stop.asked by provider');
  const [batch] = await world.sql`select stop_answer as answer from batches where order_id = ${id}`;
  expect(batch).toEqual({ answer: 'accepted' });
});

describe('an order that its customer pauses and resumes again and again', () => {
  const post = (id: number, action: string) => api.v1(`/v1/orders/${id}/${action}`, { key, method: 'POST' });
  const permission = async (id: number) => ((await read(id)) as { can: Record<string, object> }).can.pause;

  /** An order that its customer has paused and resumed, as PostgreSQL knows. */
  async function resumed(): Promise<number> {
    const id = await place('stall:500');
    await becomes(id, { status: 'In progress' });
    for (const action of ['pause', 'resume']) expect((await post(id, action)).status).toBe(202);
    await expect.poll(() => permission(id)).toMatchObject({ allowed: false, code: 'paused_lately' });
    return id;
  }

  it('is paused once in ten minutes, says from when it can be again, and a refusal costs no event', async () => {
    const id = await resumed();
    const [paused] = await world.sql`select at from events where order_id = ${id} and type = 'order.paused'`;
    const from = new Date(paused?.at.getTime() + 600_000).toISOString();
    expect(await permission(id)).toMatchObject({ from });
    const length = await events(id);
    for (let times = 0; times < 10; times += 1) {
      const { status, body } = await post(id, 'pause');
      expect([status, body.code]).toEqual([409, 'not_possible']);
      expect(await permission(id)).toMatchObject({ reason: body.detail });
    }
    expect(await events(id)).toBe(length);
    expect((await timeline(id)).filter((line) => /paused|refused/.test(line))).toEqual([
      `order.paused by account ${shop.account}`,
    ]);
  });

  /** Lets another workflow take the order up. With its first task it gets a customer's pause, before it has read the order. */
  async function pausedEarly(id: number): Promise<unknown> {
    await handle(id).terminate('as an operator does');
    const start = new WithStartWorkflowOperation(ORDER_WORKFLOW, {
      workflowId: orderWorkflowId(id),
      taskQueue: TASK_QUEUE,
      workflowIdConflictPolicy: 'FAIL',
      args: [{ orderId: id }],
    });
    const message = { by: `account ${shop.account}` };
    const proof = proofOf(world.masterKey, { orderId: id, update: pauseUpdate.name, message }, Date.now() + 600_000);
    return world.temporal.workflow.executeUpdateWithStart(pauseUpdate, {
      startWorkflowOperation: start,
      args: [{ ...message, proof }],
    });
  }

  it('is not paused by another workflow either, however early it is asked, and by staff as often as they like', async () => {
    const id = await resumed();
    const message = expect.stringMatching(/^the order was paused at .*; it can be paused again from /);
    expect(await pausedEarly(id)).toEqual({ ok: false, message });
    expect((await post(id, 'pause')).body.code).toBe('not_possible');
    expect(await read(id)).toMatchObject({ attention: 'none' });
    for (const action of ['pause', 'resume', 'pause']) {
      const path = `/v1/admin/orders/${id}/${action}`;
      const said = await api.v1(path, { key: staff, body: { reason: 'asked to' }, idempotencyKey: randomUUID() });
      expect(said.status).toBe(202);
    }
    await becomes(id, { attention: 'paused' });
  });

  it('that was not paused lately is paused by a request that comes as early', async () => {
    const id = await place('stall:500');
    await becomes(id, { status: 'In progress' });
    expect(await pausedEarly(id)).toMatchObject({ ok: true });
    await becomes(id, { attention: 'paused' });
  });
});

describe('who acts on an order', () => {
  it('through the Temporal UI is staff with the name that was typed, in the timeline and in the audit log', async () => {
    const id = await place('stall:500');
    await becomes(id, { status: 'In progress' });
    await handle(id).signal(pauseSignal, { by: 'ann', reason: 'private' });
    await becomes(id, { attention: 'paused' });
    await handle(id).executeUpdate(cancelUpdate, { args: [{ by: 'bob' }] });
    await becomes(id, { status: 'Partial' });
    expect(await timeline(id)).toEqual(
      expect.arrayContaining([
        'order.paused by staff (Temporal UI): ann',
        'cancel.requested by staff (Temporal UI): bob',
        'order.partial by staff (Temporal UI): bob',
      ]),
    );
    expect(await audited(id)).toEqual([
      expect.objectContaining({
        actor: 'staff (Temporal UI): ann',
        action: 'Temporal UI: order.paused',
        account: null,
      }),
      expect.objectContaining({
        actor: 'staff (Temporal UI): bob',
        action: 'Temporal UI: cancel.requested',
        key: null,
      }),
    ]);
    const shown = await api.v1(`/v1/admin/audit?subject=orders/${id}`, { key: staff });
    expect(shown.body.data).toMatchObject([
      { key: null, subject: `orders/${id}` },
      { actor: 'staff (Temporal UI): ann' },
    ]);
    const seen = await api.v1(`/v1/orders/${id}/timeline?limit=100`, { key });
    expect(seen.body.data).toContainEqual(expect.objectContaining({ type: 'cancel.requested', by: 'staff' }));
  });

  it.each(['account 1003', 'ACCOUNT 1003', 'аccount 1003', 'system', 'provider', 'staff: Jane', 'api'])(
    'is not %j because somebody types that',
    async (by) => {
      const id = await place('stall:500');
      await becomes(id, { status: 'In progress', delivered: 500 });
      await handle(id).signal(pauseSignal, { by });
      const said = await answered(handle(id).executeUpdate(pauseUpdate, { args: [{ by }] }));
      expect(said).toEqual({ ok: false, message: 'by is a reserved name: say your own name' });
      expect(await read(id)).toMatchObject({ attention: 'none' });
      await expect
        .poll(async () => (await timeline(id)).filter((line) => /paused|refused/.test(line)))
        .toEqual(['message.refused by staff (Temporal UI)']);
    },
  );

  it('is not the customer because of a proof that somebody makes up, or copies out of the history', async () => {
    const id = await place('stall:500');
    await becomes(id, { status: 'In progress' });
    const by = `account ${shop.account}`;
    const madeUp = `${Date.now() + 60_000}.${'n'.repeat(16)}.${'m'.repeat(43)}`;
    await handle(id).executeUpdate(pauseUpdate, { args: [{ by, proof: madeUp }] });
    await expect.poll(() => timeline(id)).toContain(`order.paused by staff (Temporal UI): ${by}`);
    await api.v1(`/v1/orders/${id}/resume`, { key, method: 'POST' });
    await api.v1(`/v1/orders/${id}/pause`, { key, method: 'POST' });
    await expect.poll(() => timeline(id)).toContain(`order.paused by ${by}`);
    await api.v1(`/v1/orders/${id}/resume`, { key, method: 'POST' });
    const { events: history } = await handle(id).fetchHistory();
    const inputs = (history ?? []).flatMap(
      (event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input ?? [],
    );
    const pauses = inputs.filter(({ name }) => name === 'pause');
    const copied = JSON.parse(Buffer.from(pauses.at(-1)?.args?.payloads?.[0]?.data ?? []).toString());
    expect(copied).toMatchObject({ by, proof: expect.any(String) });
    const said = await answered(handle(id).executeUpdate(pauseUpdate, { args: [copied] }));
    expect(said.ok).toBe(false);
    await handle(id).signal(pauseSignal, copied);
    expect((await timeline(id)).filter((line) => line === `order.paused by ${by}`)).toHaveLength(1);
  });

  it('through the API is who holds the key, and staff are shown by its name', async () => {
    const id = await place('stall:500');
    await becomes(id, { status: 'In progress' });
    await api.v1(`/v1/orders/${id}/pause`, { key, method: 'POST', body: { reason: 'private' } });
    await becomes(id, { attention: 'paused' });
    const decided = await api.v1(`/v1/admin/orders/${id}/resolve`, {
      key: staff,
      body: { action: 'partial', delivered: 10 },
    });
    expect(decided.status).toBe(202);
    await becomes(id, { status: 'Partial', delivered: 10 });
    expect(await timeline(id)).toEqual(
      expect.arrayContaining([
        `order.paused by account ${shop.account}`,
        'resolved.partial by staff: Jane',
        'order.partial by staff: Jane',
      ]),
    );
    expect((await audited(id)).filter(({ actor }) => actor.includes('Temporal'))).toEqual([]);
  });
});
