import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type RunningProvider, startProvider } from '../../dev/provider/provider.ts';
import { freePort } from '../support/engines/engines.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

describe('a provider in trouble, on real engines', () => {
  let world: World;
  let api: ServedApi;
  /** The second provider of every shop here; its order ids differ from the first one's. */
  let second: RunningProvider;

  beforeAll(async () => {
    world = await realWorld();
    second = await startProvider({ key: 'upstream-key', firstOrder: 700_001 });
    api = await serveApi(world);
    await world.startWorkers();
  });
  beforeEach(async () => {
    world.provider.disarm();
    await world.provider.configure({ balance: '1000000', down: false });
  });
  afterAll(async () => {
    expect(await verifyLedger(world.sql)).toEqual([]);
    await api.close();
    await world.close();
    await second.stop();
  });

  const link = (name: string) => `https://example.com/trouble/${name}?sim=seconds:1`;
  const until = (orderId: number, status: string) =>
    expect
      .poll(async () => (await world.sql`select status from orders where id = ${orderId}`)[0]?.status, {
        timeout: 60_000,
      })
      .toBe(status);
  const standing = async (provider: number | undefined) => {
    const [row] = await world.sql`
      select pause_reason as reason, (select detail from alerts
        where subject = 'provider:' || p.id and resolved_at is null) as alert from providers p where id = ${provider ?? 0}`;
    return row;
  };

  it.each<[string, string, () => Promise<unknown> | unknown]>([
    ['has no funds of ours', 'funds', () => world.provider.configure({ balance: '0' })],
    ['has revoked our key', 'key', () => world.provider.arm({ fault: 'revoked', action: 'add', times: 1 })],
    ['has had too many calls', 'throttled', () => world.provider.arm({ fault: '429:60', action: 'add', times: 1 })],
    ['is not what it was', 'trouble', () => world.provider.arm({ fault: 'http:404', action: 'add', times: 1 })],
  ])('that %s is passed over, once, for all who come after', async (_, trouble, breaks) => {
    const { claim, providers } = await world.shop({ providers: [world.provider.apiUrl, second.apiUrl] });
    await breaks();
    const [one, other] = [await claim({ link: link(`${trouble}-1`) }), await claim({ link: link(`${trouble}-2`) })];
    await placeClaim(world.sql, world.temporal, one);
    await until(one, 'Completed');
    await placeClaim(world.sql, world.temporal, other);
    await until(other, 'Completed');
    expect(await standing(providers[0])).toEqual({ reason: trouble, alert: trouble });
    expect([1, 2].map((n) => world.provider.adds(link(`${trouble}-${n}`)).length)).toEqual([1, 0]);
    expect([1, 2].map((n) => second.adds(link(`${trouble}-${n}`)).length)).toEqual([1, 1]);
  });

  it('that is the only one is waited for, without a refund, and its alert ends when it takes the order', async () => {
    const { claim, providers } = await world.shop();
    world.provider.arm({ fault: '429', action: 'add', times: 1 });
    const orderId = await claim({ link: link('only') });
    await placeClaim(world.sql, world.temporal, orderId);
    await expect.poll(() => standing(providers[0])).toEqual({ reason: 'throttled', alert: 'throttled' });
    expect((await world.sql`select status from orders where id = ${orderId}`)[0]).toEqual({ status: 'Processing' });
    await until(orderId, 'Completed');
    expect(world.provider.adds(link('only')).length).toBe(2);
    expect(await standing(providers[0])).toEqual({ reason: null, alert: null });
  });

  it('that cannot be reached any more is not tried for long again', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}/api/v2`;
    const { claim, providers } = await world.shop({ providers: [nowhere, second.apiUrl] });
    await world.sql`update providers set troubles = 1, paused_until = clock_timestamp() where id = ${providers[0] ?? 0}`;
    const orderId = await claim({ link: link('unreachable') });
    await placeClaim(world.sql, world.temporal, orderId);
    await until(orderId, 'Completed');
    expect(await standing(providers[0])).toEqual({ reason: 'unreachable', alert: 'unreachable' });
    const [attempt] = await world.sql`select sends, error from attempts where order_id = ${orderId} and attempt = 1`;
    expect(attempt).toEqual({ sends: 1, error: expect.stringMatching(/^unreachable: /) });
  });

  it('is never named to the customer, nor are its words or its order ids', async () => {
    const { claim, providers, account } = await world.shop({ providers: [world.provider.apiUrl, second.apiUrl] });
    await world.sql`update providers set name = 'Supernova Panel ' || id where id = any(${providers as number[]})`;
    const refusedOrder = await claim({ link: link('refused') });
    for (const one of [world.provider, second]) {
      one.arm({ fault: 'error:Incorrect link, says Supernova', action: 'add', times: 1 });
    }
    await placeClaim(world.sql, world.temporal, refusedOrder);
    await until(refusedOrder, 'Canceled');
    const orderId = await claim({ link: link('secret') });
    world.provider.arm({ fault: 'error:Not enough funds of reseller 4711', action: 'add', times: 1 });
    await placeClaim(world.sql, world.temporal, orderId);
    await until(orderId, 'Completed');

    const { key } = await createKey(world.sql, { accountId: account, name: 'customer' });
    const said = await Promise.all([
      ...[orderId, refusedOrder].flatMap((id) =>
        ['', '/timeline', '/delivery'].map(async (part) => (await api.v1(`/v1/orders/${id}${part}`, { key })).body),
      ),
      api.v1('/v1/orders', { key }).then(({ body }) => body),
      api.v1('/v1/services', { key }).then(({ body }) => body),
      api.v1('/v1/statement', { key }).then(({ body }) => body),
      api.v2({ key, action: 'status', orders: `${orderId},${refusedOrder}` }),
      api.v2({ key, action: 'services' }),
    ]);
    const text = JSON.stringify(said);
    expect(text).toContain('order.completed');
    const [bought] = second.orders(link('secret'));
    expect(bought?.order).toBeGreaterThan(700_000);
    for (const word of ['Supernova', 'reseller', 'Not enough', 'Incorrect link', '127.0.0.1', bought?.order]) {
      expect(text).not.toContain(String(word));
    }
  });

  it('keeps no order of a link from its turn: the next begins when the one before it has ended', async () => {
    const { claim } = await world.shop({ service: { duplicate_link: 'queue' } });
    const ids: number[] = [];
    for (let number = 0; number < 4; number += 1) ids.push(await claim({ link: link('queue') }));
    await Promise.all(ids.map((id) => placeClaim(world.sql, world.temporal, id)));
    for (const id of ids) await until(id, 'Completed');
    const rows = await world.sql<{ begun: Date; ended: Date }[]>`
      select started_at as begun, settled_at as ended from orders where id = any(${ids.map(String)}::bigint[]) order by started_at`;
    expect(rows.length).toBe(4);
    rows.slice(1).forEach(({ begun }, before) => {
      expect(begun.getTime()).toBeGreaterThanOrEqual(rows[before]?.ended.getTime() ?? 0);
    });
  });
});
