import { afterAll, beforeAll, expect, test } from 'vitest';
import { V1_ROUTES } from '../../api/v1/index.ts';
import { createStaffKey } from '../../db/account/accounts.ts';
import { attemptReleased, attemptUnknown } from '../../db/dispatch/attempts.ts';
import { attemptOf, sending } from '../support/engines/running.ts';
import { type Answer, type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

let world: World;
let api: ServedApi;
let staff: string;
let account: number;

beforeAll(async () => {
  world = await realWorld();
  api = await serveApi(world);
  ({ key: staff } = await createStaffKey(world.sql, { name: 'night shift' }));
  account = (await post('/accounts', { name: 'Agency' })).body.id as number;
});
afterAll(async () => {
  await api.close();
  await world.close();
});

let keys = 0;
const post = (path: string, body: unknown, idempotencyKey = `k-${++keys}`): Promise<Answer> =>
  api.v1(`/v1/admin${path}`, { key: staff, body, idempotencyKey });
const get = (path: string): Promise<Answer> => api.v1(`/v1/admin${path}`, { key: staff });
const revoke = (id: unknown): Promise<Answer> => api.v1(`/v1/admin/keys/${id}`, { key: staff, method: 'DELETE' });
const entries = async (query: string) =>
  (await get(`/audit?${query}`)).body.data as Readonly<Record<string, unknown>>[];

test('the keys of an account are listed without what opens anything', async () => {
  const made = await post(`/accounts/${account}/keys`, { name: 'reader', scopes: ['orders:read'] });
  const key = made.body.key as string;
  expect((await api.v1('/v1/orders', { key })).status).toBe(200);
  // The API records the use of a key in the background.
  await expect
    .poll(async () => ((await get(`/accounts/${account}/keys`)).body.data as object[])[0])
    .toMatchObject({ id: made.body.id, name: 'reader', scopes: ['orders:read'], lastUsedAt: expect.any(String) });
  const listed = await get(`/accounts/${account}/keys?limit=1`);
  expect(listed.body.data).toMatchObject([{ account, prefix: key.slice(3, 15), expiresAt: null, revokedAt: null }]);
  expect(JSON.stringify(listed.body)).not.toContain(key.slice(16));
  expect((await get('/accounts/999999/keys')).body.code).toBe('unknown_account');
});

test('a key is changed for another without a gap, and the old one ends at once', async () => {
  const [old, next] = [
    await post(`/accounts/${account}/keys`, { name: 'old' }),
    await post(`/accounts/${account}/keys`, { name: 'new' }),
  ];
  const works = async () =>
    Promise.all([old, next].map(async ({ body }) => (await api.v1('/v1/balance', { key: body.key as string })).status));
  expect(await works()).toEqual([200, 200]);
  const revoked = await revoke(old.body.id);
  expect([revoked.status, revoked.body]).toMatchObject([200, { id: old.body.id, revokedAt: expect.any(String) }]);
  expect(await works()).toEqual([401, 200]);
  // A second revoke changes nothing: `revokedAt` stays.
  expect((await revoke(old.body.id)).body.revokedAt).toBe(revoked.body.revokedAt);
  for (const nobody of [999_999, 'x', '99999999999']) expect((await revoke(nobody)).body.code).toBe('not_found');
});

test('a key ends by itself when it was made to', async () => {
  const path = `/accounts/${account}/keys`;
  const late = await post(path, { name: 'late', expiresAt: new Date(Date.now() - 1_000).toISOString() });
  expect([late.status, late.body.code]).toEqual([422, 'invalid_request']);
  const made = await post(path, { name: 'short', expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
  const status = async () => (await api.v1('/v1/balance', { key: made.body.key as string })).status;
  expect([made.status, await status()]).toEqual([201, 200]);
  await world.sql`update api_keys set expires_at = expires_at - interval '1 hour' where id = ${made.body.id as number}`;
  expect(await status()).toBe(401);
});

test('that a key was used is written at most once a minute', async () => {
  const made = await post(`/accounts/${account}/keys`, { name: 'busy' });
  const key = made.body.key as string;
  const used = async () => {
    const [row] = await world.sql`select last_used_at from api_keys where id = ${made.body.id as number}`;
    return (row?.last_used_at as Date | null)?.toISOString();
  };
  await api.v1('/v1/balance', { key });
  await expect.poll(used).toBeDefined();
  const first = await used();
  for (let ask = 0; ask < 5; ask += 1) await api.v1('/v1/balance', { key });
  expect(await used()).toBe(first);
  await world.sql`update api_keys set last_used_at = last_used_at - interval '61 seconds' where id = ${made.body.id as number}`;
  await api.v1('/v1/balance', { key });
  await expect.poll(async () => (await used()) ?? '').toSatisfy((at: string) => at > (first ?? ''));
});

test('whatever staff change is in the audit log, and no secret is', async () => {
  const shop = await world.shop();
  const [provider] = shop.providers;
  const [order, late] = [await shop.order(), await shop.order()];
  await sending(world.sql, attemptOf(late));
  await attemptUnknown(world.sql, attemptOf(late), 'no answer');
  await attemptReleased(world.sql, attemptOf(late), 'it is not there', false);
  const service = {
    name: 'Likes',
    category: 'Demo',
    type: 'Default',
    rate: '1',
    min: 1,
    max: 10,
    routes: [{ provider, providerService: '1', rate: '0.5' }],
  };
  const secret = { name: 'panel', url: 'http://127.0.0.1:9/api/v2', key: 'upstream-canary', pollSeconds: 5 };
  const madeKey = await post(`/accounts/${account}/keys`, { name: 'audited' });
  await world.sql`insert into provider_checks (provider_id, catalogue_at) values (${provider ?? 0}, now())`;
  const [alert] = await world.sql`
    insert into alerts (kind, subject, detail, at) values ('provider_word', 'word:1:odd', 'odd', now()) returning id::float8 as id`;
  const done: Readonly<Record<string, () => Promise<Answer>>> = {
    'POST /v1/admin/accounts': () => post('/accounts', { name: 'Other' }),
    'POST /v1/admin/accounts/:id/keys': () => post(`/accounts/${account}/keys`, { name: 'more' }),
    'DELETE /v1/admin/keys/:id': () => revoke(madeKey.body.id),
    'POST /v1/admin/accounts/:id/deposits': () =>
      post(`/accounts/${account}/deposits`, { amount: '5', reference: 'bank' }),
    'POST /v1/admin/accounts/:id/debits': () =>
      post(`/accounts/${account}/debits`, { amount: '1', reference: 'back', reason: 'the payment was reversed' }),
    'POST /v1/admin/providers': () => post('/providers', secret),
    'POST /v1/admin/providers/:id/pause': () => post(`/providers/${provider}/pause`, { minutes: 1, reason: 'slow' }),
    'POST /v1/admin/providers/:id/resume': () => post(`/providers/${provider}/resume`, {}),
    'POST /v1/admin/providers/:id/held-corrections/release': () =>
      post(`/providers/${provider}/held-corrections/release`, { reason: 'it means it' }),
    'POST /v1/admin/providers/:id/held-corrections/drop': () =>
      post(`/providers/${provider}/held-corrections/drop`, { reason: 'a mistake', orders: [1] }),
    'PATCH /v1/admin/providers/:id': () =>
      api.v1(`/v1/admin/providers/${provider}`, { key: staff, method: 'PATCH', body: { pollSeconds: 6 } }),
    'PATCH /v1/admin/services/:id': () =>
      api.v1(`/v1/admin/services/${shop.service}`, { key: staff, method: 'PATCH', body: { active: true } }),
    // No worker reads the catalogue here, but the request is audited all the same.
    'POST /v1/admin/providers/:id/catalogue/refresh': () => post(`/providers/${provider}/catalogue/refresh`, {}),
    'POST /v1/admin/providers/:id/catalogue/import': () =>
      post(`/providers/${provider}/catalogue/import`, { services: 'all', markup: { percent: '20' } }),
    'POST /v1/admin/services': () => post('/services', service),
    // The order has no workflow here, so it cannot answer. The request is audited all the same.
    'POST /v1/admin/orders/:id/resolve': () => post(`/orders/${order}/resolve`, { action: 'cancel', reason: 'lost' }),
    'POST /v1/admin/orders/:id/cancel': () => post(`/orders/${order}/cancel`, { reason: 'lost' }),
    'POST /v1/admin/orders/:id/pause': () => post(`/orders/${order}/pause`, { reason: 'lost' }),
    'POST /v1/admin/orders/:id/resume': () => post(`/orders/${order}/resume`, { reason: 'lost' }),
    'POST /v1/admin/orders/:id/redispatch': () => post(`/orders/${order}/redispatch`, { reason: 'lost' }),
    'POST /v1/admin/orders/:id/refills': () => post(`/orders/${order}/refills`, { reason: 'lost' }),
    'POST /v1/admin/orders/:id/counts': () =>
      post(`/orders/${late}/counts`, { batch: 1, startCount: 40, reason: 'counted by hand' }),
    'POST /v1/admin/orders/actions': () => post('/orders/actions', { ids: [order], action: 'pause', reason: 'lost' }),
    'POST /v1/admin/alerts/:id/acknowledge': () => post(`/alerts/${alert?.id}/acknowledge`, {}),
    'POST /v1/admin/alerts/:id/snooze': () => post(`/alerts/${alert?.id}/snooze`, { minutes: 5 }),
    'POST /v1/admin/alerts/:id/resolve': () => post(`/alerts/${alert?.id}/resolve`, { reason: 'said once by mistake' }),
    'POST /v1/admin/reviews/resolve': () =>
      post('/reviews/resolve', { ids: [order], action: 'cancel', reason: 'lost' }),
    'POST /v1/admin/orders/:id/late-orders': () =>
      post(`/orders/${late}/late-orders`, { providerOrder: '4711', reason: 'seen' }),
  };
  const changing = [...V1_ROUTES.keys()].filter((route) => /^(?!GET).* \/v1\/admin\//.test(route));
  expect(Object.keys(done).sort()).toEqual(changing.sort());
  for (const [route, act] of Object.entries(done)) {
    const before = await entries(`action=${encodeURIComponent(route)}`);
    const answer = await act();
    const [newest, ...older] = await entries(`action=${encodeURIComponent(route)}`);
    expect([route, older]).toEqual([route, before]);
    expect(newest).toMatchObject({
      action: route,
      actor: 'staff: night shift',
      requestId: answer.headers.get('x-request-id'),
    });
  }
  expect(JSON.stringify(await entries('limit=100'))).not.toContain('upstream-canary');
  expect(await entries(`subject=accounts/${account}/deposits`)).toMatchObject([
    { subject: `accounts/${account}/deposits`, detail: { amount: '5', reference: 'bank' } },
  ]);
});

test('a repeat is written down once, and what was refused not at all', async () => {
  const count = async () => (await entries('action=POST /v1/admin/accounts&limit=100')).length;
  const before = await count();
  await Promise.all(Array.from({ length: 5 }, () => post('/accounts', { name: 'Once' }, 'once')));
  expect(await count()).toBe(before + 1);
  expect((await post('/accounts', { name: '' })).status).toBe(422);
  expect(await count()).toBe(before + 1);
});

test('the audit log is narrowed and read page by page, and nobody changes it', async () => {
  const page = await get(`/audit?subject=accounts&limit=2`);
  const ids = (page.body.data as { id: number }[]).map(({ id }) => id);
  const next = await get(`/audit?subject=accounts&limit=2&cursor=${page.body.nextCursor}`);
  expect(ids).toHaveLength(2);
  expect((next.body.data as { id: number }[])[0]?.id).toBeLessThan(ids[1] ?? 0);
  expect(await entries(`to=${new Date(0).toISOString()}`)).toEqual([]);
  expect(await entries('key=999999')).toEqual([]);
  expect((await entries(`key=${(page.body.data as { key: number }[])[0]?.key}&limit=1`)).length).toBe(1);
  for (const change of ['update audit set actor = $$nobody$$', 'delete from audit', 'truncate audit']) {
    await expect(world.sql.unsafe(change)).rejects.toMatchObject({ code: 'HF002' });
  }
});
