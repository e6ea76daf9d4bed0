import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { booksOf } from '../support/reads/books.ts';
import { type Contract, openContract } from '../support/worlds/contract.ts';

/** Type 100 of the contract page: sold by posts, each at its maximum quantity; tracked by the provider's status. */
let contract: Contract;
let service: string;
beforeAll(async () => {
  contract = await openContract();
  service = String(await contract.offer('Subscriptions', { duplicateLink: 'allow' }));
});
afterAll(async () => {
  expect(await verifyLedger(contract.world.sql)).toEqual([]);
  await contract.close();
});

let names = 0;
/** A new user name to follow. `script` tells the provider what to do with the order. */
async function somebody(script: string): Promise<string> {
  const username = `somebody${++names}`;
  await contract.world.provider.script(username, script);
  return username;
}
const order = (username: string, more: Record<string, string> = {}): Record<string, string> => ({
  action: 'add',
  service,
  username,
  min: '100',
  max: '200',
  posts: '10',
  delay: '0',
  ...more,
});
const status = async (id: number) =>
  (await contract.call({ action: 'status', order: String(id) })) as Record<string, unknown>;
const becomes = (id: number, expected: Record<string, unknown>) =>
  expect.poll(() => status(id), { timeout: 30_000 }).toMatchObject(expected);

test('is sent with its own fields, without link and quantity, and ends Completed with all posts', async () => {
  const username = await somebody('delay:3000,seconds:1');
  const id = await contract.add(order(username, { old_posts: '2', expiry: '31/12/2099', runs: '0', quantity: '0' }));
  expect(await status(id)).toMatchObject({ charge: '24', remains: '12', currency: 'USD' });
  await becomes(id, { status: 'Completed', posts: '12', remains: '0', charge: '24', expiry: '31/12/2099' });
  const { action, service: theirs, ...sent } = (await contract.sent(username)) ?? {};
  expect([action, theirs]).toEqual(['add', '11']);
  expect(sent).toEqual({
    username,
    min: '100',
    max: '200',
    posts: '10',
    old_posts: '2',
    delay: '0',
    expiry: '31/12/2099',
  });
});

test('is Active while it runs, with the posts that are done, and holds the price of all', async () => {
  const id = await contract.add(order(await somebody('seconds:1,stall:3')));
  await becomes(id, { status: 'Active', posts: '3', remains: '7', charge: '20', expiry: null, orders: [] });
  expect((await booksOf(contract.world.sql, id)).escrow).toBe(2_000_000_000n);
});

test('that expires before its posts are made gives back what they would have cost', async () => {
  const id = await contract.add(order(await somebody('seconds:1,partial:3')));
  await becomes(id, { posts: '3', remains: '7', charge: '6' });
  expect(await booksOf(contract.world.sql, id)).toMatchObject({ refunded: 1_400_000_000n, escrow: 0n });
});

test.each<[string, Record<string, string>]>([
  ['leaves posts out', {}],
  ['has posts empty', { posts: '' }],
  ['has posts 0', { posts: '0' }],
])(
  'that %s is held and sent for the posts of its service, and gives back what was not made by its end',
  async (_, more) => {
    const username = await somebody('seconds:1,partial:3');
    const { posts: __, ...without } = order(username, { old_posts: '2', expiry: '31/12/2099' });
    const id = await contract.add({ ...without, ...more });
    const [hold] = await contract.world.sql`select amount from transfers where order_id = ${id} and kind = 'hold'`;
    expect(hold?.amount).toBe(20_400_000_000n);
    await becomes(id, { posts: '3', remains: '99', charge: '6' });
    expect(await booksOf(contract.world.sql, id)).toMatchObject({ refunded: 19_800_000_000n, escrow: 0n });
    expect(await contract.sent(username)).toMatchObject({
      username,
      posts: '100',
      old_posts: '2',
      expiry: '31/12/2099',
    });
  },
);

test('without posts can be canceled, and is paid for by the posts that were done', async () => {
  const few = String(await contract.offer('Subscriptions', { duplicateLink: 'allow', unlimitedPosts: 7 }));
  const username = await somebody('seconds:1,stall:5,oncancel:100');
  const id = await contract.add(order(username, { service: few, posts: '0' }));
  await becomes(id, { status: 'Active', posts: '5', remains: '2', charge: '14' });
  expect(await contract.sent(username)).toMatchObject({ posts: '7' });
  expect(await contract.call({ action: 'cancel', orders: String(id) })).toEqual([{ order: id, cancel: 1 }]);
  await becomes(id, { status: 'Canceled', posts: '5', charge: '10' });
});

test('without posts whose money is not there is refused', async () => {
  const dear = String(await contract.offer('Subscriptions', { unlimitedPosts: 100_000, rate: '1000' }));
  expect(await contract.raw(order('nobody', { service: dear, posts: '' }))).toBe(
    '{"error":"neworder.error.not_enough_funds"}',
  );
});

test('that is paused is Paused, and gives nothing back', async () => {
  const id = await contract.add(order(await somebody('seconds:1,private:4:Paused')));
  await becomes(id, { status: 'Paused', posts: '4', charge: '20' });
  expect((await booksOf(contract.world.sql, id)).refunded).toBe(0n);
});

test('can be canceled, and is paid for by the posts that were done', async () => {
  const id = await contract.add(order(await somebody('seconds:1,stall:5,oncancel:100')));
  await becomes(id, { status: 'Active', posts: '5' });
  expect(await contract.call({ action: 'cancel', orders: String(id) })).toEqual([{ order: id, cancel: 1 }]);
  await becomes(id, { status: 'Canceled', posts: '5', charge: '10' });
});

test('costs its provider what its posts cost', async () => {
  const id = await contract.add(order(await somebody('seconds:1')));
  await becomes(id, { status: 'Completed' });
  const [booked] = await contract.world.sql`select amount from transfers where order_id = ${id} and kind = 'cost'`;
  // 10 posts of at most 200 items, at 1.10 per 1000.
  expect(booked?.amount).toBe(220_000_000n);
});

test.each<[string, Record<string, string>, string]>([
  ['of less than no posts', { posts: '-1' }, 'neworder.error.posts'],
  ['of more posts than are sold', { posts: '100001' }, 'neworder.error.posts'],
  ['of nobody', { username: '' }, 'neworder.error.username'],
  ['of two names', { username: 'ann bob' }, 'neworder.error.username'],
  ['without a delay', { delay: '' }, 'neworder.error.delay'],
  ['with a delay that is not sold', { delay: '7' }, 'neworder.error.delay'],
  ['without a minimum', { min: '' }, 'neworder.error.min'],
  ['without a maximum', { max: '' }, 'neworder.error.max'],
  ['with a minimum above its maximum', { min: '201' }, 'neworder.error.max'],
  ['below what the service sells', { min: '9' }, 'neworder.error.min_quantity'],
  ['above what the service sells', { max: '10001' }, 'neworder.error.max_quantity'],
  ['with a day that is none', { expiry: '31/02/2099' }, 'neworder.error.expiry'],
  ['with a day of another shape', { expiry: '2099-12-31' }, 'neworder.error.expiry'],
  ['with a day that has passed', { expiry: '01/01/2020' }, 'neworder.error.expiry'],
  ['with a link', { link: 'https://example.com/p/1' }, 'Incorrect request'],
  ['as a drip-feed', { runs: '2', interval: '5' }, 'neworder.error.runs'],
])('%s is refused', async (_, more, error) => {
  expect(await contract.raw(order('nobody', more))).toBe(JSON.stringify({ error }));
});

test.each([
  '0',
  '5',
  '10',
  '15',
  '20',
  '30',
  '40',
  '50',
  '60',
  '90',
  '120',
  '150',
  '180',
  '210',
  '240',
  '270',
  '300',
  '360',
  '420',
  '480',
  '540',
  '600',
])('may have a delay of %s', async (delay) => {
  expect(await contract.raw(order(`slow${delay}`, { delay, posts: '1' }))).toMatch(/^\{"order":\d+\}$/);
});
