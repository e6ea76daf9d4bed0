import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

let database: TestDatabase;
let api: ServedApi;
let shop: Shop;
let key: string;

beforeAll(async () => {
  database = await testDatabase();
  const temporal = new Client({ connection: Connection.lazy() });
  api = await serveApi({ ...database, temporal, masterKey: Buffer.alloc(32) });
  shop = await openShop(database.sql, { balance: '10', service: { duplicate_link: 'reject', drip_feed: false } });
  ({ key } = await createKey(database.sql, { accountId: shop.account, name: 'test' }));
});
afterAll(async () => {
  await api.close();
  await database.drop();
});

const order = (more: object = {}) => ({
  service: shop.service,
  link: 'https://example.com/quoted',
  quantity: 1000,
  ...more,
});
const quote = (body: object, by = key) => api.v1('/v1/quotes', { key: by, body });
const errorsOf = async (body: object) =>
  ((await quote(body)).body.errors as { code: string; path: string | null }[]).map(({ code, path }) => [path, code]);
interface QuotedLine {
  readonly line: number;
  readonly price: string | null;
  readonly errors: readonly { readonly code: string }[];
}

/** How many rows there are of everything that an order writes. */
const written = () => database.sql`
  select (select count(*) from claims) as claims, (select count(*) from orders) as orders,
         (select count(*) from transfers) as transfers, (select count(*) from stored_answers) as answers`;

test('a quote says what an order would cost and that it would be taken, and places nothing', async () => {
  const before = await written();
  const { status, body } = await quote(order());
  expect([status, body]).toEqual([
    200,
    {
      service: shop.service,
      accepted: true,
      rate: '0.9',
      unitPrice: '0.0009',
      quantity: 1000,
      totalQuantity: 1000,
      price: '0.9',
      currency: 'USD',
      balance: '10',
      affordable: true,
      errors: [],
    },
  ]);
  expect(await written()).toEqual(before);
});

test('it names every fault at once beside its field, and the price where the quantity is known', async () => {
  const all = { link: 'nowhere', maxCharge: '10', quantity: 20_000, comments: ['nice'] };
  const dripFeed = { runs: 3, intervalMinutes: 10 };
  const { body } = await quote(order({ ...all, dripFeed }));
  expect(body).toMatchObject({ accepted: false, totalQuantity: 60_000, price: '54', balance: '10', affordable: false });
  expect(await errorsOf(order({ ...all, dripFeed }))).toEqual([
    ['link', 'invalid_link'],
    ['comments', 'unexpected_field'],
    ['dripFeed', 'drip_feed_unavailable'],
    ['maxCharge', 'charge_above_max'],
    [null, 'insufficient_funds'],
  ]);
  const short = await quote(order({ quantity: 9 }));
  expect(short.body).toMatchObject({ accepted: false, price: null, totalQuantity: null, affordable: null });
  expect(await errorsOf(order({ quantity: 9 }))).toEqual([['quantity', 'quantity_below_min']]);
  for (const quantity of [0, -5, 2.5]) {
    expect(await errorsOf(order({ quantity }))).toEqual([['quantity', 'invalid_quantity']]);
  }
  expect(await errorsOf(order({ service: 9_000_000_000 }))).toEqual([['service', 'unknown_service']]);
});

test('it knows the open order of the link, also where the quantity is wrong', async () => {
  const link = 'https://example.com/open';
  await shop.order({ link });
  expect(await errorsOf(order({ link: 'https://www.example.com/open?utm_source=a', quantity: 9 }))).toEqual([
    ['quantity', 'quantity_below_min'],
    ['link', 'duplicate_link'],
  ]);
});

test('a price that no number of the database holds is too large, and not an error', async () => {
  const dear = await openShop(database.sql, { service: { rate: 10n ** 14n - 1n, max: 1_000_000_000 } as never });
  const body = { service: dear.service, link: 'https://example.com/dear', quantity: 1_000_000_000 };
  expect(await errorsOf({ ...body, dripFeed: { runs: 10_000, intervalMinutes: 1 } })).toEqual([
    ['quantity', 'price_too_large'],
  ]);
});

test('the first fault of a quote is the one that refuses the order', async () => {
  const wrong = [
    order({ link: 'nowhere', quantity: 1 }),
    order({ quantity: 1, comments: 'nice' }),
    order({ maxCharge: '0.1', dripFeed: { runs: 2, intervalMinutes: 5 } }),
    order({ quantity: 100_000 }),
    order({ service: 0 }),
  ];
  for (const body of wrong) {
    const refused = await api.v1('/v1/orders', { key, body, idempotencyKey: JSON.stringify(body) });
    expect([(await errorsOf(body))[0]?.[1], refused.status]).toEqual([refused.body.code, expect.any(Number)]);
  }
});

test('a body that breaks the schema is refused with all its fields, and the balance needs its own scope', async () => {
  const wrong = await quote({ ...order(), maxCharge: 'much', dripFeed: { runs: 0 }, sender: 'me' });
  expect([wrong.status, wrong.body.code]).toEqual([422, 'invalid_request']);
  expect((wrong.body.errors as { path: string }[]).map(({ path }) => path).sort()).toEqual([
    '',
    'dripFeed.intervalMinutes',
    'dripFeed.runs',
    'maxCharge',
  ]);
  const { key: seller } = await createKey(database.sql, {
    ...{ accountId: shop.account, name: 'seller', scopes: ['orders:write'] },
  });
  expect((await quote(order(), seller)).body).toMatchObject({ accepted: true, balance: null, affordable: true });
});

test('a list is quoted line by line with its total, by the rules of one order, and nothing is placed', async () => {
  const before = await written();
  const list = [
    `${shop.service}|https://example.com/list/1|1000`,
    '',
    `${shop.service}|https://www.example.com/open|1000`,
    `${shop.service}|nowhere|9`,
    'not a line',
    `${shop.service}|https://example.com/list/2|10000`,
    `${shop.service}|https://example.com/list/3|5000|3|10`,
    '999999|https://example.com/list/4|1000',
    `${shop.service}|https://example.com/\u0000|1000`,
  ];
  const headers = { 'content-type': 'text/plain' };
  const { status, body } = await api.v1('/v1/quotes/batch', { key, body: list.join('\n'), headers });
  expect([status, body]).toMatchObject([
    200,
    { accepted: 2, refused: 6, total: '9.9', balance: '9.1', affordable: false },
  ]);
  expect(
    (body.lines as QuotedLine[]).map(({ line, price, errors }) => [line, price, errors.map(({ code }) => code)]),
  ).toEqual([
    [1, '0.9', []],
    [3, '0.9', ['duplicate_link']],
    [4, null, ['invalid_link', 'quantity_below_min']],
    [5, null, ['invalid_request']],
    [6, '9', []],
    [7, '13.5', ['drip_feed_unavailable', 'insufficient_funds']],
    [8, null, ['unknown_service']],
    [9, '0.9', ['invalid_link']],
  ]);
  expect(await written()).toEqual(before);
  const { key: seller } = await createKey(database.sql, {
    ...{ accountId: shop.account, name: 'lister', scopes: ['orders:write'] },
  });
  const dearer = {
    lines: [order(), order({ link: 'https://example.com/list/5', quantity: 10_000 }), order({ quantity: 2_000 })],
  };
  const together = await api.v1('/v1/quotes/batch', { key: seller, body: dearer });
  expect(together.body).toMatchObject({ accepted: 3, total: '11.7', balance: null, affordable: false });
});

test('the quote of a long list of faults shows all of the first lines and the first of each other line', async () => {
  const lines = Array.from({ length: LIMITS.listFaults / 2 + 2 }, () => `${shop.service}|nowhere|9`);
  const { status, body } = await api.v1('/v1/quotes/batch', { key, body: { lines } });
  expect([status, body.accepted, body.refused]).toEqual([200, 0, lines.length]);
  const shown = (body.lines as QuotedLine[]).slice(-4).map(({ errors }) => errors.map(({ code }) => code));
  const both = ['invalid_link', 'quantity_below_min'];
  expect(shown).toEqual([both, both, ['invalid_link'], ['invalid_link']]);
});
