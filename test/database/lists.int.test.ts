import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { Reads } from '../../api/limits/reads.ts';
import { V1_ROUTES } from '../../api/v1/index.ts';
import { createKey, createStaffKey } from '../../db/account/accounts.ts';
import { orderProgress } from '../../db/order/orders.ts';
import { LIMITS } from '../../domain/limits.ts';
import { ORDER_STATUSES } from '../../domain/order/status.ts';
import { REFILL_STATUSES } from '../../domain/refill/rules.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type Engine, postgresOfOurOwn } from '../support/engines/engines.ts';
import { type Past, seedPast } from '../support/model/long-past.ts';
import { openStream } from '../support/reads/event-stream.ts';
import { notingConnection, runPlan, type SentStatement } from '../support/reads/plans.ts';
import { scaled } from '../support/run/scale.ts';
import { type Answer, type ServedApi, serveApi } from '../support/worlds/api.ts';

/** A table with more rows must not be read whole. */
const BIG = 500;

/** Rows that may be read for each row of an answer, its batches and events included, and for an answer of no rows. */
const EACH = 8;
const NONE = 30;

/** Filters that are tried together. */
const TOGETHER = scaled({ gate: 2, release: 3 });

let server: Engine<string>;
let database: TestDatabase;
let past: Past;
let api: ServedApi;
let key: string;
let staff: string;
let big: ReadonlySet<string>;
const changes = {
  sql: undefined as unknown as ReturnType<typeof notingConnection>['sql'],
  taken: (): SentStatement[] => [],
};
const lane = { ...changes };

beforeAll(async () => {
  // A server of its own: streams wait for the transactions of all its databases, and this file's own one is long.
  server = await postgresOfOurOwn();
  database = await testDatabase({ postgresUrl: server.value });
  past = await seedPast(database.sql);
  Object.assign(changes, notingConnection(database.appUrl));
  Object.assign(lane, notingConnection(database.appUrl));
  api = await serveApi({
    ...database,
    temporal: new Client({ connection: Connection.lazy() }),
    masterKey: Buffer.alloc(32),
    pools: { sql: changes.sql, streamSql: changes.sql, reads: new Reads([lane.sql]) },
    rates: { RATE_LIMIT_PER_SECOND: 100_000, RATE_LIMIT_BURST: 100_000 },
  });
  ({ key } = await createKey(database.sql, { accountId: past.large, name: 'test' }));
  ({ key: staff } = await createStaffKey(database.sql));
  const tables = await database.sql<{ name: string }[]>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > ${BIG}`;
  big = new Set(tables.map(({ name }) => name));
}, 240_000);
afterAll(async () => {
  await api.close();
  await Promise.all([changes.sql.end(), lane.sql.end()]);
  await database.drop();
  await server.stop();
});

/** What was read since the last call: statements of the API, without those of the driver. */
const taken = (): SentStatement[] =>
  [...lane.taken(), ...changes.taken()].filter(
    ({ text }) => /^\s*(?:select|with)\b/.test(text) && !text.includes('pg_catalog'),
  );

async function read(path: string, by = path.startsWith('/v1/admin') ? staff : key): Promise<Answer['body']> {
  const answer = await api.v1(path, { key: by });
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.body;
}

/** What is wrong with the plan of a statement; `more`: rows that it may read for a known reason. */
async function faultsOf(statement: SentStatement, more: number): Promise<string[]> {
  const { returned, read, scanned, sorted } = await runPlan(lane.sql, statement);
  // A page with filters that no index serves reads its index, and then finds the place where it stopped. Whether an order is
  // archived, its refills say; the orders of a provider are found one by one.
  const isStopped = statement.text.includes('"stoppedAt"');
  const isLong = statement.text.includes('from refills') || statement.text.includes('with recursive');
  const bound = (isStopped ? (isLong ? 3 : 2) : 0) * LIMITS.rowsRead;
  const most = NONE + EACH * returned;
  // Fewer rows than a page may read are perhaps sorted.
  const together = isStopped ? LIMITS.rowsRead : 0;
  return [
    ...(read > most + bound + more ? [`read ${read} rows for ${returned}`] : []),
    ...(sorted > most + together ? [`sorted ${sorted} rows for ${returned}`] : []),
    ...scanned.filter((table) => big.has(table)).map((table) => `scanned ${table}`),
  ];
}

async function expectFlat(reads: Readonly<Record<string, () => Promise<unknown>>>, more = 0): Promise<void> {
  const judged = new Set<string>();
  const wrong: string[] = [];
  taken();
  for (const [name, read] of Object.entries(reads)) {
    await read();
    for (const statement of taken()) {
      const text = JSON.stringify(statement);
      if (judged.has(text)) continue;
      judged.add(text);
      for (const fault of await faultsOf(statement, more)) wrong.push(`${name}: ${fault}: ${statement.text}`);
    }
  }
  expect(judged.size).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
}

const paths = (all: readonly string[], by?: string) =>
  Object.fromEntries(all.map((path) => [path, () => read(path, by)]));

/** Each choice of at most `together` filters, and all of them: up to two with all of their values, more with the first one. */
function everyChoice(filters: Readonly<Record<string, readonly string[]>>, together = TOGETHER): string[] {
  const names = Object.keys(filters);
  const few = names
    .reduce<string[][]>((all, name) => all.flatMap((chosen) => [chosen, [...chosen, name]]), [[]])
    .filter(({ length }) => length <= together);
  const choices = names.length > together ? [...few, names] : few;
  return choices.flatMap((names) =>
    names.reduce<string[]>(
      (all, name) => {
        const values = filters[name] ?? [];
        const tried = names.length > 2 ? values.slice(0, 1) : values;
        return all.flatMap((query) => tried.map((value) => `${query}&${name}=${value}`));
      },
      [''],
    ),
  );
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Lists with their filters, the values that are tried, and how many filters are tried together: by default TOGETHER. */
const lists = (): Record<
  string,
  {
    path?: string;
    filters: Record<string, readonly string[]>;
    together?: number;
    cursors: readonly number[];
    counted?: number;
  }
> => ({
  'GET /v1/orders': {
    filters: {
      status: ['Pending,Processing,In progress', 'Pending', 'Completed', 'Completed,Canceled', ORDER_STATUSES.join()],
      attention: ['none', 'uncertain', 'review,conflict,uncertain'],
      service: [String(past.service), String(past.oldService)],
      reference: ['campaign'],
      archived: ['true', 'false'],
      from: [ago(40_000)],
      to: [ago(20_000)],
      link: [`https://example.com/${past.middle - past.oldest + 1}`],
      dripFeed: ['true', 'false'],
      ids: [Array.from({ length: 25 }, (_, n) => past.middle + 200 * n).join()],
      sort: ['createdAt'],
    },
    cursors: [past.middle],
  },
  'GET /v1/refills': { filters: { status: [...REFILL_STATUSES] }, cursors: [2_000, 1] },
  'GET /v1/events': { filters: { sort: ['at'], after: ['0', '20000'] }, cursors: [60_000] },
  'GET /v1/statement': { filters: { from: [ago(40_000)], to: [ago(20_000)] }, cursors: [20_000] },
  'GET /v1/keys': { filters: {}, cursors: [2_000] },
  'GET /v1/webhooks': { filters: {}, cursors: [1] },
  'GET /v1/webhooks/:id/deliveries': {
    path: `/v1/webhooks/${past.webhook}/deliveries`,
    filters: { state: ['pending', 'retrying', 'delivered', 'failed', 'stopped'] },
    cursors: [40_000],
  },
  'GET /v1/orders/:id/timeline': {
    path: `/v1/orders/${past.dripFeed}/timeline`,
    filters: { sort: ['-at'] },
    cursors: [1, 1_000_000],
  },
  'GET /v1/orders/:id/refills': { path: `/v1/orders/${past.oldest}/refills`, filters: {}, cursors: [100_000] },
  'GET /v1/admin/orders': {
    filters: {
      sort: ['newest'],
      account: [String(past.large)],
      service: [String(past.oldService)],
      provider: [String(past.provider), '99'],
      providerOrder: [`${past.dripFeed}-7`, 'none'],
      link: ['https://example.com/42', 'https://example.com/none'],
      status: ['In progress', 'Canceled'],
      attention: ['none', 'uncertain'],
      archived: ['true', 'false'],
      from: [ago(40_000)],
      to: [ago(20_000)],
    },
    together: 2,
    cursors: [past.middle],
  },
  'GET /v1/admin/reviews': {
    filters: {
      attention: ['review', 'uncertain'],
      provider: [String(past.provider), '99'],
      service: [String(past.service), String(past.oldService)],
      from: [ago(600)],
      to: [ago(300)],
    },
    cursors: [past.dripFeed],
  },
  'GET /v1/admin/alerts': { filters: { open: ['true', 'false'] }, cursors: [6_000] },
  'GET /v1/admin/audit': {
    filters: {
      key: ['5'],
      action: ['POST /v1/admin/accounts', 'POST /v1/admin/orders/:id/resolve'],
      subject: ['accounts', 'orders', `orders/${past.oldest}`, `orders/${past.oldest}/resolve`],
      from: [ago(9_000)],
      to: [ago(3_000)],
    },
    cursors: [6_000],
  },
  'GET /v1/admin/late-orders': { filters: {}, cursors: [1_000] },
  'GET /v1/admin/providers': { filters: {}, cursors: [10], counted: LIMITS.ordersCounted },
  'GET /v1/admin/providers/:id/catalogue': {
    path: `/v1/admin/providers/${past.provider}/catalogue`,
    filters: {
      imported: ['true', 'false'],
      gone: ['true', 'false'],
      type: ['Default', 'Package'],
      search: ['followers 12'],
    },
    cursors: [3_000],
  },
  'GET /v1/admin/providers/:id/catalogue/changes': {
    path: `/v1/admin/providers/${past.provider}/catalogue/changes`,
    filters: { service: ['7'] },
    cursors: [3_000],
  },
  'GET /v1/admin/providers/:id/held-corrections': {
    path: `/v1/admin/providers/${past.provider}/held-corrections`,
    filters: { state: ['held', 'withdrawn', 'released'] },
    cursors: [1_000],
  },
  'GET /v1/admin/services': { filters: { search: ['likes', 'none'] }, cursors: [10] },
  'GET /v1/admin/accounts': { filters: { search: ['customer', 'CUSTOMER 3', '1002', 'none'] }, cursors: [1_004] },
  'GET /v1/admin/accounts/:id/keys': { path: `/v1/admin/accounts/${past.large}/keys`, filters: {}, cursors: [2_000] },
  'GET /v1/admin/accounts/:id/statement': {
    path: `/v1/admin/accounts/${past.large}/statement`,
    filters: { from: [ago(40_000)], to: [ago(20_000)] },
    cursors: [20_000],
  },
});

/** Reads of one object, or of a whole that has a limit of its own. */
const objects = (): Record<string, string> => ({
  'GET /v1/orders/:id': `/v1/orders/${past.middle}`,
  'GET /v1/orders/:id/reorder': `/v1/orders/${past.partial}/reorder`,
  'GET /v1/orders/:id/delivery': `/v1/orders/${past.dripFeed}/delivery`,
  'GET /v1/orders/:id/money': `/v1/orders/${past.partial}/money`,
  'GET /v1/balance': '/v1/balance',
  'GET /v1/views': '/v1/views',
  'GET /v1/requests': '/v1/requests',
  'GET /v1/admin/accounts/:id/requests': `/v1/admin/accounts/${past.large}/requests`,
  'GET /v1/webhooks/:id': `/v1/webhooks/${past.webhook}`,
  'GET /v1/services': '/v1/services',
  'GET /v1/services/stats': `/v1/services/stats?ids=${past.service},${past.oldService}`,
  'GET /v1/services/favourites': '/v1/services/favourites',
  'GET /v1/services/:id/stats': `/v1/services/${past.service}/stats`,
  'GET /v1/admin/services/:id': `/v1/admin/services/${past.service}`,
  'GET /v1/admin/reconcile': '/v1/admin/reconcile',
  'GET /v1/admin/ledger': '/v1/admin/ledger',
  'GET /v1/admin/providers/:id/calls': `/v1/admin/providers/${past.provider}/calls`,
  'GET /v1/admin/reports/outcomes': '/v1/admin/reports/outcomes?by=provider',
  'GET /v1/admin/orders/:id': `/v1/admin/orders/${past.dripFeed}`,
  'GET /v1/admin/orders/:id/attempts': `/v1/admin/orders/${past.dripFeed}/attempts`,
});

/** Reads that count: the days of a report; the movements of a wallet in a week; the last days of services; the lines of one list, at most LIMITS.listLines or LIMITS.bulkOrders; an account's orders, open or a few of each status. */
const counts = (): Record<string, { path: string; counted: number }> => ({
  'GET /v1/statement/totals': { path: '/v1/statement/totals', counted: 8 * 24 * 60 },
  'GET /v1/services/times': { path: `/v1/services/times?ids=${past.service},${past.oldService}`, counted: 14 * 4 },
  'GET /v1/orders/batch/:id': { path: `/v1/orders/batch/${past.list}`, counted: 200 },
  'GET /v1/admin/reviews/resolutions/:id': { path: `/v1/admin/reviews/resolutions/${past.decision}`, counted: 200 },
  'GET /v1/admin/reports/revenue': { path: '/v1/admin/reports/revenue?by=account', counted: 31 * 40 },
  'GET /v1/admin/reports/times': { path: '/v1/admin/reports/times', counted: 35 * 20 },
  'GET /v1/admin/providers/:id': { path: `/v1/admin/providers/${past.provider}`, counted: LIMITS.ordersCounted },
  'GET /v1/admin/accounts/:id': { path: `/v1/admin/accounts/${past.large}`, counted: 8 * LIMITS.ordersCounted },
});

/** The streams have tests of their own; the workflow's answer is Temporal's. */
const APART = ['GET /v1/orders/:id/events', 'GET /v1/events/stream', 'GET /v1/admin/orders/:id/workflow'];

const ROUTES = [...V1_ROUTES.keys()].filter((name) => name.startsWith('GET '));

test('every route that reads, and every filter of a list, is judged here', async () => {
  const judged = [...Object.keys(lists()), ...Object.keys(objects()), ...Object.keys(counts()), ...APART];
  expect(judged.sort()).toEqual([...ROUTES].sort());
  const { body } = await api.v1('/openapi.json');
  const paths = body.paths as Record<string, { get?: { parameters?: { name: string; in: string }[] } }>;
  for (const [name, { filters }] of Object.entries(lists())) {
    const { get } = paths[name.slice('GET '.length).replaceAll(/:(\w+)/g, '{$1}')] ?? {};
    const asked = (get?.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
    expect([name, ...asked.sort()]).toEqual([name, ...['limit', 'cursor', ...Object.keys(filters)].sort()]);
  }
});

test.each(ROUTES.filter((name) => !APART.includes(name)))(
  '%s reads no more than it shows, or a bounded number of rows',
  async (name) => {
    const list = lists()[name];
    if (list === undefined) {
      const whole = counts()[name];
      return expectFlat(paths([whole?.path ?? objects()[name] ?? '']), whole?.counted);
    }
    const { path = name.slice('GET '.length), filters, together, cursors, counted } = list;
    const cursor = ['', ...cursors.map((at) => `&cursor=after-${at}`)];
    const queries = everyChoice(filters, together).flatMap((query) => cursor.map((position) => query + position));
    await expectFlat(paths(queries.map((query) => encodeURI(`${path}?limit=20${query}`))), counted);
  },
);

test('lines of a list are read by their status without reading another list', async () => {
  await expectFlat(paths([`/v1/orders/batch/${past.list}?status=refused`]), 200);
});

test('orders In progress by their age are read in that order, whatever else is asked', async () => {
  const filters = { account: [String(past.large)], service: ['99'], provider: [String(past.provider)], link: ['none'] };
  const queries = everyChoice(filters).flatMap((query) => ['', `&cursor=after-${past.newest}`].map((at) => query + at));
  await expectFlat(paths(queries.map((query) => `/v1/admin/orders?sort=age&limit=20${query}`)));
});

test('panel API v2 reads the orders and refills of a call, however many there are', async () => {
  const hundred = (first: number) => Array.from({ length: LIMITS.idsPerRequest }, (_, n) => first + 7 * n).join();
  const call = (fields: Readonly<Record<string, string>>) => api.v2({ key, ...fields });
  await expectFlat({
    status: () => call({ action: 'status', order: String(past.middle) }),
    'status of many': () => call({ action: 'status', orders: hundred(past.oldest) }),
    'refill status': () => call({ action: 'refill_status', refill: '7' }),
    'refill status of many': () => call({ action: 'refill_status', refills: hundred(1) }),
    services: () => call({ action: 'services' }),
    balance: () => call({ action: 'balance' }),
  });
});

test('the stream of an order reads its events from where its client was', async () => {
  const open = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${key}`, 'last-event-id': String(lastEvent - 3) };
    const leave = new AbortController();
    const { body } = await fetch(`${api.url}/v1/orders/${past.dripFeed}/events`, { headers, signal: leave.signal });
    await body?.getReader().read();
    leave.abort();
  };
  const [{ id: lastEvent } = { id: 0 }] = await database.sql<{ id: number }[]>`
    select max(id)::float8 as id from events where order_id = ${past.dripFeed}`;
  await expectFlat({ events: open });
});

test('the stream of an account reads its events from where its client was, and the orders that it shows', async () => {
  const orders = Array.from({ length: LIMITS.ordersFollowed }, (_, n) => past.newest - n).join();
  const stream = await openStream(`${api.url}/v1/events/stream?orders=${orders}&after=100`, key);
  await expect.poll(() => stream.messages().length, { timeout: 10_000 }).toBeGreaterThan(LIMITS.ordersFollowed);
  await expectFlat({ events: async () => stream.leave(), progress: () => orderProgress(changes.sql, [past.dripFeed]) });
});

test('streams of one account at the same event share what is read', async () => {
  const streams = await Promise.all(
    Array.from({ length: LIMITS.streamsPerKey }, () => openStream(`${api.url}/v1/events/stream`, key)),
  );
  const all = (count: number) =>
    expect.poll(() => streams.map(({ messages }) => messages().length)).toEqual(streams.map(() => count));
  await all(1);
  taken();
  await database.sql`select add_event(${past.newest}, 'order.note', 'system', now())`;
  await all(2);
  expect(taken().filter(({ text }) => text.includes('"events" as "e"'))).toHaveLength(1);
  for (const stream of streams) stream.leave();
});

test('an account that is not like most reads no more: its orders of a common status are its oldest', async () => {
  const { key: odd } = await createKey(database.sql, { accountId: past.odd, name: 'odd' });
  const filters = { status: ['Completed', 'Canceled', 'Partial'], service: [String(past.service)], archived: ['true'] };
  const queries = everyChoice(filters).map((query) => `/v1/orders?limit=20${query}`);
  await expectFlat(paths(queries, odd));
  expect((await read('/v1/orders?status=Completed&limit=5', odd)).data).toHaveLength(5);
});

describe('a list whose filters no index serves', () => {
  /** All pages: their orders, and how many there were. */
  async function walk(query: string): Promise<{ ids: number[]; pages: number }> {
    const ids: number[] = [];
    let pages = 0;
    for (let cursor: unknown = ''; cursor !== null; pages += 1) {
      const { data, nextCursor } = await read(
        `/v1/orders?limit=100&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      ids.push(...(data as { id: number }[]).map(({ id }) => id));
      cursor = nextCursor;
    }
    return { ids, pages };
  }

  it('is read to its end over pages that may be short or empty, each order once, newest first', async () => {
    const service = past.oldService + 3;
    const { ids, pages } = await walk(`service=${service}&attention=none&status=Completed&archived=true`);
    const right = await database.sql<{ id: number }[]>`
      select o.id::float8 as id from orders o
        where account_id = ${past.large} and service_id = ${service} and attention = 'none' and status = 'Completed'
          and refill_until < now() and not exists (select from refills where order_id = o.id and stage <> 'ended')
        order by created_at desc, o.id desc`;
    expect(ids.length).toBeGreaterThan(100);
    expect(ids).toEqual(right.map(({ id }) => id));
    expect(pages).toBeLessThan(10);

    // The refill windows of the newest orders are open.
    const first = await read('/v1/orders?archived=true&status=Completed');
    expect(first).toEqual({ data: [], nextCursor: expect.any(String) });
    expect(await read(`/v1/orders?archived=true&status=Completed&to=${ago(61_000)}`)).toEqual({
      data: [],
      nextCursor: null,
    });
  });
});
