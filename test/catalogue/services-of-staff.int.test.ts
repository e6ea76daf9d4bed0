import { afterAll, expect, test } from 'vitest';
import { apiWorld } from '../support/worlds/api-world.ts';
import { newService, staffRequests } from '../support/worlds/staff-requests.ts';

const on = await apiWorld({ workers: false });
const { api, staff, close } = on;
const { post, provider } = staffRequests(on);
afterAll(close);

test('a service is offered with its defaults', async () => {
  const provided = await provider();
  const { status, body } = await post(
    '/services',
    newService([{ provider: provided, providerService: 7, rate: '0.2' }]),
  );
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
    await post('/services', newService(routes, { type, dripFeed: true }));
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
  const answer = await post('/services', newService([{ provider: 999_999, providerService: '1', rate: '0.1' }], more));
  expect([answer.status, answer.body.code]).toEqual([422, code]);
});

test('a service is changed for what is ordered from then on, or is sold no more', async () => {
  const { body } = await post(
    '/services',
    newService([{ provider: await provider(), providerService: 7, rate: '0.1' }]),
  );
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

  await post('/services', newService(routes, { type: 'Subscriptions' }));
  expect(await listed()).toMatchObject([{ unlimitedPosts: 100 }]);
  const { body } = await post('/services', newService(routes, { type: 'Subscriptions', unlimitedPosts: 100_000 }));
  expect(await listed()).toMatchObject([{ id: body.id, unlimitedPosts: 100_000 }]);
  expect((await change(body.id, 12)).status).toBe(200);
  expect(await listed()).toMatchObject([{ id: body.id, unlimitedPosts: 12, rate: '0.27819', active: true }]);
  for (const wrong of [0, 100_001, 1.5]) expect((await change(body.id, wrong)).status).toBe(422);
  expect((await change(999_999, 12)).status).toBe(404);

  const { body: other } = await post('/services', newService(routes));
  const refused = await change(other.id, 12);
  expect([refused.status, refused.body.code]).toEqual([422, 'invalid_request']);
  expect(refused.body.errors).toMatchObject([{ path: 'unlimitedPosts' }]);
  expect(await listed()).toMatchObject([{ id: other.id, unlimitedPosts: null }]);
});
