import { afterAll, expect, test } from 'vitest';
import { balanceOf, booksOf } from '../support/reads/books.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { mustPlace } from '../support/worlds/placing.ts';
import { alertAbout } from '../support/worlds/reconciling.ts';
import { openShop } from '../support/worlds/shop.ts';

const { world, api, shop, key, staff, close } = await apiWorld({ staffName: 'Jane of support' });
afterAll(close);

let links = 0;
const newLink = (script: string): string => `https://example.com/mistake/${++links}?sim=${script}`;
const place = (link: string, service = shop.service): Promise<number> => {
  const body = { service, link, quantity: 1000 };
  return mustPlace(api, { key, body, idempotencyKey: `mistake-${links}` });
};
const soon = { timeout: 60_000 };
const becomes = (id: number, expected: object): Promise<void> =>
  expect.poll(async () => (await api.v1(`/v1/orders/${id}`, { key })).body, soon).toMatchObject(expected);
const upstream = (link: string): number => world.provider.orders(link)[0]?.order ?? 0;
/** Makes these settled orders due for a check now. */
const lookAgain = (ids: readonly number[]) =>
  world.sql`update batches set next_look_at = clock_timestamp() where order_id = any(${ids.map(String)}::bigint[])`;
/** When the first of these orders is due for a check. */
const nextLook = async (ids: readonly number[]): Promise<number> => {
  const [row] = await world.sql<{ at: Date | null }[]>`
    select min(next_look_at) as at from batches where order_id = any(${ids.map(String)}::bigint[])`;
  return row?.at?.getTime() ?? 0;
};
/** Adds the simulated provider again, so that reports about its orders are counted apart from the shop's. */
const another = async () => {
  const { service, providers } = await openShop(world.sql, {
    providers: [world.provider.apiUrl],
    masterKey: world.masterKey,
  });
  return { service, provider: providers[0] ?? 0 };
};

test('a provider that takes everything back is believed for 20 orders, and staff give back the rest with one call', async () => {
  const [provider = 0] = shop.providers;
  const path = `/v1/admin/providers/${provider}/held-corrections`;
  const linksOf = Array.from({ length: 25 }, () => newLink('seconds:1'));
  const ids: number[] = [];
  for (const [at, link] of linksOf.entries()) {
    links = at + 1;
    ids.push(await place(link));
  }
  for (const id of ids) await becomes(id, { status: 'Completed' });
  const before = await balanceOf(world.sql, shop.account);
  for (const link of linksOf)
    await world.provider.force(upstream(link), { status: 'Canceled', remains: 1000, charge: 0 });
  await lookAgain(ids);
  const statuses = async () => {
    const rows = await world.sql`select status from orders where id = any(${ids.map(String)}::bigint[])`;
    return rows.filter(({ status }) => status === 'Canceled').length;
  };
  await expect.poll(statuses, soon).toBe(20);
  const held = async (state = 'held') =>
    (await api.v1(`${path}?state=${state}&limit=100`, { key: staff })).body.data as Record<string, unknown>[];
  await expect.poll(async () => (await held()).length, soon).toBe(5);
  expect((await held())[0]).toMatchObject({ status: 'Canceled', delivered: 0, amount: '0.9', decidedAt: null });
  const alert = () => alertAbout(world, 'provider_takes_back', `provider:${provider}`);
  await expect.poll(alert, soon).toMatchObject({
    state: 'open',
    detail: expect.stringContaining('5 corrections that give back 4.5 are held'),
  });
  // Further checks refund nothing more.
  for (let time = 0; time < 2; time += 1) {
    const [asked] = await world.sql<{ at: Date }[]>`select clock_timestamp() as at`;
    await lookAgain(ids);
    await expect.poll(() => nextLook(ids), soon).toBeGreaterThan((asked?.at.getTime() ?? 0) + 900);
  }
  expect(await statuses()).toBe(20);
  expect(await balanceOf(world.sql, shop.account)).toBe(before + 20n * 90_000_000n);

  const ask = { key: staff, body: { reason: 'the provider means it' }, idempotencyKey: 'release-all' };
  expect((await api.v1(`${path}/release`, { ...ask, body: {} })).status).toBe(422);
  expect((await api.v1(`${path}/release`, { ...ask, key })).status).toBe(403);
  const dry = { ...ask, body: { reason: '', dryRun: true } };
  const effect = { dryRun: true, provider, corrections: 5, amount: '4.5', digest: expect.any(String) };
  for (const way of ['release', 'drop']) {
    const { status: code, body } = await api.v1(`${path}/${way}`, dry);
    expect([way, code, body]).toEqual([way, 200, effect]);
  }
  const some = { ...dry, body: { ...dry.body, orders: [(await held())[0]?.order, 1] } };
  expect((await api.v1(`${path}/release`, some)).body).toEqual({ ...effect, corrections: 1, amount: '0.9' });
  const [first, repeat] = [await api.v1(`${path}/release`, ask), await api.v1(`${path}/release`, ask)];
  expect([first.status, first.body]).toEqual([202, { provider, corrections: 5, amount: '4.5' }]);
  expect([repeat.status, repeat.body]).toEqual([202, first.body]);
  await expect.poll(statuses, soon).toBe(25);
  expect(await balanceOf(world.sql, shop.account)).toBe(before + 25n * 90_000_000n);
  expect(await held('applied')).toHaveLength(5);
  await expect.poll(alert, soon).toMatchObject({ state: 'resolved' });
  const { data } = (await api.v1('/v1/admin/audit?limit=1', { key: staff })).body as { data: object[] };
  expect(data).toMatchObject([
    {
      action: 'POST /v1/admin/providers/:id/held-corrections/release',
      actor: 'staff: Jane of support',
      detail: { body: { reason: 'the provider means it' } },
    },
  ]);
  const drop = { key: staff, body: { reason: 'x' }, idempotencyKey: 'drop-none' };
  expect((await api.v1('/v1/admin/providers/999999/held-corrections/drop', drop)).status).toBe(404);
  expect((await api.v1('/v1/admin/providers/999999/held-corrections/drop', dry)).status).toBe(404);
}, 180_000);

test('an order that is delivered after its refund stays refunded, and its cost is a loss until it is taken back', async () => {
  const { service, provider } = await another();
  const link = newLink('cancel:0,seconds:1');
  const id = await place(link, service);
  await becomes(id, { status: 'Canceled', refunded: '0.9' });
  const before = [await balanceOf(world.sql, shop.account), await booksOf(world.sql, id)];
  const lost = async () => {
    await lookAgain([id]);
    return (await world.sql`select lost::integer as lost from batches where order_id = ${id}`)[0]?.lost;
  };
  const alert = () => alertAbout(world, 'delivered_after_refund', `provider:${provider}`);
  await world.provider.force(upstream(link), { status: 'Completed', remains: 0, charge: '0.5' });
  await expect.poll(lost, soon).toBe(50_000_000);
  await expect.poll(alert, soon).toMatchObject({ state: 'open', detail: expect.stringContaining(`order ${id}`) });
  await world.provider.force(upstream(link), { status: 'Refunded', remains: 1000, charge: '0' });
  await expect.poll(lost, soon).toBe(0);
  await expect.poll(alert, soon).toMatchObject({ state: 'resolved' });
  expect([await balanceOf(world.sql, shop.account), await booksOf(world.sql, id)]).toEqual(before);
});

test.each([
  ['Canceled', 0, '0.5', { status: 'Completed', charge: '0.9' }],
  ['Refunded', 0, '0.3', { status: 'Partial', charge: '0.54', delivered: 600 }],
  ['Refunded', 0, '0', { status: 'Canceled', charge: '0' }],
  ['Refunded', 1000, '0.5', { status: 'Canceled', charge: '0' }],
  ['Canceled', 0, '0.33333', { status: 'In progress', attention: 'conflict' }],
  ['Refunded', 'Unknown', '0.5', { status: 'In progress', attention: 'conflict' }],
] as const)(
  'an order that is %s with %s remaining and a charge of %s ends by what these say together',
  async (status, remains, charge, expected) => {
    const { service } = await another();
    const link = newLink('stall:0');
    const id = await place(link, service);
    await becomes(id, { status: 'In progress' });
    await world.provider.force(upstream(link), { status, remains, charge });
    await becomes(id, expected);
  },
);
