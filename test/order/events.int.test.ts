import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { createOrderFeed } from '../../api/order/order-feed.ts';
import { streamOrderEvents } from '../../api/order/order-stream.ts';
import { LIMITS } from '../../domain/limits.ts';
import { messagesOf } from '../support/reads/event-stream.ts';
import { serveApi } from '../support/worlds/api.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { mustPlace } from '../support/worlds/placing.ts';

const { world, api, shop, key, close } = await apiWorld();
afterAll(close);

let orders = 0;
function place(script: string): Promise<number> {
  const body = { service: shop.service, link: `https://example.com/e/${++orders}?sim=${script}`, quantity: 1000 };
  return mustPlace(api, { key, body, idempotencyKey: `order ${orders}` });
}

/** Opens a stream as a browser does. `lastEventId` is the last event it received before. */
const open = (order: number, { lastEventId, signal }: { lastEventId?: number; signal?: AbortSignal } = {}) =>
  fetch(`${api.url}/v1/orders/${order}/events`, {
    headers: {
      authorization: `Bearer ${key}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    },
    ...(signal === undefined ? {} : { signal }),
  });

test('a stream tells everything that happens to an order, and ends with it', async () => {
  const order = await place('seconds:3');
  const answer = await open(order);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const messages = messagesOf(await answer.text());
  const events = messages.filter(({ id }) => id !== undefined);
  expect(events.map(({ event }) => event)).toEqual([
    'order.accepted',
    'order.processing',
    'order.in_progress',
    'order.completed',
  ]);
  const timeline = await api.v1(`/v1/orders/${order}/timeline`, { key });
  expect(events.map(({ data }) => data)).toEqual(timeline.body.data);
  const progress = messages.filter(({ event }) => event === 'progress').map(({ data }) => data);
  expect(progress.length).toBeGreaterThan(1);
  expect(progress.at(-1)).toMatchObject({ status: 'Completed', delivered: 1000, remains: 0, percent: 100 });
});

test('who comes again goes on after the last event they have, until there is nothing left', async () => {
  const order = await place('seconds:1');
  const all = messagesOf(await (await open(order)).text()).filter(({ id }) => id !== undefined);
  const [first, ...later] = all;
  const resumed = await open(order, { lastEventId: first?.id as number });
  expect(messagesOf(await resumed.text()).filter(({ id }) => id !== undefined)).toEqual(later);
  const done = await open(order, { lastEventId: all.at(-1)?.id as number });
  expect([done.status, await done.text()]).toEqual([204, '']);
});

test('while nothing happens a stream shows that it is alive', async () => {
  const order = await place('seconds:600');
  const log = pino({ level: 'silent' });
  const news = createOrderFeed({ streamSql: world.sql, log }).follow({ orders: [order] });
  let told = '';
  const listener = { aborted: false, write: async (text: string) => (told += text) };
  const story = { orderId: order, accountId: shop.account, after: undefined, heartbeatMs: 50 };
  const telling = streamOrderEvents({ streamSql: world.sql }, story, news, listener);
  await expect.poll(() => told).toMatch(/event: order\.accepted\n[\s\S]*\n\n:\n\n/);
  news.stop();
  await telling;
});

test('a key may have so many streams, and who leaves makes room', async () => {
  const order = await place('seconds:600');
  const leaving = new AbortController();
  const streams = await Promise.all(
    Array.from({ length: LIMITS.streamsPerKey }, () => open(order, { signal: leaving.signal })),
  );
  expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
  const refused = await open(order);
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
    429,
    '1',
    { code: 'rate_limited' },
  ]);
  leaving.abort();
  const next = new AbortController();
  await expect.poll(async () => (await open(order, { signal: next.signal })).status).toBe(200);
  next.abort();
});

test('what is no event id is refused, and asking for the headers alone holds nothing open', async () => {
  const order = await place('seconds:600');
  const headers = { 'last-event-id': 'x' };
  expect((await api.v1(`/v1/orders/${order}/events`, { key, headers })).body.code).toBe('invalid_request');
  for (let ask = 0; ask <= LIMITS.streamsPerKey; ask += 1) {
    expect((await api.v1(`/v1/orders/${order}/events`, { key, method: 'HEAD' })).status).toBe(200);
  }
});

test('when the process stops its streams end', async () => {
  const order = await place('seconds:600');
  const closing = new AbortController();
  const stopping = await serveApi({ ...world, closing: closing.signal });
  const answer = await fetch(`${stopping.url}/v1/orders/${order}/events`, {
    headers: { authorization: `Bearer ${key}` },
  });
  closing.abort();
  expect(messagesOf(await answer.text()).map(({ event }) => event)).toContain('order.accepted');
  await stopping.close();
});
