import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningProvider, startProvider } from '../../dev/provider/provider.ts';

let now = 0;
let provider: RunningProvider;
beforeEach(async () => {
  now = 1_700_000_000_000;
  provider = await startProvider({ key: 'secret', clock: () => now });
});
afterEach(() => provider.stop());

async function call(fields: Record<string, string>): Promise<unknown> {
  const answer = await fetch(provider.apiUrl, {
    method: 'POST',
    body: new URLSearchParams({ key: 'secret', ...fields }),
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  return answer.json();
}
const control = (path: string, body: unknown, method = 'POST') =>
  fetch(`${provider.url}${path}`, { method, body: JSON.stringify(body) });
const place = (link: string, more: Record<string, string> = {}) =>
  call({ action: 'add', service: '1', link, quantity: '1000', ...more });
const LINK = 'https://example.com/p/1';

describe('panel API v2 of the simulated provider', () => {
  it('lists services with the types of the standard', async () => {
    const services = (await call({ action: 'services' })) as Record<string, unknown>[];
    expect(services.length).toBeGreaterThanOrEqual(12);
    for (const { service, name, type, category, rate, min, max, ...flags } of services) {
      expect(typeof service).toBe('number');
      for (const text of [name, type, category, rate, min, max]) expect(typeof text).toBe('string');
      expect(rate).toMatch(/^\d+(\.\d{1,5})?$/);
      for (const flag of Object.values(flags)) expect(typeof flag).toBe('boolean');
    }
  });

  it('answers an order with its number, and its status with five texts', async () => {
    expect(await place(LINK)).toEqual({ order: 23_501 });
    now += 60_000;
    const row = (await call({ action: 'status', order: '23501' })) as Record<string, string>;
    expect(row).toEqual({
      charge: '0.9',
      start_count: expect.stringMatching(/^\d+$/),
      status: 'Completed',
      remains: '0',
      currency: 'USD',
    });
    expect(provider.count(LINK)).toBe(Number(row.start_count) + 1000);
  });

  it('answers many orders in an object by id, an unknown one with its own error', async () => {
    await place(LINK);
    expect(await call({ action: 'status', orders: '23501,999' })).toEqual({
      23501: expect.objectContaining({ status: 'Pending', remains: '1000' }),
      999: { error: 'Incorrect order ID' },
    });
    const tooMany = Array.from({ length: 101 }, (_, n) => n).join(',');
    expect(await call({ action: 'status', orders: tooMany })).toEqual({ error: expect.any(String) });
  });

  it.each([
    ['another key', { key: 'wrong', action: 'balance' }, 'Invalid API key'],
    ['an unknown action', { action: 'dance' }, 'Incorrect request'],
    [
      'an unknown service',
      { action: 'add', service: '999', link: LINK, quantity: '100' },
      'error.incorrect_service_id',
    ],
    ['no link', { action: 'add', service: '1', quantity: '100' }, 'neworder.error.link'],
    ['too few', { action: 'add', service: '1', link: LINK, quantity: '49' }, 'neworder.error.min_quantity'],
    ['too many', { action: 'add', service: '1', link: LINK, quantity: '100001' }, 'neworder.error.max_quantity'],
    ['no comments', { action: 'add', service: '8', link: LINK }, 'neworder.error.comment'],
    [
      'no drip-feed there',
      { action: 'add', service: '4', link: LINK, quantity: '50', runs: '2', interval: '5' },
      'neworder.error.runs',
    ],
    ['an unknown order', { action: 'status', order: '1' }, 'Incorrect order ID'],
    ['an unknown refill', { action: 'refill_status', refill: '1' }, 'Refill not found'],
  ])('refuses %s with the error alone', async (_, fields, error) => {
    expect(await call(fields as Record<string, string>)).toEqual({ error });
  });

  it('takes JSON, multipart and query as well as a form, with and without the last slash', async () => {
    const fields = { key: 'secret', action: 'balance' };
    const multipart = new FormData();
    for (const [name, value] of Object.entries(fields)) multipart.set(name, value);
    const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields) };
    const answers = await Promise.all([
      fetch(provider.apiUrl, json),
      fetch(`${provider.apiUrl}/`, { method: 'POST', body: multipart }),
      fetch(`${provider.apiUrl}?${new URLSearchParams(fields)}`),
    ]);
    for (const answer of answers) expect(await answer.json()).toEqual({ balance: '1000000', currency: 'USD' });
  });

  it('takes the price from the balance to the last digit, and gives back what a Partial did not deliver', async () => {
    await place(`${LINK}?sim=partial:601`, { service: '2' });
    expect(await call({ action: 'balance' })).toEqual({ balance: '999999.72181', currency: 'USD' });
    now += 60_000;
    expect(await call({ action: 'status', order: '23501' })).toMatchObject({ charge: '0.16719219', remains: '399' });
    expect(await call({ action: 'balance' })).toEqual({ balance: '999999.83280781', currency: 'USD' });
  });

  it('refuses what the balance does not cover', async () => {
    await control('/control/config', { balance: '0.89999999' });
    expect(await place(LINK)).toEqual({ error: 'neworder.error.not_enough_funds' });
    await control('/control/config', { balance: '0.9' });
    expect(await place(LINK)).toEqual({ order: 23_501 });
    expect(await call({ action: 'balance' })).toEqual({ balance: '0', currency: 'USD' });
  });

  it('prices a package as one piece and comments by their lines', async () => {
    await call({ action: 'add', service: '7', link: LINK });
    await call({ action: 'add', service: '8', link: LINK, comments: 'one\r\ntwo\n\nthree\nfour\nfive' });
    expect(provider.orders().map(({ quantity, price }) => [quantity, price])).toEqual([
      [1, '4.99'],
      [5, '0.09375'],
    ]);
  });

  it('takes drip-feeds, quantity being one run', async () => {
    await place(LINK, { runs: '3', interval: '10' });
    now += 11 * 60_000;
    expect(await call({ action: 'status', order: '23501' })).toMatchObject({
      charge: '2.7',
      remains: '1000',
      status: 'In progress',
    });
  });

  it('refills a Completed order of a service that refills, one at a time', async () => {
    await place(`${LINK}?sim=drop:200:after:1`);
    await place(LINK, { service: '2' });
    expect(await call({ action: 'refill', order: '23501' })).toEqual({ error: 'Order not eligible for refill.' });
    now += 60_000;
    const full = provider.count(`${LINK}?sim=drop:200:after:1`) + 200;
    expect(await call({ action: 'refill', orders: '23501,23502,9' })).toEqual([
      { order: 23_501, refill: 1 },
      { order: 23_502, refill: { error: 'Order not eligible for refill.' } },
      { order: 9, refill: { error: 'Incorrect order ID' } },
    ]);
    expect(await call({ action: 'refill', order: '23501' })).toHaveProperty('error');
    expect(await call({ action: 'refill_status', refill: '1' })).toEqual({ status: 'Pending' });
    now += 60_000;
    expect(await call({ action: 'refill_status', refills: '1,2' })).toEqual([
      { refill: 1, status: 'Completed' },
      { refill: 2, status: { error: 'Refill not found' } },
    ]);
    expect(provider.count(`${LINK}?sim=drop:200:after:1`)).toBe(full);
    expect(await call({ action: 'refill', order: '23501' })).toEqual({ refill: '2' });
  });

  it('takes a cancel request, and the order ends a little later with what it has', async () => {
    await place(`${LINK}?sim=stall:400`);
    await place(LINK, { service: '3' });
    now += 60_000;
    expect(await call({ action: 'cancel', orders: '23501,23502,9' })).toEqual([
      { order: 23_501, cancel: 1 },
      { order: 23_502, cancel: { error: 'You are not eligible to cancel this order.' } },
      { order: 9, cancel: { error: 'Incorrect order ID' } },
    ]);
    expect(await call({ action: 'status', order: '23501' })).toMatchObject({ status: 'In progress' });
    now += 300;
    expect(await call({ action: 'status', order: '23501' })).toMatchObject({
      status: 'Partial',
      remains: '600',
      charge: '0.36',
    });
    expect(await call({ action: 'cancel', order: '23501' })).toHaveProperty('error');
  });
});

describe('scripts and controls', () => {
  it('refuses as the link says, and says what is wrong with a script', async () => {
    expect(await place(`${LINK}?sim=refuse`)).toEqual({ error: 'neworder.error.link' });
    expect(await place(`${LINK}?sim=refuse:Not%20today`)).toEqual({ error: 'Not today' });
    expect(await place(`${LINK}?sim=jump`)).toEqual({ error: 'neworder.error.script: unknown step "jump"' });
    expect((await control('/control/scripts', { link: LINK, script: 'jump' })).status).toBe(400);
  });

  it('takes a script over HTTP for the next orders of a link', async () => {
    await control('/control/scripts', { link: LINK, partial: 250, seconds: 1 });
    await place(LINK);
    now += 60_000;
    expect(await call({ action: 'status', order: '23501' })).toMatchObject({ status: 'Partial', remains: '750' });
  });

  it('lets one running order of a link in where links are unique', async () => {
    const link = `${LINK}?sim=unique`;
    expect(await place(link)).toEqual({ order: 23_501 });
    expect(await place(link)).toEqual({ error: 'neworder.error.link_duplicate' });
    now += 60_000;
    expect(await place(link)).toEqual({ order: 23_502 });
  });

  it('goes on with a private target once it is public', async () => {
    const link = `${LINK}?sim=private:500`;
    await place(link);
    now += 60_000;
    expect(await call({ action: 'status', order: '23501' })).toMatchObject({ status: 'In progress', remains: '500' });
    await control('/control/public', { link });
    now += 60_000;
    expect(await call({ action: 'status', order: '23501' })).toMatchObject({ status: 'Completed', remains: '0' });
  });

  it('forces any field of a status, and the counter to disagree', async () => {
    await place(LINK);
    await control('/control/orders/23501', { status: 'Partial', remains: 157, delivered: 843 });
    expect(await call({ action: 'status', order: '23501' })).toMatchObject({
      status: 'Partial',
      remains: 157,
      charge: '0.7587',
    });
    await control('/control/orders/23501', {}, 'DELETE');
    expect(await call({ action: 'status', order: '23501' })).toMatchObject({ status: 'Pending', remains: '1000' });
    expect((await control('/control/orders/9', { status: 'Partial' })).status).toBe(404);

    const honest = provider.count(LINK);
    await control('/control/counter', { link: LINK, offset: -5 });
    const read = await fetch(`${provider.url}/counter?link=${encodeURIComponent(LINK)}`);
    expect(await read.json()).toEqual({ count: honest - 5 });
  });

  it('lists its orders only when it is a panel that can, newest first and page by page, by its own clock', async () => {
    for (let order = 0; order < 3; order += 1) await place(`${LINK}/${order}`);
    expect(await call({ action: 'orders' })).toEqual({ error: 'Incorrect request' });
    await provider.configure({ listsOrders: true, clockSkewMs: 3_600_000 });
    const list = async (fields: Record<string, string> = {}) =>
      (await call({ action: 'orders', ...fields })) as Record<string, unknown>[];
    const created = new Date(now + 3_600_000).toISOString();
    expect((await list())[0]).toMatchObject({ order: 23_503, service: 1, link: `${LINK}/2`, quantity: 1000, created });
    const pages = [await list({ limit: '2' }), await list({ limit: '2', offset: '2' })];
    expect(pages.map((page) => page.map(({ order }) => order))).toEqual([[23_503, 23_502], [23_501]]);
  });

  it('counts calls, ids and adds, and keeps the raw fields of each add', async () => {
    await place(LINK, { comments: 'kept' });
    await place(`${LINK}?sim=refuse`);
    await call({ key: 'wrong', action: 'add', service: '1' });
    await call({ action: 'status', orders: '1,2,3' });
    await call({ action: 'status', order: '1' });
    const stats = await (await fetch(`${provider.url}/stats`)).json();
    expect(stats).toMatchObject({
      calls: { add: 3, status: 2 },
      unauthorized: 1,
      adds: { received: 3, accepted: 1, acceptedByLink: { [LINK]: 1 } },
      status: { calls: 2, ids: 4, idsPerCall: [3, 1] },
    });
    const adds = await (await fetch(`${provider.url}/adds?link=${encodeURIComponent(LINK)}`)).json();
    expect(adds).toEqual([
      {
        at: now,
        order: 23_501,
        fields: { action: 'add', service: '1', link: LINK, quantity: '1000', comments: 'kept' },
      },
    ]);
  });

  it('forgets everything on reset but the ids it gave', async () => {
    await place(LINK);
    await control('/control/reset', {});
    expect(provider.orders()).toEqual([]);
    expect(provider.stats().adds).toEqual({ received: 0, accepted: 0, acceptedByLink: {} });
    expect(await place(LINK)).toEqual({ order: 23_502 });
  });
});
