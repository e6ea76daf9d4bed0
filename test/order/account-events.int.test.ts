import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createClient } from '../../client/index.ts';
import { createKey } from '../../db/account/accounts.ts';
import type { Tx } from '../../db/client.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type OpenStream, openStream } from '../support/reads/event-stream.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { mustPlace } from '../support/worlds/placing.ts';

const { world, api, shop, key, close } = await apiWorld({ ownServer: true });
afterAll(close);

const STREAM = `${api.url}/v1/events/stream`;
const LIFE = ['order.accepted', 'order.processing', 'order.in_progress', 'order.completed'];
let orders = 0;

function place(script: string): Promise<number> {
  const body = { service: shop.service, link: `https://example.com/a/${++orders}?sim=${script}`, quantity: 1000 };
  return mustPlace(api, { key, body, idempotencyKey: `order ${orders}` });
}

interface Event {
  readonly id: number;
  readonly order: number;
  readonly type: string;
}

async function events(query: string, by = key): Promise<{ data: Event[]; nextCursor: string | null }> {
  const { status, body } = await api.v1(`/v1/events?${query}`, { key: by });
  expect([query, status]).toEqual([query, 200]);
  return body as unknown as { data: Event[]; nextCursor: string | null };
}

const eventsOf = (stream: OpenStream) =>
  stream.messages().filter(({ id, event }) => id !== undefined && event !== 'begin');
const typesOf = (stream: OpenStream, order: number) =>
  eventsOf(stream).flatMap(({ event, data }) => (data.order === order ? [event] : []));

let first: number;
beforeAll(async () => {
  first = await place('seconds:1');
  const isCompleted = async () => (await events('limit=1')).data[0]?.type === 'order.completed';
  await vi.waitUntil(isCompleted, { timeout: 30_000 });
});

test('all events of an account are read page by page, in either order, each once', async () => {
  const all = (await events('sort=at&limit=100')).data;
  expect(all.filter(({ order }) => order === first).map(({ type }) => type)).toEqual(LIFE);
  expect((await events('limit=100')).data).toEqual(all.toReversed());
  const paged: Event[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { data, nextCursor }: { data: Event[]; nextCursor: string | null } = await events(`sort=at&limit=3${cursor}`);
    paged.push(...data);
    cursor = nextCursor === null ? null : `&cursor=${nextCursor}`;
  }
  expect(paged).toEqual(all);
  expect((await events(`sort=at&after=${all[1]?.id}`)).data).toEqual(all.slice(2));
  const { body } = await api.v1(`/v1/orders/${first}/timeline`, { key });
  expect(all.map(({ order: _, ...event }) => event)).toEqual(body.data);
});

test('the timeline of an order is read page by page newest first, each event once', async () => {
  const read = async (query: string) => (await api.v1(`/v1/orders/${first}/timeline?${query}`, { key })).body;
  const paged: unknown[] = [];
  for (let cursor = ''; ; ) {
    const { data, nextCursor } = await read(`sort=-at&limit=2${cursor}`);
    paged.push(...(data as unknown[]));
    if (nextCursor === null) break;
    cursor = `&cursor=${nextCursor}`;
  }
  expect(paged).toEqual(((await read('sort=at')).data as unknown[]).toReversed());
});

test("another account's events are not among them", async () => {
  const { account } = await world.shop();
  const { key: other } = await createKey(world.sql, { accountId: account, name: 'other' });
  expect(await events('sort=at', other)).toEqual({ data: [], nextCursor: null });
  const stream = await openStream(`${STREAM}?orders=${first}&after=0`, other);
  const begin = { event: 'begin', id: 0, data: { after: 0 } };
  await expect.poll(stream.messages).toEqual([begin]);
  const running = await place('seconds:1');
  const mine = await openStream(`${STREAM}?orders=${running}`, key);
  await expect.poll(() => typesOf(mine, running).at(-1), { timeout: 30_000 }).toBe('order.completed');
  expect(stream.messages()).toEqual([begin]);
  for (const open of [stream, mine]) open.leave();
});

test('streams of an account tell what happens to all its orders, and the numbers of those that are asked for', async () => {
  const [newest] = (await events('limit=1')).data;
  const [watched, other] = [await place('seconds:3'), await place('seconds:3')];
  const streams = await Promise.all(
    [`orders=${watched}&`, ''].map((query) => openStream(`${STREAM}?${query}after=${newest?.id}`, key)),
  );
  const [rows, plain] = streams as [OpenStream, OpenStream];
  for (const order of [watched, other]) {
    for (const stream of streams)
      await expect.poll(() => typesOf(stream, order).at(-1), { timeout: 30_000 }).toBe('order.completed');
  }
  const progress = rows.messages().filter(({ event }) => event === 'progress');
  expect(new Set(progress.map(({ data }) => data.order))).toEqual(new Set([watched]));
  await expect
    .poll(() => rows.messages().findLast(({ event }) => event === 'progress')?.data)
    .toMatchObject({ order: watched, status: 'Completed', delivered: 1000, remains: 0, percent: 100 });
  expect(plain.messages().some(({ event }) => event === 'progress')).toBe(false);
  for (const open of streams) open.leave();
});

test('who comes again goes on after the last event they have, also when there was none', async () => {
  const [begin] = (await events('limit=1')).data;
  const opened = await openStream(STREAM, key);
  await expect.poll(() => opened.messages()[0]?.id).toBe(begin?.id);
  opened.leave();
  const order = await place('seconds:1');
  const resumed = await openStream(STREAM, key, begin?.id);
  await expect.poll(() => typesOf(resumed, order), { timeout: 30_000 }).toEqual(LIFE);
  const later = (await events(`sort=at&after=${begin?.id}`)).data;
  expect(eventsOf(resumed).map(({ data }) => data)).toEqual(later);
  const byQuery = await openStream(`${STREAM}?after=${later[1]?.id}`, key);
  await expect.poll(() => eventsOf(byQuery).map(({ data }) => data)).toEqual(later.slice(2));
  for (const open of [resumed, byQuery]) open.leave();
});

test('the client for TypeScript follows an account', async () => {
  const order = await place('seconds:1');
  const client = createClient({ url: api.url, key });
  const heard: string[] = [];
  for await (const message of client.accountEvents({ after: '0', orders: [order] })) {
    heard.push(message.type === 'event' ? `${message.event.order} ${message.event.type}` : message.progress.status);
    if (heard.includes('Completed') && heard.includes(`${order} order.completed`)) break;
  }
  expect(heard).toContain(`${first} order.accepted`);
});

test('an event whose transaction commits after a later one is missed by nobody', async () => {
  const [begin] = (await events('limit=1')).data;
  const stream = await openStream(STREAM, key, begin?.id);
  const [slow, quick] = [await shop.order(), await shop.order()];
  const add = (sql: Tx | typeof world.sql, order: number, type: string) =>
    sql`select add_event(${order}, ${type}, 'system', now())`;
  let asked: ReturnType<typeof events> | undefined;
  await world.sql.begin(async (tx) => {
    await add(tx, slow, 'order.slow');
    await add(world.sql, quick, 'order.quick');
    asked = events(`sort=at&after=${begin?.id}`);
    // The list waits for the transaction, which ends now.
    await tx`select 1`;
  });
  const types = (all: readonly string[]) => all.filter((type) => type === 'order.slow' || type === 'order.quick');
  expect(types((await asked)?.data.map(({ type }) => type) ?? [])).toEqual(['order.slow', 'order.quick']);
  await expect.poll(() => types(eventsOf(stream).map(({ event }) => event))).toEqual(['order.slow', 'order.quick']);
  stream.leave();
});

test('what is no event id or no order id is refused, and a key has as many streams of both kinds as of one', async () => {
  for (const path of ['/v1/events?after=x', '/v1/events/stream?after=-1', '/v1/events/stream?orders=x']) {
    const { status, body } = await api.v1(path, { key, headers: { 'last-event-id': '0' } });
    expect([path, status, body.code]).toEqual([path, 422, 'invalid_request']);
  }
  const ids = Array.from({ length: LIMITS.ordersFollowed + 1 }, (_, n) => n + 1).join();
  expect((await api.v1(`/v1/events/stream?orders=${ids}`, { key })).body.code).toBe('too_many_ids');
  const { key: busy } = await createKey(world.sql, { accountId: shop.account, name: 'busy' });
  const open = await Promise.all(Array.from({ length: LIMITS.streamsPerKey }, () => openStream(STREAM, busy)));
  const refused = await api.v1(`/v1/orders/${await shop.order()}/events`, { key: busy });
  expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
  for (const stream of open) stream.leave();
});
