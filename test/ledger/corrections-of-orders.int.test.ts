import { afterAll, expect, test } from 'vitest';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { balanceOf, booksOf, end } from '../support/reads/books.ts';
import { placeClaim } from '../support/reads/place.ts';
import { signalsOf } from '../support/reads/signals.ts';
import type { Answer } from '../support/worlds/api.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { mustPlace } from '../support/worlds/placing.ts';

const { world, api, shop, key, staff, close } = await apiWorld({
  service: { refill_days: 30 },
  staffName: 'Jane of support',
});
afterAll(close);

let links = 0;
const newLink = (script: string): string => `https://example.com/back/${++links}?sim=${script}`;
const place = (link: string): Promise<number> => {
  const body = { service: shop.service, link, quantity: 1000 };
  return mustPlace(api, { key, body, idempotencyKey: `back-${links}` });
};
const read = async (id: number): Promise<Answer['body']> => (await api.v1(`/v1/orders/${id}`, { key })).body;
const becomes = (id: number, expected: object): Promise<void> =>
  expect.poll(() => read(id), { timeout: 30_000 }).toMatchObject(expected);
const timeline = async (id: number) =>
  (await api.v1(`/v1/orders/${id}/timeline?limit=100`, { key })).body.data as { type: string }[];
const upstream = (link: string): number => world.provider.orders(link)[0]?.order ?? 0;
/** Waits for `times` further checks of a settled order. */
const looks = async (id: number, times: number): Promise<void> => {
  const due = () => world.sql`
    select from batches join orders on id = order_id where order_id = ${id} and next_look_at = settled_at`;
  for (let look = 0; look < times; look += 1) {
    await world.sql`update batches set next_look_at = settled_at from orders where id = order_id and order_id = ${id}`;
    await expect.poll(async () => (await due()).length).toBe(0);
  }
};

test('an order that was Completed and is made Partial gives back exactly what is missing', async () => {
  const before = await balanceOf(world.sql, shop.account);
  const link = newLink('seconds:1');
  const id = await place(link);
  await becomes(id, { status: 'Completed', charge: '0.9', refunded: '0', reason: null });
  const { completedAt, refillUntil, settledAt } = await read(id);
  expect(completedAt).toBe(settledAt);
  await world.provider.force(upstream(link), { status: 'Partial', remains: 400 });
  await becomes(id, { status: 'Partial' });
  expect(await read(id)).toMatchObject({
    charge: '0.54',
    refunded: '0.36',
    price: '0.9',
    delivered: 600,
    remains: 400,
    percent: 60,
    reason: 'unknown',
    completedAt,
    refillUntil,
    settledAt,
    batches: [{ batch: 1, status: 'Partial', delivered: 600 }],
  });
  expect(await api.v2({ key, action: 'status', order: String(id) })).toMatchObject({
    status: 'Partial',
    charge: '0.54',
    remains: '400',
  });
  expect(await balanceOf(world.sql, shop.account)).toBe(before - 54_000_000n);
  expect((await timeline(id)).at(-1)).toMatchObject({
    type: 'order.corrected',
    by: 'provider',
    data: { from: 'Completed', to: 'Partial', delivered: 600, amount: '0.36' },
  });
  const { data } = (await api.v1('/v1/statement?limit=1', { key })).body as { data: object[] };
  expect(data).toMatchObject([{ kind: 'correction', amount: '0.36', order: id }]);
  const money = (await api.v1(`/v1/orders/${id}/money`, { key })).body;
  expect(money).toMatchObject({ order: id, sum: { wallet: '-0.54', escrow: '0' } });
  expect(money.data).toMatchObject([
    { kind: 'hold', amount: '0.9', wallet: '-0.9', escrow: '0.9', reference: `order:${id}:hold` },
    { kind: 'charge', wallet: '0', escrow: '-0.9', line: null, reference: `order:${id}:settle` },
    { kind: 'correction', wallet: '0.36', escrow: '0', reference: `order:${id}:correct:1` },
  ]);
  const { spent, charged, refunded } = (await api.v1('/v1/statement/totals', { key })).body;
  expect({ spent, charged, refunded }).toEqual({ spent: '0.54', charged: '0.9', refunded: '0.36' });
});

test('an order that is taken back step by step is given back in full at last, and costs nothing any more', async () => {
  const link = newLink('seconds:1');
  const id = await place(link);
  await becomes(id, { status: 'Completed' });
  await world.provider.force(upstream(link), { status: 'Partial', remains: 400, charge: '0.54' });
  await becomes(id, { status: 'Partial', refunded: '0.36' });
  await world.provider.force(upstream(link), { status: 'Canceled', remains: 1000, charge: '0' });
  await becomes(id, { status: 'Canceled', charge: '0', refunded: '0.9', delivered: 0 });
  await world.provider.force(upstream(link), { status: 'Completed', remains: 0, charge: '0.9' });
  await looks(id, 2);
  expect(await booksOf(world.sql, id)).toMatchObject({ status: 'Canceled', refunded: 90_000_000n });
  const [owed] = await world.sql`
    select sum(case kind when 'cost' then amount else -amount end)::integer as owed, count(*)::integer as moves
      from transfers where order_id = ${id} and kind in ('cost', 'rebate')`;
  expect(owed).toEqual({ owed: 0, moves: 3 });
  expect((await timeline(id)).filter(({ type }) => type === 'order.corrected')).toHaveLength(2);
});

test('a contradiction after the end changes nothing, however often it is said', async () => {
  const link = newLink('seconds:1');
  const id = await place(link);
  await becomes(id, { status: 'Completed' });
  const settled = await read(id);
  await world.provider.force(upstream(link), { status: 'Completed', remains: 100 });
  await looks(id, 3);
  expect(await read(id)).toEqual(settled);
  await world.provider.force(upstream(link), { status: 'Partial', remains: 100 });
  await becomes(id, { status: 'Partial', delivered: 900 });
});

test('words that do not end anything, and a provider that has forgotten the order, change nothing', async () => {
  const link = newLink('seconds:1');
  const id = await place(link);
  await becomes(id, { status: 'Completed' });
  const settled = await read(id);
  for (const status of ['In progress', 'Pending', 'Reticulating splines']) {
    await world.provider.force(upstream(link), { status, remains: 1000 });
    await looks(id, 1);
  }
  world.provider.arm({ fault: 'badrow', action: 'status', link, times: 2 });
  await looks(id, 2);
  world.provider.disarm();
  expect(await read(id)).toEqual(settled);
});

test('what a person settled while it ran is corrected by the last word when that is less', async () => {
  const link = newLink('stall:300,oncancel:1500');
  const id = await place(link);
  await becomes(id, { status: 'In progress', delivered: 300 });
  await api.v1(`/v1/orders/${id}/pause`, { key, body: {}, idempotencyKey: `pause-${id}` });
  await becomes(id, { attention: 'paused' });
  const body = { action: 'partial', delivered: 700, reason: 'counted' };
  expect((await api.v1(`/v1/admin/orders/${id}/resolve`, { key: staff, body })).status).toBe(202);
  await becomes(id, { status: 'Partial', delivered: 300, charge: '0.27', refunded: '0.63' });
  const ends = (await timeline(id)).filter(({ type }) => ['order.partial', 'order.corrected'].includes(type));
  expect(ends).toMatchObject([
    { type: 'order.partial', data: { delivered: 700 } },
    { type: 'order.corrected', data: { delivered: 300, amount: '0.36' } },
  ]);
});

test('a workflow that is still open hears of it', async () => {
  const { claim } = shop;
  const link = newLink('stall:500');
  const id = await claim({ link });
  await placeClaim(world.sql, world.temporal, id);
  await becomes(id, { status: 'In progress' });
  // Settle it without its workflow, which stays open.
  await end(world.sql, id, 1000, { ends: [{ batch: 1, delivered: 1000 }] });
  await world.provider.force(upstream(link), { status: 'Partial', remains: 1 });
  await becomes(id, { status: 'Partial', delivered: 999 });
  const handle = world.temporal.workflow.getHandle(orderWorkflowId(id));
  await expect.poll(() => signalsOf(handle)).toEqual(['corrected']);
  await handle.terminate('the test is over');
});
