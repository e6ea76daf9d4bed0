import { afterAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { ORDER_WORKFLOW, orderWorkflowId, TASK_QUEUE } from '../../workflows/contract.ts';
import { apiWorld } from '../support/worlds/api-world.ts';

const { world, api, shop, key, close } = await apiWorld({ service: { refill_days: 30, refill_cooldown_seconds: 0 } });
afterAll(close);

interface Row {
  readonly order: number | string;
  readonly status: string;
  readonly message?: string | null;
  readonly refill?: Readonly<Record<string, unknown>> | null;
  readonly error: { readonly code: string } | null;
}

const post = (path: string, body: unknown, idempotencyKey?: string) => api.v1(path, { key, body, idempotencyKey });
const rowsOf = ({ body }: { body: Readonly<Record<string, unknown>> }) => body.data as readonly Row[];
const inShort = ({ order, status, error }: Row) => [order, status, error?.code ?? null];
const read = async (id: number) => (await api.v1(`/v1/orders/${id}`, { key })).body;

let links = 0;
async function place(more: object = {}): Promise<number> {
  links += 1;
  const link = `https://example.com/many/${links}?sim=seconds:1,onrefill:0`;
  const placed = await post('/v1/orders', { service: shop.service, link, quantity: 1000, ...more }, link);
  expect(placed.status).toBe(201);
  return placed.body.id as number;
}
const later = () => place({ scheduledAt: new Date(Date.now() + 3_600_000).toISOString() });
const completed = async () => {
  const id = await place();
  await expect.poll(async () => (await read(id)).status, { timeout: 30_000 }).toBe('Completed');
  return id;
};

/** An order of another account. */
async function foreign(): Promise<number> {
  const other = await world.shop();
  return other.order({ scheduledAt: Date.now() + 3_600_000 });
}

test('many orders are canceled in one request, each with its own answer, and a bad id stops no other', async () => {
  const [first, second, done, others] = [await later(), await later(), await completed(), await foreign()];
  const body = { orders: [String(second), 'abc', others, done, first, second, 0], reason: 'changed my mind' };
  const answer = await post('/v1/orders/cancel', body, 'cancel many');
  expect([answer.status, rowsOf(answer).map(inShort)]).toEqual([
    200,
    [
      [second, 'accepted', null],
      ['abc', 'refused', 'order_not_found'],
      [others, 'refused', 'order_not_found'],
      [done, 'refused', 'order_ended'],
      [first, 'accepted', null],
      [second, 'accepted', null],
      [0, 'refused', 'order_not_found'],
    ],
  ]);
  expect(rowsOf(answer)[0]?.message).toEqual(expect.stringMatching(/\w/));
  for (const id of [first, second]) {
    await expect.poll(async () => read(id)).toMatchObject({ status: 'Canceled', charge: '0', refunded: '0.9' });
  }

  const again = await post('/v1/orders/cancel', body, 'cancel many');
  expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([answer.body, 'true']);
  const other = await post('/v1/orders/cancel', { orders: [first] }, 'cancel many');
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

test('a repeat asks the orders again that gave no answer, and no others', async () => {
  const [open, lost] = [await later(), await shop.order({ scheduledAt: Date.now() + 3_600_000 })];
  const cancel = async () => rowsOf(await post('/v1/orders/cancel', { orders: [open, lost] }, 'with a lost one'));
  const before = await cancel();
  expect(before.map(inShort)).toEqual([
    [open, 'accepted', null],
    [lost, 'unknown', 'unavailable'],
  ]);
  const start = { taskQueue: TASK_QUEUE, workflowId: orderWorkflowId(lost), args: [{ orderId: lost }] };
  await world.temporal.workflow.start(ORDER_WORKFLOW, start);
  const after = await cancel();
  expect(after).toEqual([before[0], { ...before[1], status: 'accepted', message: expect.any(String), error: null }]);
  await expect.poll(async () => (await read(lost)).status).toBe('Canceled');
});

test('refills of many orders are asked for in one request, and each refusal says why', async () => {
  const [one, other, running, others] = [await completed(), await completed(), await later(), await foreign()];
  const body = { orders: [one, running, others, other] };
  const answer = await post('/v1/orders/refills', body, 'refill many');
  expect([answer.status, rowsOf(answer).map(inShort)]).toEqual([
    200,
    [
      [one, 'accepted', null],
      [running, 'refused', 'refill_unavailable'],
      [others, 'refused', 'order_not_found'],
      [other, 'accepted', null],
    ],
  ]);
  expect(rowsOf(answer).map(({ refill }) => refill?.order ?? null)).toEqual([one, null, null, other]);

  const again = await post('/v1/orders/refills', body, 'refill many');
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(rowsOf(again).map(({ refill }) => refill?.id ?? null)).toEqual(
    rowsOf(answer).map(({ refill }) => refill?.id ?? null),
  );
  const listed = await api.v1(`/v1/orders/${one}/refills`, { key });
  expect((listed.body.data as { id: number }[]).map(({ id }) => id)).toEqual([rowsOf(answer)[0]?.refill?.id]);
});

test('a request for many orders needs a key, from 1 to 100 ids, and the right to write', async () => {
  const { key: reader } = await createKey(world.sql, { accountId: shop.account, name: 'r', scopes: ['orders:read'] });
  for (const path of ['/v1/orders/cancel', '/v1/orders/refills']) {
    const codes = async (...asked: Parameters<typeof post>) => {
      const { status, body } = await post(...asked);
      return [status, body.code];
    };
    expect(await codes(path, { orders: [1] })).toEqual([400, 'idempotency_key_missing']);
    expect(await codes(path, { orders: [] }, 'none')).toEqual([422, 'invalid_request']);
    expect(await codes(path, { orders: Array(101).fill(1) }, 'too many')).toEqual([422, 'invalid_request']);
    expect(await codes(path, { orders: [1.5] }, 'half')).toEqual([422, 'invalid_request']);
    const asRead = await api.v1(path, { key });
    expect([asRead.status, asRead.headers.get('allow')]).toEqual([405, 'POST']);
    const read = await api.v1(path, { key: reader, body: { orders: [1] }, idempotencyKey: 'reader' });
    expect([read.status, read.body.code]).toEqual([403, 'forbidden']);
  }
});
