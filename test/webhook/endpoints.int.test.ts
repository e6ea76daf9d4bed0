import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { open } from '../../db/account/secrets.ts';
import { LIMITS } from '../../domain/limits.ts';
import { WEBHOOK_EVENTS } from '../../domain/webhook/webhooks.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';
import { type Customer, customerOf } from '../support/worlds/webhooks.ts';

const masterKey = Buffer.alloc(32, 7);
const url = 'http://127.0.0.1:9/hook';

describe('webhooks of an account', () => {
  let database: TestDatabase;
  let api: ServedApi;
  let shop: Shop;
  let customer: Customer;

  beforeAll(async () => {
    database = await testDatabase();
    // Nothing here calls Temporal.
    api = await serveApi({ ...database, temporal: new Client({ connection: Connection.lazy() }), masterKey });
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });
  beforeEach(async () => {
    shop = await openShop(database.sql);
    customer = await customerOf(database.sql, api, shop.account);
  });

  it('are made with a secret that is shown once, and kept encrypted', async () => {
    const made = await customer.ask('', { url, events: ['order.completed'], description: 'Bookkeeping' });
    expect(made.status).toBe(201);
    const { secret, ...webhook } = made.body;
    expect(webhook).toEqual({
      id: expect.any(Number),
      url,
      email: null,
      events: ['order.completed'],
      description: 'Bookkeeping',
      enabled: true,
      disabledReason: null,
      confirmUntil: null,
      createdAt: expect.any(String),
      oldSecretUntil: null,
    });
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect((await customer.ask(`/${webhook.id}`)).body).toEqual(webhook);
    expect((await customer.ask('')).body).toEqual({ data: [webhook], nextCursor: null });
    const [row] =
      await database.sql`select secret_cipher as cipher from webhook_endpoints where id = ${webhook.id as number}`;
    expect(open(masterKey, `webhook:${webhook.id}`, row?.cipher)).toBe(secret);
  });

  it('are made once for an Idempotency-Key, which they need', async () => {
    const first = await customer.ask('', { url }, 'the-same');
    const again = await customer.ask('', { url }, 'the-same');
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const without = await api.v1('/v1/webhooks', { key: customer.key, body: { url } });
    expect([without.status, without.body.code]).toEqual([400, 'idempotency_key_missing']);
  });

  it('are not handed out again once they are deleted: their key says so, and another makes another', async () => {
    const made = await customer.ask('', { url }, 'made');
    const id = made.body.id as number;
    const rotated = () => customer.ask(`/${id}/rotate`, {}, 'rotated');
    const tested = () => customer.ask(`/${id}/test`, {}, 'tested');
    expect([(await rotated()).status, (await tested()).status]).toEqual([201, 202]);
    expect((await customer.change(`/${id}`, 'DELETE')).status).toBe(204);
    const again = await customer.ask('', { url }, 'made');
    expect([again.status, again.body.code]).toEqual([409, 'deleted_since']);
    expect(again.headers.get('idempotent-replayed')).toBeNull();
    for (const repeat of [rotated, tested]) {
      const answer = await repeat();
      expect([answer.status, answer.body.code]).toEqual([404, 'webhook_not_found']);
    }
    expect((await customer.ask('', { url }, 'made anew')).status).toBe(201);
  });

  it.each([
    { url: 'ftp://127.0.0.1/' },
    { url: 'https://user:secret@127.0.0.1/' },
    { url: 'nowhere' },
    { url, events: [] },
    { url, events: ['order.moved'] },
    { url, description: '' },
    { url, secret: 'mine' },
    {},
  ])('%j is refused', async (body) => {
    const answer = await customer.ask('', body);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
  });

  it('must be https at a public address, where loopback is not allowed', async () => {
    const strict = await serveApi({
      ...database,
      temporal: new Client({ connection: Connection.lazy() }),
      masterKey,
      allowLoopback: false,
    });
    const other = await customerOf(database.sql, strict, shop.account);
    for (const [address, why] of [
      [url, 'is not an https address'],
      ['https://127.0.0.1/', 'is not a public address'],
      ['https://0x7f.1/', 'is not a public address'],
      ['https://[::ffff:10.0.0.1]/', 'is not a public address'],
    ]) {
      const { status, body } = await other.ask('', { url: address });
      expect([status, body.errors]).toEqual([422, [{ path: 'url', message: why }]]);
    }
    expect((await other.ask('', { url: 'https://93.184.216.34/hook' })).status).toBe(201);
    await strict.close();
  });

  it('are limited in number, also when they are made at the same time', async () => {
    const made = await Promise.all(Array.from({ length: LIMITS.webhooks + 3 }, () => customer.ask('', { url })));
    const refused = made.filter(({ status }) => status !== 201);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([409, 'too_many_webhooks']));
  });

  it('are made a hundred times in a day and no more, however many are deleted', async () => {
    await database.sql`
      insert into webhook_endpoints (account_id, disabled_reason)
        select ${shop.account}, 'deleted' from generate_series(1, ${LIMITS.webhooksADay - 1})`;
    expect((await customer.ask('', { url })).status).toBe(201);
    const refused = await customer.ask('', { url });
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(refused.headers.get('retry-after')).toBe('86400');
    await database.sql`
      update webhook_endpoints set created_at = now() - interval '25 hours' where account_id = ${shop.account}`;
    expect((await customer.ask('', { url })).status).toBe(201);
  });

  it('are made while the changes of another account wait for a locked row: those have a few connections', async () => {
    const waits = async () =>
      (
        await database.sql`
          select from pg_stat_activity where application_name = 'holdfast-api-transactions'
            and wait_event_type = 'Lock' and datname = current_database()`
      ).count;
    const another = await customerOf(database.sql, api, (await openShop(database.sql)).account);
    const held = await database.sql.reserve();
    try {
      await held`begin`;
      await held`select from accounts where id = ${shop.account} for update`;
      const waiting = Array.from({ length: 20 }, () => customer.ask('', { url }));
      await expect.poll(waits).toBeGreaterThanOrEqual(LIMITS.transactionsOfAccount);
      const made = await Promise.all(Array.from({ length: 5 }, () => another.ask('', { url })));
      expect(made.map(({ status }) => status)).toEqual(Array(5).fill(201));
      expect(await waits()).toBe(LIMITS.transactionsOfAccount);
      const codes = (await Promise.all(waiting)).map(({ body }) => body.code);
      expect(codes).toContain('rate_limited');
    } finally {
      await held`rollback`;
      held.release();
    }
  }, 30_000);

  it('are changed, disabled, enabled and deleted', async () => {
    const { id } = await customer.webhook({ url, events: ['order.completed'] });
    const changed = await customer.change(`/${id}`, 'PATCH', { events: null, description: 'All', url: `${url}/2` });
    expect(changed.body).toMatchObject({ events: null, description: 'All', url: `${url}/2`, enabled: true });
    await shop.order();
    const off = await customer.change(`/${id}`, 'PATCH', { enabled: false });
    expect(off.body).toMatchObject({ enabled: false, disabledReason: 'owner', description: 'All' });
    await shop.order();
    expect(await customer.log(id)).toMatchObject([{ type: 'order.accepted', state: 'stopped', nextAttemptAt: null }]);
    for (const path of ['test', 'replay']) {
      const answer = await customer.ask(`/${id}/${path}`, { event: 'evt_1' });
      expect([answer.status, answer.body.code]).toEqual([409, 'webhook_disabled']);
    }
    expect((await customer.change(`/${id}`, 'PATCH', { enabled: true })).body).toMatchObject({ enabled: true });
    for (const nothing of [{}, undefined]) expect((await customer.change(`/${id}`, 'PATCH', nothing)).status).toBe(422);
    expect((await customer.change(`/${id}`, 'DELETE')).status).toBe(204);
    expect((await customer.ask(`/${id}`)).body.code).toBe('webhook_not_found');
    expect((await customer.ask('')).body.data).toEqual([]);
    const [row] = await database.sql`select url, secret_cipher as cipher from webhook_endpoints where id = ${id}`;
    expect(row).toEqual({ url: null, cipher: null });
  });

  it('are listed from any cursor that the document allows', async () => {
    const { id } = await customer.webhook({ url });
    const listed = await customer.ask('?cursor=after-999999999999999');
    expect([listed.status, listed.body]).toMatchObject([200, { data: [{ id }], nextCursor: null }]);
  });

  it("are nobody else's business", async () => {
    const { id } = await customer.webhook({ url });
    const stranger = await customerOf(database.sql, api, (await openShop(database.sql)).account);
    const asked = [
      await stranger.ask(`/${id}`),
      await stranger.ask(`/${id}/deliveries`),
      await stranger.ask(`/${id}/rotate`, {}),
      await stranger.ask(`/${id}/test`, {}),
      await stranger.ask(`/${id}/replay`, { event: 'evt_1' }),
      await stranger.change(`/${id}`, 'PATCH', { enabled: false }),
      await stranger.change(`/${id}`, 'DELETE'),
      await stranger.ask('/999999'),
      await stranger.ask('/99999999999999'),
      await stranger.ask('/no-number'),
    ];
    expect(asked.map(({ status, body }) => [status, body.code])).toEqual(asked.map(() => [404, 'webhook_not_found']));
    const { key } = await createKey(database.sql, { accountId: shop.account, name: 'reads', scopes: ['orders:read'] });
    expect((await api.v1('/v1/webhooks', { key })).status).toBe(403);
  });

  it('hear of what they listen to, and of nothing that happens to others', async () => {
    const [all, some, none] = [
      await customer.webhook({ url }),
      await customer.webhook({ url, events: ['order.accepted', 'order.completed'] }),
      await customer.webhook({ url, events: ['refill.completed'] }),
    ];
    const order = await shop.order();
    await (await openShop(database.sql)).order();
    const told = {
      order,
      type: 'order.accepted',
      state: 'pending',
      attempts: 0,
      event: expect.stringMatching(/^evt_/),
    };
    expect(await customer.log(all.id)).toMatchObject([told]);
    expect(await customer.log(some.id)).toMatchObject([told]);
    expect(await customer.log(none.id)).toEqual([]);
  });

  it('listen to the same types in SQL and in the API', async () => {
    const rows = await database.sql<{ type: string }[]>`
      select type from unnest(${[...WEBHOOK_EVENTS, 'order.moving', 'attempt.refused', 'webhook.test']}::text[]) type
        where is_announced(type)`;
    expect(rows.map(({ type }) => type)).toEqual([...WEBHOOK_EVENTS]);
  });

  it('are told again of one event, or of all in a period, what happened before they were made included', async () => {
    const orders = [await shop.order(), await shop.order()];
    const { id } = await customer.webhook({ url, events: ['order.accepted'] });
    expect(await customer.log(id)).toEqual([]);
    const now = Date.now();
    const at = (ms: number) => new Date(now + ms).toISOString();
    const replay = (body: object) => customer.ask(`/${id}/replay`, body);
    expect((await replay({ from: at(-120_000), to: at(-60_000) })).body).toEqual({ events: 0 });
    await database.sql`update webhook_endpoints set replayed_at = null where id = ${id as number}`;
    expect((await replay({ from: at(-60_000), to: at(60_000) })).body).toEqual({ events: 2 });
    expect((await customer.log(id)).map(({ order }) => order)).toEqual(orders.reverse());
    const [{ event } = {}] = await customer.log(id);
    expect((await replay({ event })).body).toEqual({ events: 1 });
    for (const unknown of ['evt_999999999', 'evt_x', '7']) {
      expect((await replay({ event: unknown })).body.code).toBe('event_not_found');
    }
    for (const wrong of [{}, { from: at(0) }, { from: 'then', to: 'now' }, { event, from: at(0), to: at(1) }]) {
      expect((await replay(wrong)).body.code).toBe('invalid_request');
    }
  });

  it('are sent a period again, and one event, once in a minute and no more', async () => {
    await shop.order();
    const { id } = await customer.webhook({ url, events: ['order.accepted'] });
    const now = Date.now();
    const period = { from: new Date(now - 60_000).toISOString(), to: new Date(now + 60_000).toISOString() };
    const replay = (body: object) => customer.ask(`/${id}/replay`, body);
    expect((await replay(period)).status).toBe(202);
    const [{ event } = {}] = await customer.log(id);
    expect((await replay({ event })).status).toBe(202);
    for (const again of [period, { event }]) {
      const refused = await replay(again);
      expect([refused.status, refused.body.code]).toEqual([429, 'replayed_lately']);
      expect(refused.headers.get('retry-after')).toBe('60');
    }
    await database.sql`update webhook_endpoints set replayed_at = now() - interval '61 seconds'`;
    await database.sql`update webhook_deliveries set replayed_at = now() - interval '61 seconds'`;
    for (const again of [period, { event }]) expect((await replay(again)).body).toEqual({ events: 1 });
  });

  it('are not asked for a period again at once that had no event', async () => {
    await shop.order();
    const { id } = await customer.webhook({ url, events: ['order.corrected'] });
    const period = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
    expect((await customer.ask(`/${id}/replay`, period)).body).toEqual({ events: 0 });
    expect((await customer.ask(`/${id}/replay`, period)).body.code).toBe('replayed_lately');
  });

  it('are not sent a period again in which more happened than is sent at once', async () => {
    const order = await shop.order();
    const { id } = await customer.webhook({ url });
    await database.sql`
      insert into events (order_id, account_id, type, actor, version, at)
        select ${order}, ${shop.account}, 'order.completed', 'system', 1, now() - interval '1 hour' from generate_series(0, ${LIMITS.replayEvents})`;
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const refused = await customer.ask(`/${id}/replay`, { from: at(61), to: at(59) });
    expect([refused.status, refused.body.code]).toEqual([422, 'too_many_events']);
    expect(refused.body.detail).toContain('1000');
    const sooner = await customer.ask(`/${id}/replay`, { from: at(61), to: at(59) });
    expect([sooner.status, sooner.body.code]).toEqual([429, 'replayed_lately']);
  });

  it('are tested so often in a minute and no more', async () => {
    const { id } = await customer.webhook({ url });
    const test = () => customer.ask(`/${id}/test`, {});
    const answers = await Promise.all(Array.from({ length: LIMITS.testsAMinute + 2 }, test));
    const refused = answers.filter(({ status }) => status !== 202);
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(Array(2).fill([429, 'too_many_tests']));
    expect(await customer.log(id)).toHaveLength(LIMITS.testsAMinute);
    await database.sql`update webhook_endpoints set tests_since = now() - interval '61 seconds' where id = ${id as number}`;
    expect((await test()).status).toBe(202);
  });

  it('show their log in pages, and by state', async () => {
    const { id } = await customer.webhook({ url });
    for (let order = 0; order < 3; order += 1) await shop.order();
    const first = await customer.ask(`/${id}/deliveries?limit=2`);
    const second = await customer.ask(`/${id}/deliveries?limit=2&cursor=${first.body.nextCursor}`);
    const both = [first, second].flatMap(({ body }) => body.data as { event: string }[]);
    expect(new Set(both.map(({ event }) => event)).size).toBe(3);
    expect(second.body.nextCursor).toBeNull();
    expect(await customer.log(id, '?state=pending')).toHaveLength(3);
    expect(await customer.log(id, '?state=failed')).toEqual([]);
    expect((await customer.ask(`/${id}/deliveries?state=lost`)).status).toBe(422);
  });
});
