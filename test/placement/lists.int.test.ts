import { connect, type Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Answer } from '../support/worlds/api.ts';
import { apiWorld } from '../support/worlds/api-world.ts';

const { world, api, shop, key, close } = await apiWorld({ service: { drip_feed: true } });
afterAll(close);

interface Line {
  readonly line: number;
  readonly status: string;
  readonly order: number | null;
  readonly error: { readonly code: string } | null;
}

let links = 0;
const link = () => `https://example.com/list/${++links}?sim=seconds:600`;
const sendText = (text: string, idempotencyKey: string): Promise<Answer> =>
  api.v1('/v1/orders/batch', { key, body: text, idempotencyKey, headers: { 'content-type': 'text/plain' } });
const sendJson = (lines: unknown, idempotencyKey: string): Promise<Answer> =>
  api.v1('/v1/orders/batch', { key, body: { lines }, idempotencyKey });
/** Sends the list again while lines have an unknown outcome, as a client would on a busy machine. */
async function sendUntilKnown(lines: unknown, idempotencyKey: string): Promise<Answer> {
  for (;;) {
    const answer = await sendJson(lines, idempotencyKey);
    if (answer.body.unknown === 0) return answer;
  }
}
const linesOf = ({ body }: Answer) => body.lines as Line[];
const ordersOf = async (): Promise<number> => {
  const [row] = await world.sql<{ count: number }[]>`
    select count(*)::integer as count from orders where account_id = ${shop.account}`;
  return row?.count ?? -1;
};

test('each line of a text is an order or says why not, in the order of the lines', async () => {
  const text = [
    `${shop.service}|${link()}|100`,
    'what is this?',
    `${shop.service}|${link()}|200|3|60`,
    '',
    `${shop.service}|not a link|100`,
    `999999|${link()}|100`,
    `${shop.service}|${link()}|5`,
  ].join('\r\n');
  const answer = await sendText(text, 'text');
  expect([answer.status, answer.body.placed, answer.body.refused, answer.body.unknown]).toEqual([200, 2, 4, 0]);
  expect(linesOf(answer).map(({ line, error }) => [line, error?.code])).toEqual([
    [1, undefined],
    [2, 'invalid_request'],
    [3, undefined],
    [5, 'invalid_link'],
    [6, 'unknown_service'],
    [7, 'quantity_below_min'],
  ]);
  const [first, , drip] = linesOf(answer);
  expect((await api.v1(`/v1/orders/${first?.order}`, { key })).body).toMatchObject({ quantity: 100, runs: 1 });
  expect((await api.v1(`/v1/orders/${drip?.order}`, { key })).body).toMatchObject({ quantity: 200, runs: 3 });
});

test('a hundred lines are a hundred orders, and the same list again is none', async () => {
  const lines = Array.from({ length: 100 }, () => ({ service: shop.service, link: link(), quantity: 100 }));
  const before = await ordersOf();
  const first = await sendUntilKnown(lines, 'hundred');
  expect(first.body).toMatchObject({ placed: 100, refused: 0, unknown: 0 });
  expect(new Set(linesOf(first).map(({ order }) => order)).size).toBe(100);
  const again = await sendJson(lines, 'hundred');
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(await ordersOf()).toBe(before + 100);
  expect(await verifyLedger(world.sql)).toEqual([]);
});

test('the same list sent twice at once is placed once', async () => {
  const lines = Array.from({ length: 10 }, () => ({ service: shop.service, link: link(), quantity: 100 }));
  const before = await ordersOf();
  const [one, other] = await Promise.all([sendJson(lines, 'twice'), sendJson(lines, 'twice')]);
  expect(one.body.placed).toBe(10);
  expect(other.body).toEqual(one.body);
  expect(await ordersOf()).toBe(before + 10);
});

test('two equal lines are two orders, and another list under the same key is refused whole', async () => {
  const line = { service: shop.service, link: link(), quantity: 10 };
  const answer = await sendJson([line, line], 'equal');
  const [one, other] = linesOf(answer);
  expect(answer.body.placed).toBe(2);
  expect(one?.order).not.toBe(other?.order);
  const before = await ordersOf();
  const changed = await sendJson([line, line, line], 'equal');
  expect([changed.status, changed.body.code]).toEqual([422, 'idempotency_key_reused']);
  expect(await ordersOf()).toBe(before);
});

test('the key of a list and the key of an order are different keys', async () => {
  const line = { service: shop.service, link: link(), quantity: 10 };
  const listed = await sendJson([line], 'shared');
  const single = await api.v1('/v1/orders', { key, body: line, idempotencyKey: 'shared' });
  expect([listed.body.placed, single.status]).toEqual([1, 201]);
});

test('a wallet that holds the price of some lines pays for just so many', async () => {
  const poor = await world.shop({ balance: '0.45' });
  const { key: poorKey } = await createKey(world.sql, { accountId: poor.account, name: 'poor' });
  const lines = Array.from({ length: 20 }, () => ({ service: poor.service, link: link(), quantity: 100 }));
  const send = async () =>
    (await api.v1('/v1/orders/batch', { key: poorKey, body: { lines }, idempotencyKey: 'poor' })).body;
  // On a busy machine a line may be unknown at first. Sending the list again resolves it.
  await expect.poll(send, { timeout: 30_000 }).toMatchObject({ placed: 5, refused: 15, unknown: 0 });
  const body = await send();
  const codes = (body.lines as Line[]).flatMap(({ error }) => error?.code ?? []);
  expect(new Set(codes)).toEqual(new Set(['insufficient_funds']));
  expect((await api.v1('/v1/balance', { key: poorKey })).body.balance).toBe('0');
});

test.each<[string, unknown, string, number, string]>([
  ['no line', '\n\n', 'text/plain', 422, 'invalid_request'],
  ['no list', '{"orders":[]}', 'application/json', 422, 'invalid_request'],
  ['an empty list', '{"lines":[]}', 'application/json', 422, 'invalid_request'],
  ['JSON that is broken', '{"lines":', 'application/json', 400, 'malformed_body'],
  ['another type', 'a,b,c', 'text/csv', 415, 'unsupported_media_type'],
])('%s is refused', async (_, body, type, status, code) => {
  const call = { key, body, idempotencyKey: 'refused', headers: { 'content-type': type } };
  const answer = await api.v1('/v1/orders/batch', call);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('a list needs an Idempotency-Key', async () => {
  const answer = await api.v1('/v1/orders/batch', { key, body: { lines: [1] } });
  expect([answer.status, answer.body.code]).toEqual([400, 'idempotency_key_missing']);
});

/** A list whose body never ends. */
function endless(path: string, by: string): Socket {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  const head = [`authorization: Bearer ${by}`, 'idempotency-key: endless', 'content-type: text/plain'];
  socket.write([`POST ${path} HTTP/1.1`, 'host: a', ...head, 'content-length: 1000', '', 'x'].join('\r\n'));
  return socket;
}

test('an account has a few lists read at the same time, and others have their turns', async () => {
  const busy = await world.shop();
  const { key: theirs } = await createKey(world.sql, { accountId: busy.account, name: 'busy' });
  const paths = ['/v1/orders/batch', '/v1/quotes/batch'];
  const count = (LIMITS.listsOfAccount + LIMITS.listsWaiting) / paths.length;
  const sockets = paths.flatMap((path) => Array.from({ length: count }, () => endless(path, theirs)));
  const quote = (by: string) => api.v1('/v1/quotes/batch', { key: by, body: { lines: ['what is this?'] } });
  await expect.poll(async () => (await quote(theirs)).status, { timeout: 15_000 }).toBe(429);
  const list = { key: theirs, body: { lines: ['what is this?'] }, idempotencyKey: 'one more' };
  const refused = await api.v1('/v1/orders/batch', list);
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([429, 'rate_limited', '1']);
  expect((await quote(key)).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await expect.poll(async () => (await api.v1('/v1/orders/batch', list)).status, { timeout: 15_000 }).toBe(200);
}, 60_000);
