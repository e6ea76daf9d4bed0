import { afterAll, expect, test } from 'vitest';
import { createKey, createStaffKey } from '../../db/account/accounts.ts';
import { attemptReleased, attemptUnknown } from '../../db/dispatch/attempts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { proveLedger } from '../../db/ledger/proof.ts';
import { attemptOf, sending } from '../support/engines/running.ts';
import { serveApi } from '../support/worlds/api.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { newService, staffRequests } from '../support/worlds/staff-requests.ts';

const on = await apiWorld({ workers: false });
const { world, api, staff, close } = on;
const { post, account, provider } = staffRequests(on);
afterAll(close);

test('an account is opened, given a key and money, and its key works', async () => {
  const id = await account();
  const { status, body } = await post(`/accounts/${id}/keys`, { name: 'main' });
  expect(status).toBe(201);
  expect(body).toEqual({ id: expect.any(Number), key: expect.stringMatching(/^hf_\w{12}_\w{49}$/) });
  const paid = await post(`/accounts/${id}/deposits`, { amount: '12.5', reference: 'bank-1' });
  expect(paid.body).toEqual({ account: id, amount: '12.5', balance: '12.5', reference: 'bank-1' });
  const balance = await api.v1('/v1/balance', { key: body.key as string });
  expect(balance.body).toEqual({ balance: '12.5', currency: 'USD' });
  expect(await verifyLedger(world.sql)).toEqual([]);
});

test('a repeat with the same key gets the same answer, a key that was shown included', async () => {
  const id = await account();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => post(`/accounts/${id}/keys`, { name: 'main' }, 'the-same')),
  );
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(9);
  const [row] = await world.sql`select count(*)::integer as count from api_keys where account_id = ${id}`;
  expect(row).toEqual({ count: 1 });
  const [stored] = await world.sql`select body from stored_answers where idempotency_key = 'the-same'`;
  expect(stored).toEqual({ body: null });
  const other = await post(`/accounts/${id}/keys`, { name: 'other' }, 'the-same');
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

test('a repeat gets the stored answer, also when an address could not be looked up now', async () => {
  const { key } = (await post(`/accounts/${await account()}/keys`, { name: 'main' })).body;
  const url = 'http://127.0.0.1:9/here';
  const likes = newService([{ provider: await provider(), providerService: '1', rate: '0.1' }], {
    counterUrl: url,
  });
  // It refuses every address above: it stands for an API whose name servers fail.
  const cut = await serveApi({ ...world, allowLoopback: false });
  for (const [path, by, body] of [
    ['/v1/webhooks', key as string, { url }],
    ['/v1/admin/providers', staff, { name: 'looked up', url, key: 'upstream-secret', pollSeconds: 5 }],
    ['/v1/admin/services', staff, likes],
  ] as const) {
    const call = (idempotencyKey: string) => ({ key: by, body, idempotencyKey });
    const made = await api.v1(path, call('looked up'));
    const again = await cut.v1(path, call('looked up'));
    expect([path, again.status, again.body]).toEqual([path, 201, made.body]);
    expect([path, (await cut.v1(path, call('another'))).body.code]).toEqual([path, 'invalid_request']);
  }
  await cut.close();
});

test('a late order is reported once, also when its batch has had another attempt since', async () => {
  const { sql } = world;
  const { order } = await world.shop();
  const late = await order();
  const decided = async (attempt: number) => {
    await sending(sql, attemptOf(late, attempt));
    await attemptUnknown(sql, attemptOf(late, attempt), 'no answer');
    await attemptReleased(sql, attemptOf(late, attempt), 'it is not there', false);
  };
  const report = () => post(`/orders/${late}/late-orders`, { providerOrder: 'late-1' }, 'late');
  await decided(1);
  const first = await report();
  await decided(2);
  expect(await report()).toMatchObject({ status: 201, body: first.body });
});

test('a payment counts once, whatever key it is sent with', async () => {
  const id = await account();
  const path = `/accounts/${id}/deposits`;
  await Promise.all(Array.from({ length: 10 }, () => post(path, { amount: '5', reference: 'bank-2' })));
  const again = await post(path, { amount: '5.00', reference: 'bank-2' });
  expect([again.status, again.body.balance]).toEqual([201, '5']);
  const other = await post(path, { amount: '6', reference: 'bank-2' }, 'not-taken');
  expect([other.status, other.body.code]).toEqual([409, 'conflict']);
  // A refused request does not use up its key.
  expect((await post(path, { amount: '6', reference: 'bank-3' }, 'not-taken')).body.balance).toBe('11');
});

test.each([
  ['nothing', '0'],
  ['less than nothing', '-1'],
  ['a number', 5],
  ['nine decimals', '0.000000001'],
  ['more than there is', '90000000000.00000001'],
  ['an exponent', '1e3'],
])('%s is no deposit', async (_, amount) => {
  const answer = await post(`/accounts/${await account()}/deposits`, { amount, reference: 'x' });
  expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
  expect(answer.body.errors).toEqual([{ path: 'amount', message: expect.any(String) }]);
});

test('an account that is not there has no keys and no deposits', async () => {
  for (const id of ['999999', '99999999999', 'x']) {
    const answer = await post(`/accounts/${id}/deposits`, { amount: '1', reference: 'x' });
    expect([answer.status, answer.body.code]).toEqual([404, 'unknown_account']);
  }
});

test('a key opens what its scopes say, and nothing once it is revoked', async () => {
  const id = await account();
  const made = await post(`/accounts/${id}/keys`, { name: 'reader', scopes: ['orders:read'] });
  const key = made.body.key as string;
  expect((await api.v1('/v1/orders', { key })).status).toBe(200);
  for (const path of ['/v1/balance', '/v1/admin/accounts']) {
    const answer = await api.v1(path, { key });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  }
  expect(await api.v2({ key, action: 'balance' })).toEqual({ error: 'Invalid API key' });
  expect((await api.v1('/v1/orders', { key: staff })).status).toBe(403);

  await world.sql`update api_keys set revoked_at = now() where id = ${made.body.id as number}`;
  const after = await api.v1('/v1/orders', { key });
  expect([after.status, after.body.code]).toEqual([401, 'unauthorized']);
  expect(after.headers.get('www-authenticate')).toBe('Bearer');
  expect(await api.v2({ key, action: 'services' })).toEqual({ error: 'Invalid API key' });
});

test('a wrong, malformed or expired key is refused', async () => {
  const { key } = await createKey(world.sql, { accountId: await account(), name: 'expired' });
  await world.sql`update api_keys set expires_at = now() - interval '1 second' where name = 'expired'`;
  for (const wrong of [undefined, 'x', key, `${staff.slice(0, -1)}${staff.endsWith('0') ? '1' : '0'}`]) {
    expect((await api.v1('/v1/services', { key: wrong })).status).toBe(401);
  }
});

test('a staff key that was given before stays the same', async () => {
  const again = await createStaffKey(world.sql, { key: staff });
  expect(again.key).toBe(staff);
  const [row] = await world.sql`select count(*)::integer as count from accounts where name = 'Operations'`;
  expect(row).toEqual({ count: 1 });
});

test('what is not there, or not like this, is said so', async () => {
  const nothing = await api.v1('/v1/nothing', { key: staff });
  expect([nothing.status, nothing.body.code]).toEqual([404, 'not_found']);
  const method = await api.v1('/v1/orders', { key: staff, method: 'DELETE' });
  expect([method.status, method.body.code]).toEqual([405, 'method_not_allowed']);
  expect(method.headers.get('allow')).toContain('POST');
  const form = await api.v1('/v1/admin/accounts', {
    key: staff,
    body: 'name=x',
    idempotencyKey: 'form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect([form.status, form.body.code]).toEqual([415, 'unsupported_media_type']);
});

test('the process says how it is, what it counts and what it serves', async () => {
  expect((await api.v1('/healthz')).body).toEqual({ status: 'ok' });
  expect((await api.v1('/readyz')).body).toEqual({ status: 'ok' });
  await proveLedger(world.sql);
  const metrics = await (await fetch(api.metricsUrl)).text();
  expect(metrics).toContain('\nholdfast_ledger_drift 0\n');
  expect(metrics).toContain('holdfast_http_requests_total{route="POST /v1/admin/accounts",status="201"}');
  const { body } = await api.v1('/openapi.json');
  expect(body).toMatchObject({ openapi: '3.1.0' });
  expect(Object.keys(body.paths as object)).toContain('/v1/orders/{id}');
});
