import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureSchedules } from '../../activities/housekeeping/schedules.ts';
import { createProviderCheck } from '../../activities/provider/check.ts';
import { listCatalogue } from '../../db/catalogue/catalogue-pages.ts';
import { beginAttempt, releaseAttempt, whyNotBegun } from '../../db/dispatch/attempts.ts';
import { listAlerts } from '../../db/reconcile/alerts.ts';
import { LIMITS } from '../../domain/limits.ts';
import { housekeepingId } from '../../workflows/contract.ts';
import { attemptOf, sending } from '../support/engines/running.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import type { ServedApi } from '../support/worlds/api.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import type { ShopOptions } from '../support/worlds/shop.ts';
import type { World } from '../support/worlds/world.ts';

let all: ApiWorld;
let world: World;
let api: ServedApi;
let staff: string;
let panel: ScriptedPanel;
let check: ReturnType<typeof createProviderCheck>;

beforeAll(async () => {
  all = await apiWorld({ workers: false });
  ({ world, api, staff } = all);
  check = createProviderCheck({ ...world, currency: 'USD', allowLoopback: true, log: pino({ level: 'silent' }) });
});
afterAll(() => all.close());
beforeEach(async () => {
  panel = await scriptedPanel();
  return () => panel.close();
});

/** A service sold at 0.9 and bought as service 1 of the scripted panel. */
const open = async (options: ShopOptions = {}) => {
  const shop = await world.shop({ providers: [panel.url], ...options });
  return { ...shop, provider: shop.providers[0] ?? 0 };
};
const followers = {
  service: 1,
  name: 'Followers',
  type: 'Default',
  category: 'Instagram',
  rate: '0.5',
  min: '10',
  max: '100000',
};
const sells = (...rows: unknown[]) => {
  panel.onServices = () => rows;
};
const change = (provider: number, body: unknown) =>
  api.v1(`/v1/admin/providers/${provider}`, { key: staff, method: 'PATCH', body });
const listed = async (provider: number) => {
  const { body } = await api.v1('/v1/admin/providers?limit=100', { key: staff });
  return (body.data as { id: number }[]).find(({ id }) => id === provider);
};
const alertsOf = async (subject: string, open: boolean) =>
  (await listAlerts(world.sql, { open }, 1_000)).flatMap((one) =>
    one.subject === subject ? [[one.kind, one.detail]] : [],
  );
const metric = async (provider: number) => {
  const text = await (await fetch(api.metricsUrl)).text();
  return new RegExp(`\nholdfast_provider_balance\\{provider="${provider}"\\} (.*)\n`).exec(text)?.[1];
};

describe('the balance with a provider', () => {
  it('is seen in the list and the metrics, and is an alert while it is below what staff want there', async () => {
    const { provider } = await open();
    expect(await listed(provider)).toMatchObject({ balance: null, balanceAt: null, lowBalance: null });
    expect(await metric(provider)).toBeUndefined();
    panel.onBalance = () => ({ balance: '49.5', currency: 'USD' });
    await check(provider);
    expect(await listed(provider)).toMatchObject({ balance: '49.5', currency: 'USD', balanceAt: expect.any(String) });
    expect(await metric(provider)).toBe('49.5');
    expect(await alertsOf(`provider:${provider}`, true)).toEqual([]);

    expect((await change(provider, { lowBalance: '50' })).body).toEqual({ id: provider });
    expect(await listed(provider)).toMatchObject({ lowBalance: '50' });
    await check(provider);
    expect(await alertsOf(`provider:${provider}`, true)).toEqual([
      ['provider_balance', "the provider's balance is 49.5 USD, below 50"],
    ]);
    panel.onBalance = () => ({ balance: '12', currency: 'USD' });
    await check(provider);
    expect(await alertsOf(`provider:${provider}`, true)).toEqual([
      ['provider_balance', "the provider's balance is 12 USD, below 50"],
    ]);
    panel.onBalance = () => ({ balance: '50.00', currency: 'USD' });
    await check(provider);
    expect(await alertsOf(`provider:${provider}`, true)).toEqual([]);
    expect(await alertsOf(`provider:${provider}`, false)).toHaveLength(1);
  });

  it('that nobody wants to know any more is no alert', async () => {
    const { provider } = await open();
    panel.onBalance = () => ({ balance: '1' });
    await change(provider, { lowBalance: '5', pollSeconds: 7 });
    await check(provider);
    expect(await alertsOf(`provider:${provider}`, true)).toHaveLength(1);
    await change(provider, { lowBalance: null });
    expect(await listed(provider)).toMatchObject({ lowBalance: null, pollSeconds: 7 });
    await check(provider);
    expect(await alertsOf(`provider:${provider}`, true)).toEqual([]);
  });

  it('can be told when the provider is added, and is refused when it is no amount', async () => {
    const add = (lowBalance: unknown, name: string) =>
      api.v1('/v1/admin/providers', {
        key: staff,
        body: { name, url: panel.url, key: 'upstream-key', lowBalance },
        idempotencyKey: name,
      });
    const made = await add('12.5', 'watched');
    expect(await listed(made.body.id as number)).toMatchObject({ lowBalance: '12.5' });
    expect([(await add('-1', 'wrong')).body.code, (await add(12, 'number')).body.code]).toEqual(
      Array(2).fill('invalid_request'),
    );
    expect((await change(made.body.id as number, { lowBalance: 'x' })).status).toBe(422);
    expect((await change(made.body.id as number, { name: 'another' })).status).toBe(422);
    for (const nothing of [{}, undefined]) expect((await change(made.body.id as number, nothing)).status).toBe(422);
    expect((await change(999_999, { lowBalance: '1' })).body.code).toBe('not_found');
  });

  it('in another currency is an alert, and what is sold there is not compared with our prices', async () => {
    const { provider, service } = await open();
    panel.onBalance = () => ({ balance: '5000', currency: 'INR' });
    sells({ ...followers, rate: '75' });
    await check(provider);
    expect(await alertsOf(`provider:${provider}`, true)).toEqual([
      ['provider_currency', "the provider's currency is INR, ours is USD: its rates are not compared with ours"],
    ]);
    expect(await alertsOf(`route:${service}-1`, true)).toEqual([]);
    panel.onBalance = () => ({ balance: '5000', currency: 'USD' });
    await check(provider);
    expect(await alertsOf(`provider:${provider}`, true)).toEqual([]);
    expect(await alertsOf(`route:${service}-1`, true)).toMatchObject([['route_unprofitable', expect.any(String)]]);
  });

  it('is kept when the provider says none, and is no number any more once it is old', async () => {
    const { provider } = await open();
    await check(provider);
    panel.onBalance = () => ({ error: 'Invalid API key' });
    expect(await check(provider)).toMatchObject({ balanceRead: false });
    expect([await listed(provider), await metric(provider)]).toMatchObject([{ balance: '100' }, '100']);
    await world.sql`update provider_checks set balance_at = balance_at - interval '61 minutes' where provider_id = ${provider}`;
    expect(await metric(provider)).toBe('Nan');
  });
});

describe('what a provider says it sells', () => {
  it('is bounded and cleaned; an odd row stops no other', async () => {
    const { provider, service } = await open();
    sells(
      null,
      { service: 'a b' },
      { ...followers, name: `\u0000${'x'.repeat(5_000)}` },
      { service: 2, rate: {}, min: [] },
      followers,
    );
    expect(await check(provider)).toMatchObject({ read: true, services: 2, unreadable: 3 });
    const { rows } = await listCatalogue(world.sql, provider, {}, 10);
    expect(rows).toMatchObject([
      { service: '2', name: '', rate: null, min: null, max: null, type: '' },
      { service: '1', name: 'x'.repeat(LIMITS.name), rate: '0.5', services: [service] },
    ]);
  });

  it('may be large, and is read, sold and judged whole; one that is too large is not read, and not sold at once', async () => {
    const { provider } = await open();
    const many = (from: number, count: number, rate = '0.5') =>
      Array.from({ length: count }, (_, at) => ({ ...followers, service: from + at, rate }));
    const importAll = (idempotencyKey: string) =>
      api.v1(`/v1/admin/providers/${provider}/catalogue/import`, {
        key: staff,
        body: { services: 'all', markup: { percent: '10' } },
        idempotencyKey,
      });
    sells(...many(1, 3_000));
    expect(await check(provider)).toMatchObject({ services: 3_000, added: 3_000 });
    expect((await importAll('many')).body).toMatchObject({ created: 3_000, refused: 0 });
    sells(...many(1, 3_000, '0.6'));
    expect(await check(provider)).toMatchObject({ changed: 3_000, held: 3_000 });
    sells(...many(1_001, 3_000));
    expect(await check(provider)).toMatchObject({ added: 1_000, gone: 0, changed: 2_000, freed: 2_000 });
    expect(await check(provider)).toMatchObject({ added: 0, gone: 1_000 });
    sells(...many(10_001, LIMITS.importedAtOnce + 1));
    // What was sold before is gone once two readings lack it.
    await check(provider);
    await check(provider);
    const tooMany = await importAll('too many');
    expect([tooMany.status, tooMany.body.detail]).toEqual([
      422,
      expect.stringContaining('this would create 5001 services'),
    ]);
    sells(...many(1, LIMITS.catalogueServices + 1));
    expect(await check(provider)).toMatchObject({ read: false, problem: expect.stringContaining('more than 20000') });
  });

  it('in more bytes than a catalogue has is not read', async () => {
    const { provider } = await open();
    sells({ ...followers, desc: 'x'.repeat(LIMITS.catalogueAnswer) });
    expect(await check(provider)).toMatchObject({ read: false, balanceRead: true });
    expect((await listCatalogue(world.sql, provider, {}, 10)).rows).toEqual([]);
  });
});

describe('a route that is held', () => {
  /** Two providers in order of preference; both are the scripted panel. */
  const two = async (service: ShopOptions['service'] = {}) => {
    const { order, providers, ...shop } = await open({ providers: [panel.url, panel.url], service });
    const [first = 0, second = 0] = providers;
    return { ...shop, order, first, second };
  };

  it('is passed over for the next; what has begun on it goes on as it was bought', async () => {
    const { order, first, second } = await two();
    const [running, next] = [await order(), await order()];
    expect(await sending(world.sql, attemptOf(running))).toMatchObject({ provider: first });
    sells({ ...followers, rate: '1' });
    await check(first);
    expect(await beginAttempt(world.sql, attemptOf(next))).toMatchObject({ provider: second });
    expect(await beginAttempt(world.sql, attemptOf(running))).toMatchObject({ provider: first });
    const [bought] = await world.sql`
      select cost_rate, unit_price from attempts a join orders o on o.id = a.order_id where o.id = ${running}`;
    expect(bought).toEqual({ cost_rate: 50_000n, unit_price: 90_000n });
  });

  it('is given up by what did not leave on it before', async () => {
    const { order, first, second } = await two();
    const id = await order();
    await sending(world.sql, attemptOf(id));
    await releaseAttempt(world.sql, attemptOf(id), 'ECONNREFUSED');
    sells({ ...followers, rate: '1' });
    await check(first);
    expect(await beginAttempt(world.sql, attemptOf(id))).toMatchObject({ provider: first, state: 'refused' });
    expect(await beginAttempt(world.sql, attemptOf(id, 2))).toMatchObject({ provider: second, state: 'intent' });
  });

  it('leaves an order that was placed before without a route: it is given back, unless one is free again by then', async () => {
    const { order, first, second } = await two();
    const [late, later] = [await order(), await order()];
    sells({ ...followers, rate: '1' });
    await check(first);
    await check(second);
    await expect(order()).rejects.toThrow('no_route');
    expect(await beginAttempt(world.sql, attemptOf(late))).toBeUndefined();
    expect(await whyNotBegun(world.sql, attemptOf(late))).toEqual({ kind: 'exhausted' });
    sells({ ...followers, rate: '0.6' });
    await check(second);
    expect(await beginAttempt(world.sql, attemptOf(later))).toMatchObject({ provider: second });
  });

  it('for what it does not take is passed over for that alone', async () => {
    const { order, first, second } = await two();
    sells({ ...followers, min: '500', max: '1500' });
    await check(first);
    const begin = async (quantity: number) => {
      const id = await order({ quantity });
      return beginAttempt(world.sql, attemptOf(id, 1, 1, { quantity }));
    };
    expect(await begin(1_000)).toMatchObject({ provider: first });
    for (const quantity of [499, 1_501]) expect(await begin(quantity)).toMatchObject({ provider: second });
    // A resent rest of a batch is judged by its own quantity.
    const id = await order({ quantity: 1_000 });
    await beginAttempt(world.sql, attemptOf(id));
    expect(await beginAttempt(world.sql, attemptOf(id, 1, 2, { quantity: 20 }))).toMatchObject({ provider: second });
  });

  it('by staff stays off, and is no alert', async () => {
    const { first, service, order } = await two();
    await world.sql`update routes set active = false where service_id = ${service} and provider_id = ${first}`;
    sells({ ...followers, rate: '7' });
    await check(first);
    expect(await alertsOf(`route:${service}-1`, true)).toEqual([]);
    sells(followers);
    await check(first);
    const id = await order();
    expect((await beginAttempt(world.sql, attemptOf(id)))?.provider).not.toBe(first);
  });
});

describe('the regular look', () => {
  it('is at every provider, whatever one of them does', async () => {
    await ensureSchedules(world.temporal);
    await world.startWorkers();
    const { service, provider } = await open();
    const broken = await open({ providers: ['http://127.0.0.1:9/api/v2'] });
    const locked = await open();
    await world.sql`update providers set key_cipher = '\\x00' where id = ${locked.provider}`;
    const hangs = await scriptedPanel();
    hangs.onBalance = () => new Promise(() => {});
    await open({ providers: [hangs.url] });
    sells({ ...followers, rate: '2' });
    await world.temporal.schedule.getHandle(housekeepingId('providers')).trigger();
    await expect
      .poll(() => alertsOf(`route:${service}-1`, true), { timeout: 30_000 })
      .toMatchObject([['route_unprofitable', expect.any(String)]]);
    expect(await listed(provider)).toMatchObject({ catalogueProblem: null });
    await expect
      .poll(() => listed(broken.provider), { timeout: 30_000 })
      .toMatchObject({ catalogueProblem: 'no answer: ECONNREFUSED', catalogueAt: null });
    // It is asked again once it has kept one check waiting for too long.
    await expect.poll(() => hangs.calls.length, { timeout: 30_000 }).toBeGreaterThan(0);
    await hangs.close();
  });
});
