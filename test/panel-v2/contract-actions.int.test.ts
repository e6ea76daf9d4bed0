import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Contract, openContract } from '../support/worlds/contract.ts';

/** Sections 1.2 and 1.4 of the contract page: every action's answer, in exactly the documented JSON types. */
let contract: Contract;
let plain: number;
let refillable: number;
/** One order for each final status, by that status. */
const ended: Record<string, number> = {};
const NEVER = 999_999_999;

const status = async (order: number) => (await contract.call({ action: 'status', order: String(order) })) as Row;
interface Row {
  readonly charge: string;
  readonly status: string;
  readonly remains: string;
}
let links = 0;
const place = (sim: string, more: Record<string, string> = {}) =>
  contract.add({
    service: String(plain),
    link: `https://example.com/action/${++links}?sim=${sim}`,
    quantity: '1000',
    ...more,
  });

beforeAll(async () => {
  contract = await openContract();
  plain = await contract.offer('Default', { name: 'Followers', category: 'First', rate: '0.90', min: 50, max: 10_000 });
  refillable = await contract.offer('Default', {
    refillDays: 30,
    refillCooldownSeconds: 0,
    dripFeed: true,
    cancel: false,
  });
  ended['In progress'] = await place('seconds:1,stall:400,oncancel:ignore');
  ended.Completed = await place('seconds:1', { service: String(refillable) });
  ended.Partial = await place('seconds:1,partial:843');
  ended.Canceled = await place('seconds:1,cancel');
  for (const [word, order] of Object.entries(ended)) {
    await vi.waitFor(async () => expect((await status(order)).status).toBe(word), { timeout: 30_000 });
  }
});
afterAll(() => contract.close());

describe('services', () => {
  test('are an array of numbers, texts and booleans as documented', async () => {
    expect(await contract.raw({ action: 'services' })).toContain(
      `{"service":${plain},"name":"Followers","type":"Default","category":"First","rate":"0.9","min":"50","max":"10000",` +
        '"refill":false,"cancel":true,"dripfeed":false}',
    );
    const listed = (await contract.call({ action: 'services' })) as object[];
    expect(listed.find((one) => 'service' in one && one.service === refillable)).toMatchObject({
      refill: true,
      cancel: false,
      dripfeed: true,
    });
  });
});

describe('add', () => {
  test('answers the order as a number, and as nothing else', async () => {
    const link = 'https://example.com/add/1';
    const answer = await contract.raw({ action: 'add', service: String(plain), link, quantity: '50' });
    expect(answer).toMatch(/^\{"order":[1-9]\d*\}$/);
  });

  test('of a drip-feed takes quantity for one run and charges for all', async () => {
    const runs = { runs: '3', interval: '60' };
    const order = await place('delay:60000', { service: String(refillable), quantity: '100', ...runs });
    expect(await status(order)).toMatchObject({ charge: '3', remains: '300' });
  });
});

describe('status', () => {
  test.each<[string, Record<string, string>]>([
    ['In progress', { charge: '0.9' }],
    ['Completed', { charge: '10', remains: '0' }],
    ['Partial', { charge: '0.7587', remains: '157' }],
    ['Canceled', { charge: '0', remains: '1000' }],
  ])('of an order that is %s has five texts', async (word, expected) => {
    const row = await status(ended[word] ?? 0);
    expect(row).toEqual({
      charge: expect.stringMatching(/^\d+(\.\d+)?$/),
      start_count: expect.stringMatching(/^\d+$/),
      status: word,
      remains: expect.stringMatching(/^\d+$/),
      currency: 'USD',
    });
    expect(row).toMatchObject(expected);
  });

  test('of many is an object by id, in which a bad id has an error of its own', async () => {
    const ids = [...Object.values(ended), NEVER, 'x', -1, 0, '1e3', '__proto__'];
    const rows = (await contract.call({ action: 'status', orders: ids.join(',') })) as Record<string, unknown>;
    for (const order of Object.values(ended)) expect(rows[order]).toEqual(await status(order));
    for (const id of [NEVER, 'x', -1, 0, '1e3', '__proto__']) {
      expect(Object.getOwnPropertyDescriptor(rows, id)?.value).toEqual({ error: 'Incorrect order ID' });
    }
  });

  test('of one id in the plural is an object by id too, and an id asked for twice is answered once', async () => {
    const order = ended.Completed ?? 0;
    const rows = { [order]: await status(order) };
    expect(await contract.call({ action: 'status', orders: String(order) })).toEqual(rows);
    expect(await contract.call({ action: 'status', orders: `${order}, ${order} ,,` })).toEqual(rows);
  });

  test('takes 100 ids and no more', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, n) => NEVER - n).join(',');
    const rows = (await contract.call({ action: 'status', orders: `${ids(100)},` })) as object;
    expect(Object.keys(rows)).toHaveLength(100);
    expect(await contract.raw({ action: 'status', orders: ids(101) })).toBe('{"error":"Too many ids, 100 at most"}');
  });
});

describe('refill', () => {
  test('of one order answers its id as text, and its status as a word', async () => {
    const order = await place('seconds:1,onrefill:1', { service: String(refillable) });
    await expect.poll(async () => (await status(order)).status, { timeout: 30_000 }).toBe('Completed');
    const answer = await contract.raw({ action: 'refill', order: String(order) });
    expect(answer).toMatch(/^\{"refill":"\d+"\}$/);
    const { refill } = JSON.parse(answer) as { refill: string };
    const word = () => contract.raw({ action: 'refill_status', refill });
    expect(['Pending', 'In progress', 'Completed'].map((one) => JSON.stringify({ status: one }))).toContain(
      await word(),
    );
    await expect.poll(word, { timeout: 30_000 }).toBe('{"status":"Completed"}');
    expect(await contract.call({ action: 'refill_status', refills: `${refill},${NEVER},x` })).toEqual([
      { refill: Number(refill), status: 'Completed' },
      { refill: NEVER, status: { error: 'Refill not found' } },
      { refill: 'x', status: { error: 'Refill not found' } },
    ]);
  });

  test('of many is an array of numbers, with errors in their own rows', async () => {
    const { Completed = 0, Partial = 0 } = ended;
    const rows = await contract.call({ action: 'refill', orders: `${Completed},${Partial},${NEVER}` });
    expect(rows).toEqual([
      { order: Completed, refill: expect.any(Number) },
      { order: Partial, refill: { error: 'Order not eligible for refill.' } },
      { order: NEVER, refill: { error: 'Incorrect order ID' } },
    ]);
  });
});

describe('cancel', () => {
  test('is an array of numbers: 1 says that it was asked for, not that it is canceled', async () => {
    const { 'In progress': running = 0, Completed = 0 } = ended;
    const rows = await contract.call({ action: 'cancel', orders: `${running},${Completed},${NEVER},${running}` });
    expect(rows).toEqual([
      { order: running, cancel: 1 },
      { order: Completed, cancel: { error: expect.any(String) } },
      { order: NEVER, cancel: { error: 'Incorrect order ID' } },
      { order: running, cancel: 1 },
    ]);
    expect((await status(running)).status).toBe('In progress');
  });

  test('of a single order is the row alone', async () => {
    const order = await place('seconds:20,oncancel:100');
    expect(await contract.raw({ action: 'cancel', order: String(order) })).toBe(`{"order":${order},"cancel":1}`);
  });
});

describe('balance', () => {
  test('is a text of exact money and the currency', async () => {
    expect(await contract.raw({ action: 'balance' })).toMatch(/^\{"balance":"\d+(\.\d{1,8})?","currency":"USD"\}$/);
  });
});
