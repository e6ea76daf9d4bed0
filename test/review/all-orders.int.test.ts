import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptReleased, attemptUnknown } from '../../db/dispatch/attempts.ts';
import { addLateOrder } from '../../db/dispatch/late-orders.ts';
import { attemptOf, running, sending } from '../support/engines/running.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

describe('the orders of all accounts', () => {
  let on: ApiWorld;
  let mine: Shop;
  let other: Shop;
  /** Orders in the order of their placing: the first two are In progress, the third is the other account's, the last waits. */
  let ids: number[];

  beforeAll(async () => {
    on = await apiWorld({ workers: false });
    const { sql } = on.world;
    mine = on.shop;
    other = await openShop(sql, { providers: [on.world.provider.apiUrl, 'http://127.0.0.1:9/api/v2'] });
    ids = [
      await mine.order({ link: 'https://example.com/all/1' }),
      await mine.order({ link: 'https://example.com/all/2' }),
      await other.order({ link: 'https://example.com/all/1' }),
      await other.order({ link: 'https://example.com/all/4' }),
    ];
    const [one = 0, two = 0, three = 0] = ids;
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    await running(sql, two, 'up-2', ago(90));
    await running(sql, one, 'up-1', ago(10));
    await running(sql, three, 'up-3', ago(30));
    await sql`update orders set attention = 'review' where id = ${three}`;
    await sql`insert into events (order_id, account_id, type, actor, version, data, at)
      values (${three}, ${other.account}, 'order.review', 'system', 2, '{"why": "it takes too long"}', now())`;
    await sql`insert into service_stats (service_id, as_of, figures)
      values (${mine.service}, now(), '{"ended":10,"partial":0,"canceled":0,"average":900,"p50":900,"p95":1800,"running":2,"itemsPerHour":0,"load":[]}')`;
  });
  afterAll(() => on.close());

  const list = async (query: string) => {
    const { status, body } = await on.api.v1(`/v1/admin/orders?${query}`, { key: on.staff });
    expect([query, status]).toEqual([query, 200]);
    return body as { data: { id: number }[]; nextCursor: string | null };
  };
  const found = async (query: string) => (await list(`limit=100&${query}`)).data.map(({ id }) => id);

  it('are found by account, service, provider, link, status, attention and time', async () => {
    const [one = 0, two = 0, three = 0, four = 0] = ids;
    expect(await found('')).toEqual([four, three, two, one]);
    expect(await found(`account=${mine.account}`)).toEqual([two, one]);
    expect(await found(`service=${other.service}`)).toEqual([four, three]);
    expect(await found(`account=${mine.account}&service=${other.service}`)).toEqual([]);
    expect(await found(`provider=${mine.providers[0]}`)).toEqual([two, one]);
    expect(await found(`provider=${other.providers[0]}&status=In progress`)).toEqual([three]);
    expect(await found(`provider=${other.providers[1]}`)).toEqual([]);
    expect(await found(`link=${encodeURIComponent('https://example.com/all/1')}`)).toEqual([three, one]);
    expect(await found('link=https://example.com/all')).toEqual([]);
    expect(await found('status=Pending')).toEqual([four]);
    expect(await found('attention=review')).toEqual([three]);
    expect(await found(`attention=review&account=${other.account}`)).toEqual([three]);
    expect(await found('archived=true')).toEqual([]);
    const [row] = await on.world.sql<{ at: Date }[]>`select created_at as at from orders where id = ${three}`;
    const at = encodeURIComponent((row as { at: Date }).at.toISOString());
    expect([...(await found(`from=${at}`)), ...(await found(`to=${at}`))]).toEqual([four, three, two, one]);
  });

  it("are found by a provider's order id, also when it turned up late", async () => {
    const [one = 0, , , four = 0] = ids;
    expect(await found('providerOrder=up-1')).toEqual([one]);
    expect(await found(`providerOrder=up-1&provider=${mine.providers[0]}`)).toEqual([one]);
    expect(await found(`providerOrder=up-1&provider=${other.providers[1]}`)).toEqual([]);
    const { sql } = on.world;
    await sending(sql, attemptOf(four));
    await attemptUnknown(sql, attemptOf(four), 'no answer');
    await attemptReleased(sql, attemptOf(four), 'it is not there', true);
    await sql.begin((tx) => addLateOrder(tx, attemptOf(four), 'late-4', 'staff'));
    expect(await found('providerOrder=late-4')).toEqual([four]);
    expect(await found('providerOrder=nothing')).toEqual([]);
  });

  it('In progress come by their age, page by page, even when one ends meanwhile, with what is expected of their service', async () => {
    const [one = 0, two = 0, three = 0] = ids;
    expect(await found('sort=age')).toEqual([two, three, one]);
    expect([await found('sort=age&providerOrder=up-1'), await found('sort=age&providerOrder=late-4')]).toEqual([
      [one],
      [],
    ]);
    const first = await list('sort=age&limit=1');
    expect(first.data).toMatchObject([
      {
        ...{ id: two, account: mine.account, accountName: 'a customer', serviceName: 'Followers' },
        ...{ expectedSeconds: 1800, isLate: true },
        batches: [{ providerOrder: 'up-2', providerName: expect.stringMatching(/^provider \w+$/) }],
      },
    ]);
    const [late] = await on.world.sql<{ started: Date }[]>`select started_at as started from orders where id = ${two}`;
    await on.world.sql`update orders set started_at = null where id = ${two}`;
    expect(await found('sort=age')).toEqual([three, one]);
    await on.world.sql`update orders set started_at = ${(late as { started: Date }).started} where id = ${two}`;
    expect((await list(`sort=age&limit=2&cursor=${first.nextCursor}`)).data).toMatchObject([
      { id: three, expectedSeconds: null, isLate: false },
      { id: one, expectedSeconds: 1800, isLate: false },
    ]);
    const odd = await on.api.v1('/v1/admin/orders?sort=age&status=Completed', { key: on.staff });
    expect([odd.status, odd.body.code]).toEqual([422, 'invalid_request']);
  });

  it('of a provider are read to the end, each once, however many batches it has of one of them', async () => {
    const drip = await other.order({
      link: 'https://example.com/all/drip',
      quantity: 10,
      dripFeed: { runs: 3, intervalMinutes: 1 },
    });
    for (const run of [1, 2, 3]) await running(on.world.sql, drip, `drip-${run}`, new Date(), run);
    const last = await other.order({ link: 'https://example.com/all/last' });
    await running(on.world.sql, last, 'up-last');
    const provider = other.providers[0];
    const seen: number[] = [];
    let cursor = '';
    do {
      const page = await list(`provider=${provider}&limit=1${cursor}`);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual([last, drip, ids[2]]);
  });

  it('are each read with all that staff need to decide', async () => {
    const [, , three = 0] = ids;
    const { body } = await on.api.v1(`/v1/admin/orders/${three}`, { key: on.staff });
    expect(body).toMatchObject({
      id: three,
      account: other.account,
      accountName: 'a customer',
      serviceName: 'Followers',
      workflowId: `order-${three}`,
      review: { by: 'system', why: 'it takes too long', actions: expect.arrayContaining(['redispatch']) },
      batches: [
        { batch: 1, status: 'In progress', provider: other.providers[0], providerOrder: 'up-3', providerService: '1' },
      ],
      attempts: [{ batch: 1, attempt: 1, state: 'accepted', providerOrder: 'up-3' }],
      money: [{ kind: 'hold', from: `wallet:${other.account}`, to: `escrow:${three}`, amount: '0.9' }],
    });
    expect((body.events as { type: string }[]).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['order.accepted', 'order.in_progress', 'order.review']),
    );
    const [one = 0] = ids;
    expect((await on.api.v1(`/v1/admin/orders/${one}`, { key: on.staff })).body.review).toBeNull();
    for (const id of ['999999999', 'x'])
      expect((await on.api.v1(`/v1/admin/orders/${id}`, { key: on.staff })).body.code).toBe('order_not_found');
  });

  it('show the counts that staff set, with who set them and why, and no money moves', async () => {
    const { sql } = on.world;
    const id = await mine.order({ link: 'https://example.com/all/counted' });
    await running(sql, id, 'up-counted');
    const set = (body: object, order = id, idempotencyKey = JSON.stringify([order, body])) =>
      on.api.v1(`/v1/admin/orders/${order}/counts`, { key: on.staff, body, idempotencyKey });
    const read = async () => (await on.api.v1(`/v1/admin/orders/${id}`, { key: on.staff })).body;
    const before = await read();
    const done = await set({ batch: 1, startCount: 1_200, remains: 400, reason: 'counted by hand' });
    const counts = { order: id, batch: 1, quantity: 1_000, delivered: 600, startCount: 1_200, remains: 400 };
    expect([done.status, done.body]).toEqual([200, counts]);
    const after = await read();
    expect(after).toMatchObject({ status: 'In progress', delivered: 600, remains: 400, startCount: 1_200 });
    expect(after.money).toEqual(before.money);
    expect((after.events as object[]).at(-1)).toMatchObject({
      type: 'counts.set',
      by: 'staff: staff',
      data: { batch: 1, startCount: 1_200, remains: 400, reason: 'counted by hand', was: { startCount: null } },
    });
    // The customer reads that staff set something, but no note of theirs.
    const timeline = await on.api.v1(`/v1/orders/${id}/timeline?limit=100`, { key: on.key });
    expect((timeline.body.data as object[]).at(-1)).toMatchObject({
      type: 'counts.set',
      by: 'staff',
      data: { batch: 1 },
    });
    expect(JSON.stringify(timeline.body)).not.toContain('by hand');

    expect((await set({ batch: 1, remains: 700, reason: 'too early' })).body).toMatchObject({ delivered: 300 });
    expect(await read()).toMatchObject({ delivered: 300, startCount: 1_200 });
    const wrong = async (body: object, order = id) => {
      const { status, body: said } = await set(body, order);
      return [status, said.code];
    };
    expect(await wrong({ batch: 1, remains: 1_001, reason: 'x' })).toEqual([422, 'invalid_request']);
    expect(await wrong({ batch: 1, remains: -1, reason: 'x' })).toEqual([422, 'invalid_request']);
    expect(await wrong({ batch: 1, startCount: 1e13, reason: 'x' })).toEqual([422, 'invalid_request']);
    expect(await wrong({ batch: 1, reason: 'x' })).toEqual([422, 'invalid_request']);
    expect(await wrong({ batch: 1, remains: 1 })).toEqual([422, 'invalid_request']);
    expect(await wrong({ batch: 2, remains: 1, reason: 'x' })).toEqual([404, 'not_found']);
    expect(await wrong({ batch: 1, remains: 1, reason: 'x' }, 999_999_999)).toEqual([404, 'order_not_found']);
    await sql`update batches set terminal_at = now() where order_id = ${id}`;
    expect(await wrong({ batch: 1, remains: 1, reason: 'x' })).toEqual([409, 'not_possible']);
    expect((await set({ batch: 1, startCount: 7, reason: 'x' })).body).toMatchObject({ startCount: 7, delivered: 300 });
  });
});
