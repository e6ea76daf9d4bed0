import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { type Contract, openContract } from '../support/worlds/contract.ts';

/** Sections 1.5 and 1.6 of the contract page: the error texts that clients compare, each the only field of its answer. */
let contract: Contract;
let service: number;
let capped: number;
beforeAll(async () => {
  contract = await openContract();
  service = await contract.offer('Default', { dripFeed: true, duplicateLink: 'allow' });
  capped = await contract.offer('Default', { linkPattern: '@\\w+', min: 100, max: 200 });
});
afterAll(() => contract.close());

let links = 0;
const add = (more: Record<string, string> = {}): Record<string, string> => ({
  action: 'add',
  service: String(service),
  link: `https://example.com/error/${++links}`,
  quantity: '100',
  ...more,
});
const claims = async (): Promise<unknown> =>
  (await contract.world.sql`select count(*)::integer as n from claims`)[0]?.n;

test.each<[string, () => Record<string, string>, string]>([
  ['a key that is missing', () => add({ key: '' }), 'Invalid API key'],
  ['a key that is wrong', () => add({ key: 'wrong' }), 'Invalid API key'],
  ['a key that is nearly right', () => add({ key: `${contract.key}x` }), 'Invalid API key'],
  ['a wrong key with an unknown action', () => ({ key: 'wrong', action: 'fly' }), 'Invalid API key'],
  ['no action', () => ({}), 'Incorrect action'],
  ['an unknown action', () => ({ action: 'fly' }), 'Incorrect action'],
  ['an action in capitals', () => ({ action: 'BALANCE' }), 'Incorrect action'],
  ['no service', () => add({ service: '' }), 'error.incorrect_service_id'],
  ['an unknown service', () => add({ service: '999999' }), 'error.incorrect_service_id'],
  ['a service that is no number', () => add({ service: 'one' }), 'error.incorrect_service_id'],
  ['a service beyond all numbers', () => add({ service: '99999999999999999999' }), 'error.incorrect_service_id'],
  ['no link', () => add({ link: '' }), 'neworder.error.link'],
  ['a link that is none', () => add({ link: 'somebody' }), 'neworder.error.link'],
  ['a link with a space', () => add({ link: 'https://example.com/a b' }), 'neworder.error.link'],
  ['a link that does not fit its service', () => add({ service: String(capped) }), 'neworder.error.link'],
  ['no quantity', () => add({ quantity: '' }), 'neworder.error.min_quantity'],
  ['a quantity of 0', () => add({ quantity: '0' }), 'neworder.error.min_quantity'],
  ['a quantity below 0', () => add({ quantity: '-5' }), 'neworder.error.min_quantity'],
  ['half a quantity', () => add({ quantity: '100.5' }), 'neworder.error.min_quantity'],
  ['a quantity that is no number', () => add({ quantity: 'many' }), 'neworder.error.min_quantity'],
  [
    'less than the minimum',
    () => add({ service: String(capped), link: '@ann', quantity: '99' }),
    'neworder.error.min_quantity',
  ],
  [
    'more than the maximum',
    () => add({ service: String(capped), link: '@ann', quantity: '201' }),
    'neworder.error.max_quantity',
  ],
  [
    'a drip-feed where there is none',
    () => add({ service: String(capped), link: '@ann', runs: '2', interval: '5' }),
    'neworder.error.runs',
  ],
  ['runs that are no number', () => add({ runs: 'x' }), 'neworder.error.runs'],
  ['runs without an interval', () => add({ runs: '2' }), 'neworder.error.interval'],
  ['an interval that is no number', () => add({ runs: '2', interval: 'x' }), 'neworder.error.interval'],
  ['a field of another type', () => add({ answer_number: '2' }), 'Incorrect request'],
  ['a field that nobody has', () => add({ colour: 'red' }), 'Incorrect request'],
  ['an order that is not there', () => ({ action: 'status', order: '999999999' }), 'Incorrect order ID'],
  ['no order', () => ({ action: 'status' }), 'Incorrect order ID'],
  ['an order that is no number', () => ({ action: 'status', order: 'x' }), 'Incorrect order ID'],
  ['a refill of no order', () => ({ action: 'refill', order: '999999999' }), 'Incorrect order ID'],
  ['a refill that is not there', () => ({ action: 'refill_status', refill: '999999999' }), 'Refill not found'],
  ['no refill', () => ({ action: 'refill_status' }), 'Refill not found'],
  ['a cancellation of no order', () => ({ action: 'cancel', order: '999999999' }), 'Incorrect order ID'],
  [
    'too many refills',
    () => ({ action: 'refill_status', refills: Array(101).fill('1').join(',') }),
    'Too many ids, 100 at most',
  ],
])('%s is answered with its error alone, and leaves nothing behind', async (_, fields, error) => {
  const before = await claims();
  expect(await contract.raw(fields())).toBe(JSON.stringify({ error }));
  expect(await claims()).toBe(before);
});

test('a wallet that does not hold the price is told so in the very words', async () => {
  const poor = await contract.world.shop({ balance: '0.1' });
  const { key } = await createKey(contract.world.sql, { accountId: poor.account, name: 'poor' });
  expect(await contract.raw(add({ key }))).toBe('{"error":"neworder.error.not_enough_funds"}');
});

test('a key that may only read is no key for an order', async () => {
  const { account } = await contract.world.shop();
  const scopes = ['orders:read'] as const;
  const { key } = await createKey(contract.world.sql, { accountId: account, name: 'reader', scopes });
  expect(await contract.raw(add({ key }))).toBe('{"error":"Invalid API key"}');
  expect(await contract.call({ key, action: 'services' })).toEqual(expect.any(Array));
});

test('a second order for a link is refused while the first runs, however the link is written', async () => {
  const strict = String(await contract.offer('Default'));
  const link = 'https://example.com/error/twice?sim=stall:10';
  await contract.add(add({ service: strict, link }));
  for (const same of [link, link.replace('https://', 'HTTP://WWW.')]) {
    expect(await contract.raw(add({ service: strict, link: same }))).toBe('{"error":"neworder.error.link_duplicate"}');
  }
});

test('another account has none of the orders and refills', async () => {
  const order = await contract.add(add());
  const { account } = await contract.world.shop();
  const { key } = await createKey(contract.world.sql, { accountId: account, name: 'stranger' });
  for (const action of ['status', 'cancel', 'refill']) {
    expect(await contract.raw({ key, action, order: String(order) })).toBe('{"error":"Incorrect order ID"}');
  }
});

test('the same request_id is the same order, and with another request an error', async () => {
  const fields = add({ request_id: 'mine-1' });
  const answers = await Promise.all(Array.from({ length: 5 }, () => contract.raw(fields)));
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^\{"order":\d+\}$/);
  expect(await contract.raw(fields)).toBe(answers[0]);
  expect(await contract.raw({ ...fields, quantity: '200' })).toBe('{"error":"Incorrect request"}');
  const { request_id: _, ...without } = fields;
  expect(await contract.raw(without)).not.toBe(answers[0]);
});
