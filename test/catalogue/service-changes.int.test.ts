import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { attemptAccepted, beginAttempt, takeAttempt } from '../../db/dispatch/attempts.ts';
import { snapshotBatches } from '../../db/order/order-state.ts';
import { attemptOf, running } from '../support/engines/running.ts';
import type { Answer } from '../support/worlds/api.ts';
import { apiWorld } from '../support/worlds/api-world.ts';
import { CatalogueDesk } from '../support/worlds/catalogue-desk.ts';
import { mustPlace } from '../support/worlds/placing.ts';
import { openShop } from '../support/worlds/shop.ts';

const opened = await apiWorld();
const { world, api, staff } = opened;
const desk = new CatalogueDesk(opened);
afterAll(opened.close);
beforeEach(() => desk.anew());

const change = (id: unknown, body: object): Promise<Answer> =>
  api.v1(`/v1/admin/services/${id}`, { key: staff, method: 'PATCH', body });
const change200 = async (id: unknown, body: object) => expect((await change(id, body)).status).toBe(200);
/** Offers a service with one route to the simulated provider for each of these. */
async function offer(routes: readonly object[], more: object = {}): Promise<number> {
  const body = { name: 'Likes', category: 'Demo', rate: '0.9', min: 10, max: 5_000, routes, ...more };
  const made = await desk.post('/services', body);
  expect([made.status, made.body]).toMatchObject([201, {}]);
  return made.body.id as number;
}
const route = (provider: number, providerService = '1', rate = '0.5') => ({ provider, providerService, rate });
const placesOf = async (id: number) =>
  (await desk.routesOf(id)).map(({ provider, providerService }) => `${provider}/${providerService}`);

describe('a change of a service', () => {
  it('that is for a version of the service is refused once the service has changed, so that of two at once one is made', async () => {
    const id = await offer([route(desk.provider)], { name: 'Likes, numbered' });
    const read = async () => (await api.v1(`/v1/admin/services/${id}`, { key: staff })).body;
    const { version, ...shown } = await read();
    expect(shown).toEqual(await desk.serviceOf(id));
    const both = await Promise.all([
      change(id, { rate: '1.1', version }),
      change(id, { routes: [route(desk.provider, '2')], version }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('conflict');
    const after = await read();
    expect(after.version).not.toBe(version);
    await change200(id, { active: false, version: after.version });
    expect((await change(id, { version: after.version })).status).toBe(422);
    const found = await desk.data('/services?search=LIKES,%20numbered');
    expect(found).toMatchObject([{ id, active: false }]);
  });

  it('takes every field that a new service takes, and is in the audit log', async () => {
    const id = await offer([route(desk.provider)]);
    const to = {
      ...{ name: 'Views', category: 'TikTok', type: 'Web Traffic', rate: '1.25', min: 100, max: 9_000, step: 100 },
      ...{
        dripFeed: true,
        cancel: true,
        refillDays: 30,
        refillCap: 3,
        refillCooldownSeconds: 60,
        refillFallback: 'resend',
      },
      ...{ stallAfterSeconds: 100, reviewAfterSeconds: 200, verify: 'counter', counterUrl: 'http://127.0.0.1:9/count' },
      ...{
        counterTolerancePercent: 7,
        recheckSeconds: 30,
        linkPattern: '@[a-z]+',
        duplicateLink: 'queue',
        duplicateScope: 'all',
      },
      ...{ ignoredLinkParameters: ['campaign'], afterFailedRun: 'retry', routing: 'fastest' },
      routes: [{ ...route(desk.provider, '2', '0.7'), active: false }, route(desk.provider, '3', '0.8')],
    };
    await change200(id, to);
    expect(await desk.serviceOf(id)).toMatchObject({ id, active: true, ...to });
    const [entry] = await desk.data(`/audit?subject=services/${id}&limit=1`);
    expect(entry).toMatchObject({ action: 'PATCH /v1/admin/services/:id', detail: to });
    await change200(id, { type: 'Subscriptions', verify: 'provider', refillDays: 0, unlimitedPosts: 7 });
    expect(await desk.serviceOf(id)).toMatchObject({
      type: 'Subscriptions',
      unlimitedPosts: 7,
      dripFeed: false,
      name: 'Views',
    });
    await change200(id, { type: 'Default' });
    expect(await desk.serviceOf(id)).toMatchObject({ type: 'Default', unlimitedPosts: null });
  });

  it.each<[string, object, string, string]>([
    ['a maximum below the minimum that it has', { max: 9 }, 'invalid_request', 'max'],
    ['a step without a multiple in its limits', { step: 5_001 }, 'invalid_request', 'step'],
    ['a subscription that is refilled', { type: 'Subscriptions', refillDays: 3 }, 'invalid_request', 'refillDays'],
    ['counting without a counter', { verify: 'counter' }, 'invalid_request', 'counterUrl'],
    ['no route', { routes: [] }, 'invalid_request', 'routes'],
    ['a provider that is not there', { routes: [route(999_999)] }, 'unknown_provider', ''],
    ['a field that is none', { colour: 'red' }, 'invalid_request', ''],
    ['a pattern that is none', { linkPattern: '(' }, 'invalid_request', 'linkPattern'],
  ])('with %s is refused as a new service is, and changes nothing', async (_, wrong, code, path) => {
    const id = await offer([route(desk.provider)]);
    const before = await desk.serviceOf(id);
    const answer = await change(id, { name: 'Other', routes: [route(desk.provider, '9')], ...wrong });
    expect([answer.status, answer.body.code]).toEqual([422, code]);
    if (path !== '') expect(answer.body.errors).toMatchObject([{ path }]);
    expect(await desk.serviceOf(id)).toEqual(before);
  });

  it('judges new routes at once, keeps what was found of those that stay, and forgets alerts of those that are gone', async () => {
    const id = await desk.imported('1');
    await desk.says({ 1: { rate: '9', min: '50' } });
    await desk.refresh();
    expect(await desk.openAlerts(id)).toMatchObject([['route_unprofitable', expect.any(String)]]);
    const other = await desk.addProvider();
    await change200(id, { routes: [route(other), route(desk.provider, '2', '0.1'), route(desk.provider)] });
    expect(await desk.routesOf(id)).toMatchObject([
      { provider: other, held: null, min: null },
      // The rate of the provider's catalogue, not the one that staff entered.
      { provider: desk.provider, providerService: '2', held: null, rate: '0.27819', min: 10 },
      { provider: desk.provider, providerService: '1', held: 'unprofitable', rate: '9', min: 50 },
    ]);
    const subjects = async () =>
      (await desk.data('/alerts?open=true&limit=100'))
        .filter(({ kind, subject }) => kind === 'route_unprofitable' && String(subject).startsWith(`route:${id}-`))
        .map(({ subject }) => subject);
    expect(await subjects()).toEqual([`route:${id}-3`]);
    await change200(id, { rate: '10' });
    expect([await subjects(), (await desk.routesOf(id)).map(({ held }) => held)]).toEqual([[], [null, null, null]]);
    await change200(id, { rate: '0.2' });
    expect((await desk.routesOf(id)).map(({ held }) => held)).toEqual([null, 'unprofitable', 'unprofitable']);
  });

  it('two of which come at once are one after the other: each is whole, and none is lost', async () => {
    const id = await offer([route(desk.provider)]);
    for (let round = 0; round < 5; round += 1) {
      const [ab, cd] = [
        { name: `ab ${round}`, routes: [route(desk.provider, 'a'), route(desk.provider, 'b')] },
        { category: `cd ${round}`, routes: [route(desk.provider, 'c'), route(desk.provider, 'd')] },
      ];
      const answers = await Promise.all([change(id, ab), change(id, cd), change(id, { min: 20 + round })]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      const now = await desk.serviceOf(id);
      expect(now).toMatchObject({ name: `ab ${round}`, category: `cd ${round}`, min: 20 + round });
      expect([
        ['a', 'b'],
        ['c', 'd'],
      ]).toContainEqual((await desk.routesOf(id)).map(({ providerService }) => providerService));
    }
  });

  it('beside orders that are being placed stops none of them', async () => {
    const id = await offer([route(desk.provider)]);
    const other = await desk.addProvider();
    const swaps = async () => {
      for (let swap = 0; swap < 10; swap += 1)
        await change200(id, { routes: [route(swap % 2 === 0 ? other : desk.provider)] });
    };
    const [placed] = await Promise.all([Promise.all(Array.from({ length: 12 }, () => desk.place(id))), swaps()]);
    expect(placed.map(({ status }) => status)).toEqual(Array(12).fill(201));
    for (const { body } of placed) {
      await expect
        .poll(async () => (await api.v1(`/v1/orders/${body.id}`, { key: opened.key })).body.status, { timeout: 30_000 })
        .toBe('Completed');
    }
  });
});

describe('an order that was placed before', () => {
  it('keeps its price, and what is sent from then on takes the routes as they are', async () => {
    const [first, second] = [desk.provider, await desk.addProvider()];
    const id = await offer([route(first)]);
    const { key } = await createKey(world.sql, { accountId: opened.shop.account, name: 'scheduled' });
    const scheduledAt = new Date(Date.now() + 86_400_000).toISOString();
    const order = { service: id, link: 'https://example.com/p/later', quantity: 100, scheduledAt };
    const { body } = await api.v1('/v1/orders', { key, body: order, idempotencyKey: 'later' });
    await change200(id, { rate: '5', min: 500, routes: [route(second)] });
    const attempt = await beginAttempt(
      world.sql,
      attemptOf(body.id as number, 1, 1, { quantity: 100 }),
      new Date(scheduledAt),
    );
    expect(attempt).toMatchObject({ provider: second, state: 'intent' });
    expect((await api.v1(`/v1/orders/${body.id}`, { key })).body).toMatchObject({ price: '0.09', quantity: 100 });
  });

  it('whose route was taken away before its request left goes to the next one, and one that had left stays there', async () => {
    const { sql } = world;
    const shop = await openShop(sql, { providers: ['http://127.0.0.1:9/a', 'http://127.0.0.1:9/b'] });
    const [one = 0, two = 0] = shop.providers;
    const [waiting, left] = [await shop.order(), await shop.order({ link: 'https://example.com/p/2' })];
    await beginAttempt(sql, attemptOf(waiting));
    await beginAttempt(sql, attemptOf(left));
    await takeAttempt(sql, attemptOf(left));
    await change200(shop.service, { routes: [route(two)] });
    // The worker about to send it cannot take the attempt any more.
    expect(await beginAttempt(sql, attemptOf(waiting))).toMatchObject({ state: 'refused', provider: one });
    expect(await beginAttempt(sql, attemptOf(waiting, 2))).toMatchObject({ state: 'intent', provider: two });
    expect(await attemptAccepted(sql, attemptOf(left), `gone-${left}`, new Date())).toBe(true);
    const { open } = await snapshotBatches(sql, left);
    expect(open).toMatchObject([{ state: 'running', provider: one, providerOrder: `gone-${left}` }]);
  });

  it('that runs at a provider without a route there is watched, and stopped when its customer wants it', async () => {
    const [first, second] = [desk.provider, await desk.addProvider()];
    const id = await offer([route(first)], { cancel: true });
    const place = (sim: string) =>
      mustPlace(api, {
        ...{ key: opened.key, idempotencyKey: `${id} ${sim}` },
        body: { service: id, link: `https://example.com/p/${id}?sim=${sim}`, quantity: 1000 },
      });
    const [finishing, endless] = [await place('seconds:4'), await place('seconds:3600')];
    const status = async (order: number) => (await api.v1(`/v1/orders/${order}`, { key: opened.key })).body.status;
    for (const order of [finishing, endless]) {
      await expect.poll(() => status(order), { timeout: 20_000 }).toMatch(/In progress|Completed/);
    }
    await change200(id, { routes: [route(second)] });
    expect(await placesOf(id)).toEqual([`${second}/1`]);
    await expect.poll(() => status(finishing), { timeout: 30_000 }).toBe('Completed');
    const cancel = await api.v1(`/v1/orders/${endless}/cancel`, {
      key: opened.key,
      method: 'POST',
      body: {},
      idempotencyKey: 'stop',
    });
    expect(cancel.status).toBe(202);
    await expect.poll(() => status(endless), { timeout: 30_000 }).toMatch(/Canceled|Partial/);
  });

  it('stays of the type that it was sold as, and is not sent on routes of another', async () => {
    const { sql } = world;
    const shop = await openShop(sql, { service: { type: 'Custom Comments' } });
    const order = (link: string) =>
      shop.order({ link, quantity: undefined, fields: { comments: Array(10).fill('nice').join('\n') } });
    const [sent, later] = [await order('https://example.com/p/1'), await order('https://example.com/p/2')];
    await running(sql, sent, `typed-${sent}`);
    await change200(shop.service, { type: 'Default' });
    const [kept] = await sql`select type from orders where id = ${sent}`;
    expect(kept?.type).toBe('Custom Comments');
    expect(await beginAttempt(sql, attemptOf(later, 1, 1, { quantity: 10 }))).toBeUndefined();
    expect((await snapshotBatches(sql, sent)).open).toMatchObject([{ state: 'running' }]);
  });
});
