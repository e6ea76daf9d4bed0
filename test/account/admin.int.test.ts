import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { createKey, createStaffKey } from '../../db/account/accounts.ts';
import { open } from '../../db/account/secrets.ts';
import { attemptReleased, attemptUnknown } from '../../db/dispatch/attempts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { proveLedger } from '../../db/ledger/proof.ts';
import { attemptOf, sending } from '../support/engines/running.ts';
import { type Answer, serveApi } from '../support/worlds/api.ts';
import { apiWorld } from '../support/worlds/api-world.ts';

const { world, api, staff, close } = await apiWorld({ workers: false });
afterAll(close);

let keys = 0;
const post = (path: string, body: unknown, idempotencyKey = `k-${++keys}`): Promise<Answer> =>
  api.v1(`/v1/admin${path}`, { key: staff, body, idempotencyKey });
const account = async (): Promise<number> => (await post('/accounts', { name: 'Agency' })).body.id as number;
const provider = async (): Promise<number> => {
  const { body } = await post('/providers', {
    name: `panel ${++keys}`,
    url: 'http://127.0.0.1:9/api/v2',
    key: 'upstream-secret',
    pollSeconds: 5,
    duplicateGuard: true,
  });
  return body.id as number;
};
const service = (routes: unknown, more: object = {}) => ({
  name: 'Likes',
  category: 'Instagram',
  type: 'Default',
  rate: '0.27819',
  min: 10,
  max: 5000,
  routes,
  ...more,
});

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
  const likes = service([{ provider: await provider(), providerService: '1', rate: '0.1' }], {
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

test("a provider's key is kept encrypted and never shown", async () => {
  const id = await provider();
  const [row] = await world.sql`select key_cipher, profile, poll_seconds from providers where id = ${id}`;
  expect(open(world.masterKey, `provider:${id}`, row?.key_cipher as Buffer)).toBe('upstream-secret');
  expect(row).toMatchObject({ profile: { duplicateGuard: true }, poll_seconds: 5 });
  const listed = await api.v1('/v1/admin/providers', { key: staff });
  expect(JSON.stringify(listed.body)).not.toContain('upstream-secret');
  expect((listed.body.data as { id: number }[])[0]?.id).toBe(id);
});

test("a provider's address, key and callback secret are replaced, each by itself, and none is shown or kept in the audit log", async () => {
  const id = await provider();
  const change = (body: object) => api.v1(`/v1/admin/providers/${id}`, { key: staff, method: 'PATCH', body });
  const stored = async () => {
    const [row] = await world.sql`select url, key_cipher, callback_cipher from providers where id = ${id}`;
    const callback = row?.callback_cipher as Buffer | null;
    return {
      url: row?.url,
      key: open(world.masterKey, `provider:${id}`, row?.key_cipher as Buffer),
      callback: callback && open(world.masterKey, `callback:${id}`, callback),
    };
  };
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  expect((await change({ key: 'another-secret' })).body).toEqual({ id });
  expect(await stored()).toEqual({ url: 'http://127.0.0.1:9/api/v2', key: 'another-secret', callback: null });
  await change({ callbackSecret: secret, url: 'http://127.0.0.1:10/api/v2' });
  expect(await stored()).toEqual({ url: 'http://127.0.0.1:10/api/v2', key: 'another-secret', callback: secret });
  await change({ callbackSecret: null });
  expect(await stored()).toEqual({ url: 'http://127.0.0.1:10/api/v2', key: 'another-secret', callback: null });
  for (const refused of [{ key: '' }, { callbackSecret: 'short' }, { url: 'ftp://example.com' }]) {
    const { status, body } = await change(refused);
    expect([status, body.code]).toEqual([422, 'invalid_request']);
  }
  expect((await stored()).key).toBe('another-secret');
  const missing = await api.v1('/v1/admin/providers/999999', {
    key: staff,
    method: 'PATCH',
    body: { url: 'http://127.0.0.1:9/' },
  });
  expect(missing.status).toBe(404);
  const kept = JSON.stringify([
    (await api.v1(`/v1/admin/providers/${id}`, { key: staff })).body,
    await world.sql`select detail from audit`,
  ]);
  expect(kept).not.toMatch(/another-secret|whsec_/);
});

test('a service is offered with its defaults', async () => {
  const provided = await provider();
  const { status, body } = await post('/services', service([{ provider: provided, providerService: 7, rate: '0.2' }]));
  expect(status).toBe(201);
  const listed = await api.v1('/v1/admin/services?limit=1', { key: staff });
  expect((listed.body.data as unknown[])[0]).toEqual({
    id: body.id,
    name: 'Likes',
    category: 'Instagram',
    type: 'Default',
    rate: '0.27819',
    min: 10,
    max: 5000,
    unlimitedPosts: null,
    dripFeed: false,
    cancel: false,
    refillDays: 0,
    refillCap: 10,
    refillCooldownSeconds: 86_400,
    refillFallback: 'review',
    stallAfterSeconds: 86_400,
    reviewAfterSeconds: 604_800,
    verify: 'provider',
    counterUrl: null,
    counterTolerancePercent: 5,
    recheckSeconds: 300,
    linkPattern: null,
    duplicateLink: 'reject',
    duplicateScope: 'account',
    ignoredLinkParameters: [],
    step: 1,
    afterFailedRun: 'continue',
    routing: 'order',
    active: true,
    routes: [
      {
        provider: provided,
        providerService: '7',
        rate: '0.2',
        active: true,
        held: null,
        min: null,
        max: null,
        step: null,
      },
    ],
  });
});

test('a service has a drip-feed only where its type can, and a subscription is waited for a year', async () => {
  const routes = [{ provider: await provider(), providerService: 7, rate: '0.2' }];
  for (const [type, dripFeed, stallAfterSeconds] of [
    ['Web Traffic', true, 86_400],
    ['Poll', false, 86_400],
    ['Subscriptions', false, 31_536_000],
  ]) {
    await post('/services', service(routes, { type, dripFeed: true }));
    const listed = await api.v1('/v1/admin/services?limit=1', { key: staff });
    expect((listed.body.data as unknown[])[0]).toMatchObject({ type, dripFeed, stallAfterSeconds });
  }
});

test.each<[string, object, string]>([
  ['no route', { routes: [] }, 'invalid_request'],
  ['a provider that is not there', {}, 'unknown_provider'],
  ['a rate of six decimals', { rate: '0.278191' }, 'invalid_request'],
  ['a rate that is a number', { rate: 0.9 }, 'invalid_request'],
  ['a minimum above the maximum', { min: 6000 }, 'invalid_request'],
  ['a pattern that is none', { linkPattern: '(' }, 'invalid_request'],
  ['a pattern with half a character', { linkPattern: '\ud800' }, 'invalid_request'],
  ['a subscription that is counted', { type: 'Subscriptions', verify: 'counter' }, 'invalid_request'],
  ['a subscription that is refilled', { type: 'Subscriptions', refillDays: 30 }, 'invalid_request'],
  ['an end to subscriptions that is none', { type: 'Subscriptions', unlimitedPosts: 0 }, 'invalid_request'],
  ['more posts than are sold', { type: 'Subscriptions', unlimitedPosts: 100_001 }, 'invalid_request'],
  ['posts, and of another type', { unlimitedPosts: 100 }, 'invalid_request'],
  ['a type that is not sold', { type: 'Livestream' }, 'invalid_request'],
])('a service with %s is refused', async (_, more, code) => {
  const answer = await post('/services', service([{ provider: 999_999, providerService: '1', rate: '0.1' }], more));
  expect([answer.status, answer.body.code]).toEqual([422, code]);
});

test('a service is changed for what is ordered from then on, or is sold no more', async () => {
  const { body } = await post('/services', service([{ provider: await provider(), providerService: 7, rate: '0.1' }]));
  const path = `/v1/admin/services/${body.id}`;
  const change = (to: object, id = path) => api.v1(id, { key: staff, method: 'PATCH', body: to });
  const listed = async () =>
    ((await api.v1('/v1/admin/services?limit=1', { key: staff })).body.data as Record<string, unknown>[])[0];
  const before = await listed();
  expect((await change({ name: 'Likes, real', rate: '0.3', min: 20, max: 400 })).status).toBe(200);
  expect(await listed()).toEqual({ ...before, name: 'Likes, real', rate: '0.3', min: 20, max: 400 });
  expect((await change({ active: false })).status).toBe(200);
  expect(await listed()).toMatchObject({ active: false });
  const { body: id } = await post('/accounts', { name: 'Agency' });
  const { body: key } = await post(`/accounts/${id.id}/keys`, { name: 'main' });
  const sold = await api.v1('/v1/services', { key: key.key as string });
  expect((sold.body.data as { id: number }[]).some((one) => one.id === body.id)).toBe(false);

  expect((await change({ max: 10 })).status).toBe(422);
  expect((await change({ rate: '0.000001' })).status).toBe(422);
  expect((await change({})).status).toBe(422);
  expect((await change({ active: true }, '/v1/admin/services/999999')).status).toBe(404);
  expect(await listed()).toMatchObject({ max: 400, rate: '0.3', type: 'Default', active: false });
});

test('what a subscription without posts is bought for is said of subscriptions, and of nothing else', async () => {
  const routes = [{ provider: await provider(), providerService: 7, rate: '0.1' }];
  const listed = async () => (await api.v1('/v1/admin/services?limit=1', { key: staff })).body.data;
  const change = (id: unknown, unlimitedPosts: number) =>
    api.v1(`/v1/admin/services/${id}`, { key: staff, method: 'PATCH', body: { unlimitedPosts } });

  await post('/services', service(routes, { type: 'Subscriptions' }));
  expect(await listed()).toMatchObject([{ unlimitedPosts: 100 }]);
  const { body } = await post('/services', service(routes, { type: 'Subscriptions', unlimitedPosts: 100_000 }));
  expect(await listed()).toMatchObject([{ id: body.id, unlimitedPosts: 100_000 }]);
  expect((await change(body.id, 12)).status).toBe(200);
  expect(await listed()).toMatchObject([{ id: body.id, unlimitedPosts: 12, rate: '0.27819', active: true }]);
  for (const wrong of [0, 100_001, 1.5]) expect((await change(body.id, wrong)).status).toBe(422);
  expect((await change(999_999, 12)).status).toBe(404);

  const { body: other } = await post('/services', service(routes));
  const refused = await change(other.id, 12);
  expect([refused.status, refused.body.code]).toEqual([422, 'invalid_request']);
  expect(refused.body.errors).toMatchObject([{ path: 'unlimitedPosts' }]);
  expect(await listed()).toMatchObject([{ id: other.id, unlimitedPosts: null }]);
});

test('where loopback addresses are not allowed, a provider cannot be at one', async () => {
  const guarded = await serveApi({ ...world, allowLoopback: false });
  try {
    for (const url of [
      'http://127.0.0.1/api',
      'http://localhost/api',
      'http://[::1]/',
      'http://10.0.0.1/',
      'ftp://x/',
    ]) {
      const body = { name: 'inside', url, key: 'k', pollSeconds: 5 };
      const answer = await guarded.v1('/v1/admin/providers', { key: staff, body, idempotencyKey: url });
      expect([url, answer.status, answer.body.code]).toEqual([url, 422, 'invalid_request']);
    }
  } finally {
    await guarded.close();
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
