import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureOutbox } from '../../activities/webhook/ensure-outbox.ts';
import {
  type Client,
  type ClientOptions,
  createClient,
  HoldfastProblem,
  HoldfastUnreachable,
  type OrderMessage,
  verifyWebhook,
} from '../../client/index.ts';
import { createKey } from '../../db/account/accounts.ts';
import { openReceiver } from '../support/peers/receiver.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';

let on: ApiWorld;
let client: Client;

beforeAll(async () => {
  on = await apiWorld();
  client = clientWith({});
});
afterAll(() => on.close());

const clientWith = (options: Partial<ClientOptions>) => createClient({ url: on.api.url, key: on.key, ...options });

let links = 0;
const order = (sim = 'seconds:600') => ({
  service: on.shop.service,
  link: `https://example.com/client/${++links}?sim=${sim}`,
  quantity: 1000,
});

const problemOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

/** A `fetch` that lets `instead` answer the first requests. `instead` may call the real one. */
const disturbed = (times: number, instead: (ask: () => Promise<Response>) => Promise<Response>): typeof fetch => {
  let left = times;
  return (url, init) => {
    const ask = () => fetch(url, init);
    left -= 1;
    return left >= 0 ? instead(ask) : ask();
  };
};

test('places an order, receives its events and progress, and sees it end', async () => {
  const placed = await client.POST('/v1/orders', { body: order('seconds:1,partial:400') });
  expect(placed).toMatchObject({ status: 'Pending', price: '0.9', charge: '0.9' });
  const heard: OrderMessage[] = [];
  for await (const message of client.events(placed.id)) heard.push(message);
  const types = heard.flatMap((message) => (message.type === 'event' ? [message.event.type] : []));
  expect(types).toEqual(expect.arrayContaining(['order.accepted', 'order.in_progress', 'order.partial']));
  expect(heard.at(-1)).toMatchObject({
    type: 'progress',
    progress: { status: 'Partial', delivered: 400, percent: 40 },
  });
  const ended = await client.ended(placed.id);
  expect(ended).toMatchObject({ status: 'Partial', charge: '0.36', refunded: '0.54' });
});

test('gives every row of a list, page by page', async () => {
  const reference = 'pages';
  const placed = new Set<number>();
  for (let count = 0; count < 5; count += 1) {
    placed.add((await client.POST('/v1/orders', { body: { ...order(), reference } })).id);
  }
  const found: number[] = [];
  for await (const { id } of client.each('/v1/orders', { params: { query: { reference, limit: 2 } } })) found.push(id);
  expect(found).toHaveLength(5);
  expect(new Set(found)).toEqual(placed);
});

test('a refusal has a code, words and what is wrong field by field', async () => {
  const { key: poorKey } = await createKey(on.world.sql, {
    accountId: (await on.world.shop({ balance: '0' })).account,
    name: 'p',
  });
  const poor = await problemOf(clientWith({ key: poorKey }).POST('/v1/orders', { body: order() }));
  expect(poor).toBeInstanceOf(HoldfastProblem);
  expect(poor).toMatchObject({ status: 402, code: 'insufficient_funds', requestId: expect.any(String), errors: [] });
  const wrong = await problemOf(client.POST('/v1/orders', { body: { ...order(), quantity: 'many' as never } }));
  expect(wrong).toMatchObject({ code: 'invalid_request', errors: [{ path: 'quantity', message: expect.any(String) }] });
});

test('an answer that was lost on the way is asked for again, and there is one order', async () => {
  const reference = 'lost answer';
  const losing = disturbed(1, async (ask) => {
    await ask();
    throw new TypeError('the connection was reset');
  });
  const waits: number[] = [];
  const careful = clientWith({ fetch: losing, wait: async (ms) => waits.push(ms) });
  const placed = await careful.POST('/v1/orders', { body: { ...order(), reference } });
  expect(waits).toHaveLength(1);
  const { data } = await client.GET('/v1/orders', { params: { query: { reference } } });
  expect(data.map(({ id }) => id)).toEqual([placed.id]);
});

test.each([503, 429])('after a %d it waits as long as it is told to', async (status) => {
  const busy = async () => Response.json({ code: 'unavailable' }, { status, headers: { 'retry-after': '7' } });
  const waits: number[] = [];
  const patient = clientWith({ fetch: disturbed(2, busy), wait: async (ms) => waits.push(ms) });
  expect(await patient.GET('/v1/balance')).toMatchObject({ currency: 'USD' });
  expect(waits).toEqual([7000, 7000]);
});

test("an answer that is not JSON is not the API's: the request is made again", async () => {
  const proxy = async () => new Response('<h1>Starting</h1>', { headers: { 'content-type': 'text/html' } });
  const patient = clientWith({ fetch: disturbed(2, proxy), wait: async () => undefined });
  expect(await patient.GET('/v1/balance')).toMatchObject({ currency: 'USD' });
  const hasty = clientWith({ fetch: disturbed(1, proxy), retry: { tries: 1 } });
  expect(await problemOf(hasty.GET('/v1/balance'))).toBeInstanceOf(HoldfastUnreachable);
});

test('a list of orders may be sent as text', async () => {
  const { service } = on.shop;
  const [first, second] = [order().link, order().link];
  const list = await client.POST('/v1/orders/batch', { body: `${service}|${first}|100\n${service}|${second}|100` });
  expect(list).toMatchObject({ placed: 2, refused: 0 });
});

test('a call without an answer ends with the key under which another process can repeat it', async () => {
  const reference = 'given up';
  const body = { ...order(), reference };
  const dead = disturbed(3, async (ask) => {
    await ask();
    throw new TypeError('the connection was reset');
  });
  const hasty = clientWith({ fetch: dead, wait: async () => undefined, retry: { tries: 3 } });
  const error = await problemOf(hasty.POST('/v1/orders', { body }));
  expect(error).toBeInstanceOf(HoldfastUnreachable);
  const { idempotencyKey } = error as HoldfastUnreachable;
  const placed = await client.POST('/v1/orders', { body, idempotencyKey: idempotencyKey ?? '' });
  const { data } = await client.GET('/v1/orders', { params: { query: { reference } } });
  expect(data.map(({ id }) => id)).toEqual([placed.id]);
});

test('a refusal is final: it is not tried again', async () => {
  let asked = 0;
  const counting: typeof fetch = (url, init) => {
    asked += 1;
    return fetch(url, init);
  };
  const error = await problemOf(
    clientWith({ fetch: counting }).POST('/v1/orders', { body: { ...order(), link: 'not a link' } }),
  );
  expect(error).toBeInstanceOf(HoldfastProblem);
  expect(error).toMatchObject({ status: 422, code: 'invalid_link', idempotencyKey: expect.any(String) });
  expect(asked).toBe(1);
});

test('a stream that breaks off goes on where it was: no event is missing, none comes twice', async () => {
  const placed = await client.POST('/v1/orders', { body: order('seconds:1') });
  await client.ended(placed.id);
  let connections = 0;
  const breaking: typeof fetch = async (url, init) => {
    const answer = await fetch(url, init);
    connections += 1;
    if (answer.status === 204) return answer;
    // The retry time and the first event. The rest is cut off in the middle of a line.
    const text = await answer.text();
    const first = text.split('\n\n').slice(0, 2).join('\n\n');
    return new Response(`${first}\n\nid: 9`, { headers: answer.headers });
  };
  const heard: string[] = [];
  const bold = clientWith({ fetch: breaking, wait: async () => undefined });
  for await (const message of bold.events(placed.id)) if (message.type === 'event') heard.push(message.id);
  const timeline = await client.GET('/v1/orders/{id}/timeline', { params: { path: { id: placed.id } } });
  expect(heard).toEqual(timeline.data.map(({ id }) => String(id)));
  expect(connections).toBeGreaterThan(heard.length);
});

test('staff have the same client: parameters and bodies are typed for every route', async () => {
  const staff = clientWith({ key: on.staff });
  const { id } = await staff.POST('/v1/admin/accounts', { body: { name: 'A new one' } });
  const deposit = {
    params: { path: { id } },
    body: { amount: '12.5', reference: 'first' },
    idempotencyKey: 'deposit-1',
  };
  const answers = [
    await staff.POST('/v1/admin/accounts/{id}/deposits', deposit),
    await staff.POST('/v1/admin/accounts/{id}/deposits', deposit),
  ];
  expect(answers.map(({ balance }) => balance)).toEqual(['12.5', '12.5']);
  expect(await problemOf(client.GET('/v1/admin/accounts'))).toMatchObject({ status: 403, code: 'forbidden' });
});

test('a webhook is believed only as it was signed', async () => {
  await ensureOutbox(on.world.temporal);
  const receiver = await openReceiver();
  const { id, secret = '' } = await client.POST('/v1/webhooks', {
    body: { url: receiver.url, events: ['refill.rejected'] },
  });
  const { event } = await client.POST('/v1/webhooks/{id}/test', { params: { path: { id } } });
  await expect.poll(() => receiver.heard.length, { timeout: 20_000 }).toBe(1);
  const [heard] = receiver.heard;
  if (heard === undefined) throw new Error('no event arrived');
  const { headers, bytes } = heard;
  expect(verifyWebhook(secret, headers, bytes)).toMatchObject({
    id: event,
    event: { type: 'webhook.test', data: { webhook: id } },
  });
  expect(verifyWebhook(secret, headers, Buffer.concat([bytes, Buffer.from(' ')]))).toBeUndefined();
  expect(verifyWebhook(secret, { ...headers, 'webhook-timestamp': '1600000000' }, bytes)).toBeUndefined();
  expect(verifyWebhook(`whsec_${'A'.repeat(43)}=`, headers, bytes)).toBeUndefined();
  expect(verifyWebhook(secret, { ...headers, 'webhook-signature': undefined }, bytes)).toBeUndefined();
  for (const wrong of ['', 'whsec_', 'whsec_?', secret.slice(6)]) {
    expect(() => verifyWebhook(wrong, headers, bytes)).toThrow(TypeError);
  }
  await receiver.close();
});

test('an abort while it waits for the next try throws its own reason', async () => {
  const stop = new AbortController();
  const reason = new Error('the shop closes');
  const alone = clientWith({
    fetch: async () => {
      setImmediate(() => stop.abort(reason));
      throw new TypeError('fetch failed');
    },
    retry: { firstWaitMs: 30_000 },
  });
  expect(await problemOf(alone.GET('/v1/orders', { signal: stop.signal }))).toBe(reason);
  const events = async () => {
    for await (const _ of alone.events(1, { signal: stop.signal }));
  };
  expect(await problemOf(events())).toBe(reason);
});
