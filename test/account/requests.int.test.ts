import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRequestLog, type RequestLog } from '../../api/account/request-log.ts';
import { createAccount, createKey, createStaffKey } from '../../db/account/accounts.ts';
import { addRequests, deleteOldRequests, listRequests, type RecentRequest } from '../../db/account/requests.ts';
import { connect, type Sql } from '../../db/client.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openVisitor, type Visitor } from '../support/worlds/visitor.ts';

const silent = pino({ level: 'silent' });

let database: TestDatabase;
/** Connected as the product is. */
let own: Sql;
let log: RequestLog;
let api: ServedApi;
let staff: string;
let account: number;
let key: string;
let keyId: number;

beforeAll(async () => {
  database = await testDatabase();
  own = connect(database.appUrl, { name: 'holdfast-test', max: 2 });
  log = createRequestLog(own, silent);
  const temporal = new Client({ connection: Connection.lazy() });
  api = await serveApi({ ...database, temporal, masterKey: Buffer.alloc(32), requests: log });
  ({ key: staff } = await createStaffKey(database.sql));
});
beforeEach(async () => {
  account = await createAccount(database.sql, 'Reseller');
  ({ key, id: keyId } = await createKey(database.sql, { accountId: account, name: 'shop' }));
});
afterAll(async () => {
  await api.close();
  await own.end();
  await database.drop();
});

/** The requests that the account's owner sees, when all that were noted are written. */
async function seen(query = ''): Promise<RecentRequest[]> {
  await log.flush();
  const { status, body } = await api.v1(`/v1/requests${query}`, { key });
  expect(status).toBe(200);
  return body.data as RecentRequest[];
}

async function signedIn(desk: 'app' | 'ops', as: string): Promise<Visitor> {
  const visitor = openVisitor(api.url, desk);
  await visitor.signIn(as);
  return visitor;
}

const request = (at: string, more: Partial<RecentRequest> = {}): RecentRequest => ({
  at,
  key: keyId,
  request: 'GET /v1/balance',
  status: 200,
  code: null,
  ms: 1,
  requestId: 'r',
  ...more,
});
/** Times of the last hour, a second apart, the latest first. */
const times = (count: number) =>
  Array.from({ length: count }, (_, n) => new Date(Date.now() - n * 1_000).toISOString());

describe('a request of a program', () => {
  it('is listed with its answer, and without its query and body', async () => {
    const { headers } = await api.v1('/v1/orders?link=secret', { key });
    const [one, ...others] = await seen();
    expect(others).toEqual([]);
    expect(one).toEqual({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      key: keyId,
      request: 'GET /v1/orders',
      status: 200,
      code: null,
      ms: expect.any(Number),
      requestId: headers.get('x-request-id'),
    });
  });

  it('that was refused has the code of the refusal, on both APIs', async () => {
    await api.v1('/v1/orders/999999999', { key });
    await api.v1('/v1/orders', { key, body: {}, idempotencyKey: 'a' });
    await api.v2({ key, action: 'status', order: 'none' });
    await api.v2({ key, action: 'balance' });
    await api.v2({ key, action: 'nothing' });
    expect((await seen()).map(({ request, status, code }) => [request, status, code])).toEqual([
      ['POST /api/v2', 200, 'incorrect_action'],
      ['POST /api/v2 balance', 200, null],
      ['POST /api/v2 status', 200, 'order_not_found'],
      ['POST /v1/orders', 422, 'invalid_request'],
      ['GET /v1/orders/999999999', 404, 'order_not_found'],
    ]);
  });

  it('with a key of another account, without a valid key, or of the pages is not listed', async () => {
    await api.v1('/v1/balance', { key: staff });
    await api.v1('/v1/balance', { key: `${key}x` });
    await api.v1('/v1/balance');
    const visitor = await signedIn('app', key);
    expect((await visitor.get('/app/developers')).status).toBe(200);
    expect(await seen()).toEqual([]);
  });

  it('is listed whatever its path is, and leaves the requests of other accounts alone', async () => {
    const other = await createAccount(database.sql, 'Another');
    const { key: theirs } = await createKey(database.sql, { accountId: other, name: 'shop' });
    const almost = '/v1/orders/'.padEnd(199, 'a');
    await api.v1('/v1/orders/%00', { key });
    await api.v1(`${almost}${encodeURIComponent('👍')}`, { key });
    await api.v1('/v1/balance', { key: theirs });
    expect((await seen()).map(({ request }) => request).sort()).toEqual(['GET /v1/orders/', `GET ${almost}`]);
    const { body } = await api.v1('/v1/requests', { key: theirs });
    expect(body.data).toMatchObject([{ request: 'GET /v1/balance' }]);
  });

  it('keeps no key that stands in its path by mistake', async () => {
    await api.v1(`/v1/orders/${key}`, { key });
    expect((await seen()).map(({ request }) => request)).toEqual(['GET /v1/orders/…']);
  });
});

describe('the list', () => {
  it('shows only refused ones, or only those of one key', async () => {
    const other = await createKey(database.sql, { accountId: account, name: 'other' });
    await api.v1('/v1/balance', { key });
    await api.v1('/v1/orders/1', { key: other.key });
    const asked = async (query: string) => (await seen(query)).map((one) => one.request);
    expect(await asked(`?key=${other.id}`)).toEqual(['GET /v1/orders/1']);
    expect(await asked(`?refused=false&key=${keyId}`)).toContain('GET /v1/balance');
    expect(await asked('?refused=true')).toEqual(['GET /v1/orders/1']);
    expect((await api.v1('/v1/requests?refused=perhaps', { key })).status).toBe(422);
  });

  it('keeps the latest of an account, whichever process wrote them', async () => {
    const [latest = '', ...earlier] = times(LIMITS.recentRequests + 20);
    await addRequests(own, [{ account, requests: earlier.slice(50).map((at) => request(at)) }]);
    await addRequests(own, [{ account, requests: [latest, ...earlier.slice(0, 50)].map((at) => request(at)) }]);
    const kept = (await listRequests(own, account)).map(({ at }) => at);
    expect(kept).toEqual([latest, ...earlier].slice(0, LIMITS.recentRequests));
  });

  it('forgets requests after days, and the account that makes none any more', async () => {
    const old = new Date(Date.now() - (LIMITS.recentRequestDays + 1) * 86_400_000).toISOString();
    await addRequests(own, [{ account, requests: [request(old)] }]);
    expect(await listRequests(own, account)).toEqual([]);
    await database.sql`update recent_requests set updated_at = ${old} where account_id = ${account}`;
    expect(await deleteOldRequests(own, LIMITS.recentRequestDays, 10)).toBe(1);
    expect(await deleteOldRequests(own, LIMITS.recentRequestDays, 10)).toBe(0);
  });

  it('is read by staff for any account', async () => {
    await api.v1('/v1/orders/1', { key });
    await log.flush();
    const { body } = await api.v1(`/v1/admin/accounts/${account}/requests?refused=true`, { key: staff });
    expect(body.data).toMatchObject([{ request: 'GET /v1/orders/1', key: keyId, code: 'order_not_found' }]);
    const missing = await api.v1('/v1/admin/accounts/999999/requests', { key: staff });
    expect([missing.status, missing.body.code]).toEqual([404, 'unknown_account']);
  });
});

describe('the log in a process', () => {
  it('holds no more than the latest of an account in memory', async () => {
    const all = times(LIMITS.recentRequests + 5).reverse();
    for (const at of all) log.note(account, request(at));
    const rows = await seen();
    expect(rows.map(({ at }) => at)).toEqual(all.slice(5).reverse());
  });

  it('leaves requests out when the database is away, and goes on afterwards', async () => {
    const gone = connect('postgres://127.0.0.1:1/none', { name: 'holdfast-test', max: 1 });
    const away = createRequestLog(gone, silent);
    away.note(account, request(new Date().toISOString()));
    await away.flush();
    await gone.end({ timeout: 0 });
    await api.v1('/v1/balance', { key });
    expect((await seen()).map((one) => one.request)).toEqual(['GET /v1/balance']);
  });
});

it('the pages of developers and of an account show them', async () => {
  for (let n = 1; n <= 12; n += 1) await api.v1(`/v1/orders/${n}`, { key });
  await api.v1('/v1/balance', { key });
  await log.flush();
  const customer = await signedIn('app', key);
  const { html } = await customer.get('/app/developers');
  expect(html).toContain('<code>GET /v1/balance</code>');
  expect(html).toContain('order_not_found');
  expect(html).not.toContain('<code>GET /v1/orders/1</code>');
  expect(html).toContain('href="/app/requests?refused=true"');
  const refused = (await customer.get('/app/requests?refused=true')).html;
  expect(refused).toContain('<code>GET /v1/orders/1</code>');
  expect(refused).not.toContain('GET /v1/balance');
  const support = await signedIn('ops', staff);
  expect((await support.get(`/ops/accounts/${account}`)).html).toContain(`href="/ops/accounts/${account}/requests"`);
  expect((await support.get(`/ops/accounts/${account}/requests`)).html).toContain('<code>GET /v1/balance</code>');
});
