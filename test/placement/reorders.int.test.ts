import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { refreshStats } from '../../db/catalogue/service-stats.ts';
import { parseRate } from '../../domain/ledger/money.ts';
import { end } from '../support/reads/books.ts';
import type { Answer } from '../support/worlds/api.ts';
import { apiWorld } from '../support/worlds/api-world.ts';

const category = 'Followers that stay';
const { world, api, shop, key, close } = await apiWorld({ service: { category } });
afterAll(close);

const offer = async (columns: Record<string, string | number | boolean>) =>
  (await world.shop({ service: { category, ...columns } })).service;
const rate = (text: string) => parseRate(text) as bigint as never;
let [dear, cheap] = [0, 0];

beforeAll(async () => {
  const other = await world.shop({ service: { category, name: 'Dear', rate: rate('2') } });
  dear = other.service;
  // Its figures are those of two orders: a Partial one, and one that was Completed as soon as it was placed.
  await end(world.sql, await other.order(), 400);
  const completed = await other.order();
  await end(world.sql, completed, 1000);
  await world.sql`update orders set settled_at = created_at where id = ${completed}`;
  await refreshStats(world.sql, dear);
  cheap = await offer({ name: 'Cheap', rate: rate('1.5') });
  await offer({ name: 'For more', min: 500 });
  await offer({ name: 'Gone', active: false });
  await offer({ name: 'Elsewhere', category: 'Likes' });
  await offer({ name: 'Comments', type: 'Custom Comments' });
});

const post = (path: string, body: object, idempotencyKey: string) => api.v1(path, { key, body, idempotencyKey });
const reorder = (id: number, body: object, idempotencyKey: string) =>
  post(`/v1/orders/${id}/reorder`, body, idempotencyKey);
const candidates = (id: number, by = key) => api.v1(`/v1/orders/${id}/reorder`, { key: by });
const inShort = ({ status, body }: Answer) => [status, body.code, body.detail];

let links = 0;
/** An order that ended with this much delivered. */
async function ended(delivered: number, more: object = {}): Promise<number> {
  links += 1;
  const id = await shop.order({ link: `https://example.com/rest/${links}?sim=seconds:1`, ...more });
  await end(world.sql, id, delivered);
  return id;
}

test('the rest of a Partial order is delivered by another service, and both orders are paid for what they got', async () => {
  const link = 'https://example.com/partial?sim=seconds:1,partial:600';
  const { body: first } = await post('/v1/orders', { service: shop.service, link, quantity: 1000 }, 'partial');
  const read = async (id: unknown) => (await api.v1(`/v1/orders/${id}`, { key })).body;
  const becomes = (id: unknown, expected: object) =>
    expect.poll(() => read(id), { timeout: 30_000 }).toMatchObject(expected);
  await becomes(first.id, { status: 'Partial' });
  const { remains } = await read(first.id);

  const listed = await candidates(first.id as number);
  expect([listed.status, listed.body]).toEqual([
    200,
    {
      order: first.id,
      quantity: remains,
      currency: 'USD',
      data: [
        { service: cheap, name: 'Cheap', rate: '1.5', price: '0.6', averageSeconds: null, partialShare: null },
        { service: dear, name: 'Dear', rate: '2', price: '0.8', averageSeconds: 0, partialShare: 0.5 },
      ],
    },
  ]);

  const again = await reorder(first.id as number, { reference: 'the rest' }, 'the rest');
  expect([again.status, again.body]).toMatchObject([
    201,
    { service: cheap, link, quantity: remains, price: '0.6', reference: 'the rest', reorderOf: first.id },
  ]);
  expect(again.headers.get('location')).toBe(`/v1/orders/${again.body.id}`);
  const repeated = await reorder(first.id as number, { reference: 'the rest' }, 'the rest');
  expect([repeated.body, repeated.headers.get('idempotent-replayed')]).toEqual([again.body, 'true']);
  for (const refused of [
    await reorder(first.id as number, { service: dear }, 'twice'),
    await candidates(first.id as number),
  ]) {
    const detail = `order ${again.body.id} orders the rest of this order`;
    expect(inShort(refused)).toEqual([409, 'already_reordered', detail]);
  }
  const can = { reorder: { allowed: false, code: 'already_reordered' } };
  expect(await read(first.id)).toMatchObject({ can });
  // The script of the link delivers 600, and the rest is less.
  await becomes(again.body.id, { status: 'Completed', charge: '0.6', reorderOf: first.id });
});

test('the rest of a list of comments is priced by its lines, on the services that take so many', async () => {
  const comments = { category: 'Comments that stay', type: 'Custom Comments', min: 1, max: 100 };
  const first = await world.shop({ service: comments });
  const another = await world.shop({ service: { ...comments, rate: rate('2') } });
  await world.shop({ service: { ...comments, max: 2 } });
  const { key: theirs } = await createKey(world.sql, { accountId: first.account, name: 'comments' });
  const id = await first.order({ quantity: undefined, fields: { comments: 'one\ntwo\nthree\nfour' } });
  await end(world.sql, id, 1);
  const { body } = await candidates(id, theirs);
  expect(body).toMatchObject({ quantity: 3, data: [{ service: another.service, price: '0.006' }] });
});

test('of two reorders at once one is an order, and the other names it', async () => {
  const id = await ended(0);
  const answers = await Promise.all(['a', 'b', 'c'].map((name) => reorder(id, { service: dear }, `at once ${name}`)));
  const [made] = answers.filter(({ status }) => status === 201);
  const refused = answers.filter((answer) => answer !== made);
  expect(made?.body).toMatchObject({ service: dear, quantity: 1000, reorderOf: id });
  expect(refused.map(inShort)).toEqual(
    Array(2).fill([409, 'already_reordered', `order ${made?.body.id} orders the rest of this order`]),
  );
  const [held] = await world.sql`select count(*)::integer as orders from orders where reorder_of = ${id}`;
  expect(held).toEqual({ orders: 1 });
});

test('the new service has the last word: its limits, its fields and the price that the caller accepts', async () => {
  const id = await ended(950);
  const refusal = async (body: object) => inShort(await reorder(id, body, JSON.stringify(body))).slice(0, 2);
  expect(await refusal({ service: await offer({ min: 100 }) })).toEqual([422, 'quantity_below_min']);
  expect(await refusal({ service: await offer({ max: 40 }) })).toEqual([422, 'quantity_above_max']);
  expect(await refusal({ service: await offer({ step: 20 }) })).toEqual([422, 'quantity_not_multiple']);
  expect(await refusal({ service: await offer({ type: 'Custom Comments' }) })).toEqual([422, 'invalid_comments']);
  expect(await refusal({ service: 2_000_000 })).toEqual([422, 'unknown_service']);
  expect(await refusal({ service: dear, maxCharge: '0.09' })).toEqual([422, 'charge_above_max']);
  expect(await refusal({ service: dear, quantity: 10 })).toEqual([422, 'invalid_request']);
  const taken = await reorder(id, { service: dear, maxCharge: '0.1' }, 'exactly');
  expect([taken.status, taken.body.price]).toEqual([201, '0.1']);
});

test('an order that is not over, or delivered everything, or is not yours, has no rest', async () => {
  const [open, done] = [await shop.order(), await ended(1000)];
  for (const ask of [candidates, (id: number) => reorder(id, {}, `no rest ${id}`)]) {
    expect(inShort(await ask(open)).slice(0, 2)).toEqual([409, 'reorder_unavailable']);
    expect(inShort(await ask(done))).toEqual([409, 'reorder_unavailable', 'everything was delivered']);
  }
  const stranger = await world.shop();
  const { key: theirs } = await createKey(world.sql, { accountId: stranger.account, name: 'stranger' });
  expect(inShort(await candidates(done, theirs)).slice(0, 2)).toEqual([404, 'order_not_found']);
});

test('a service is chosen only where services differ in nothing but their price', async () => {
  const lonely = await world.shop({ service: { category: 'Alone', type: 'Package', min: 1, max: 1 } });
  const { key: buyer } = await createKey(world.sql, { accountId: lonely.account, name: 'buyer' });
  const id = await lonely.order({ quantity: undefined as never });
  await end(world.sql, id, 0);
  const ask = (body: object) =>
    api.v1(`/v1/orders/${id}/reorder`, { key: buyer, body, idempotencyKey: JSON.stringify(body) });
  expect(inShort(await ask({}))).toEqual([
    422,
    'invalid_request',
    'service: is needed: packages differ in what they contain',
  ]);
  expect((await ask({ service: lonely.service })).body).toMatchObject({ totalQuantity: 1, reorderOf: id });

  const alone = await world.shop({ service: { category: 'Alone, too' } });
  const { key: other } = await createKey(world.sql, { accountId: alone.account, name: 'other' });
  const order = await alone.order();
  await end(world.sql, order, 0);
  const none = await api.v1(`/v1/orders/${order}/reorder`, { key: other, body: {}, idempotencyKey: 'none' });
  expect(inShort(none).slice(0, 2)).toEqual([422, 'no_reorder_service']);
});
