import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBulkResolution } from '../../activities/review/bulk-resolution.ts';
import { createBulkResolution, openBulkResolutions } from '../../db/review/bulk-resolutions.ts';
import { bulkResolutionId, orderWorkflowId, resolveUpdate } from '../../workflows/contract.ts';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { whileDear } from '../support/worlds/dear-orders.ts';
import type { Shop } from '../support/worlds/shop.ts';
import type { RunningWorkers } from '../support/worlds/world.ts';

describe('a decision of staff about many orders', () => {
  let on: ApiWorld;
  let panel: ScriptedPanel;
  let workers: RunningWorkers;
  let shop: Shop;
  let provider = 0;
  let keys = 0;

  beforeAll(async () => {
    on = await apiWorld({ staffName: 'night shift', workers: false });
    panel = await scriptedPanel();
    workers = await on.world.startWorkers();
  });
  afterAll(async () => {
    await on.close();
    await panel.close();
  });
  /** Each test has its own provider, which gives no clear answer by default. */
  beforeEach(async () => {
    shop = await on.world.shop({ providers: [panel.url] });
    provider = shop.providers[0] ?? 0;
    await on.world.sql`update providers set profile = '{"breakAfter": 100}' where id = ${provider}`;
    panel.onAdd = () => ({ error: 'a hiccup' });
  });

  const resolve = (body: object, idempotencyKey = `decision ${++keys}`) =>
    on.api.v1('/v1/admin/reviews/resolve', { key: on.staff, idempotencyKey, body });
  const read = async (id: unknown, query = '?limit=100') =>
    (await on.api.v1(`/v1/admin/reviews/resolutions/${id}${query}`, { key: on.staff })).body;
  const ended = (id: unknown) =>
    expect.poll(async () => (await read(id)).status, { timeout: 60_000, interval: 100 }).toBe('ended');
  const attentionOf = async (id: number) =>
    (await on.world.sql`select attention from orders where id = ${id}`)[0]?.attention;
  const begin = async (link: string) => {
    const id = await shop.claim({ link: `https://example.com/bulk/${provider}/${link}` });
    await placeClaim(on.world.sql, on.world.temporal, id);
    return id;
  };
  const uncertain = async (count: number) => {
    const ids = await Promise.all(Array.from({ length: count }, (_, n) => begin(`uncertain/${n}`)));
    for (const id of ids) await expect.poll(() => attentionOf(id), { timeout: 20_000 }).toBe('uncertain');
    return ids.sort((a, b) => a - b);
  };
  const decisionsIn = async (id: number) =>
    on.world
      .sql`select type, actor, data->>'reason' as reason from events where order_id = ${id} and type like 'resolve%' order by id`;

  it('says first what it would touch, and then touches exactly that, with one result for each order', async () => {
    const ids = await uncertain(4);
    const about = {
      filter: { provider, attention: 'uncertain' },
      action: 'notPlaced',
      reason: 'the provider was down',
    };
    const dry = await resolve({ ...about, dryRun: true });
    expect([dry.status, dry.body]).toEqual([
      200,
      { dryRun: true, orders: 4, held: '3.6', refused: 0, currency: 'USD', digest: expect.any(String) },
    ]);
    const dear = await whileDear(on.world.sql, ids, () => resolve({ ...about, dryRun: true }));
    expect(dear.body).toMatchObject({ orders: 4, held: '360000000000' });
    expect(await Promise.all(ids.map(attentionOf))).toEqual(ids.map(() => 'uncertain'));

    panel.onAdd = (_, number) => ({ order: provider * 1_000 + number });
    const taken = await resolve(about);
    expect(taken.status).toBe(202);
    expect(taken.headers.get('location')).toBe(`/v1/admin/reviews/resolutions/${taken.body.id}`);
    expect(taken.body).toMatchObject({ action: 'notPlaced', by: 'staff: night shift', total: 4 });
    await ended(taken.body.id);
    const { data, ...progress } = await read(taken.body.id);
    expect(progress).toMatchObject({ decided: 4, refused: 0, waiting: 0, unanswered: 0 });
    expect(data).toEqual(
      ids.map((order) => ({
        order,
        status: 'decided',
        message: 'the attempt counts as not placed; the batch is sent again by its routes',
        at: expect.any(String),
      })),
    );
    for (const id of ids) {
      await expect
        .poll(async () => (await on.world.sql`select status from orders where id = ${id}`)[0]?.status, {
          timeout: 20_000,
        })
        .toBe('In progress');
      expect(await decisionsIn(id)).toEqual([
        { type: 'resolved.notPlaced', actor: 'staff: night shift', reason: 'the provider was down' },
      ]);
    }
    const log = await on.api.v1('/v1/admin/audit?subject=reviews/resolve', { key: on.staff });
    expect(log.body.data).toMatchObject([{ object: taken.body.id, actor: 'staff: night shift', detail: about }]);
  });

  it('is taken once for its key, and does nothing twice', async () => {
    const [id = 0] = await uncertain(1);
    const about = { ids: [id], action: 'cancel', reason: 'given up' };
    const [one, other] = await Promise.all([resolve(about, 'twice'), resolve(about, 'twice')]);
    expect([one.status, other.status, other.body.id]).toEqual([202, 202, one.body.id]);
    await ended(one.body.id);
    const again = await resolve(about, 'twice');
    expect(again.body).toMatchObject({ id: one.body.id, status: 'ended', decided: 1 });
    expect((await decisionsIn(id)).length).toBe(1);
    await expect
      .poll(async () => (await on.world.sql`select refunded::text from orders where id = ${id}`)[0]?.refunded)
      .toBe('90000000');
    expect((await resolve({ ...about, reason: 'another' }, 'twice')).body.code).toBe('idempotency_key_reused');
  });

  it('refuses, with why, what waits no longer, does not exist, or waits for something else', async () => {
    const [id = 0, free = 0] = await uncertain(2);
    await on.api.v1(`/v1/admin/orders/${free}/resolve`, { key: on.staff, body: { action: 'cancel', reason: 'mine' } });
    await expect.poll(() => attentionOf(free)).toBe('none');
    const { body } = await resolve({ ids: [id, free, 999_999_999], action: 'extend', hours: 2, reason: 'slow' });
    await ended(body.id);
    const nothing = 'it does not wait for a person';
    expect((await read(body.id)).data).toMatchObject([
      { order: id, status: 'refused', message: 'extend is not possible while the attention is uncertain' },
      { order: free, status: 'refused', message: nothing },
      { order: 999_999_999, status: 'refused', message: nothing },
    ]);
    expect(await attentionOf(id)).toBe('uncertain');
    expect(await decisionsIn(id)).toEqual([]);
    const dry = await resolve({ ids: [id, free, 999_999_999], action: 'notPlaced', dryRun: true });
    expect(dry.body).toMatchObject({ orders: 1, held: '0.9', refused: 2 });
  });

  it('goes on after the workers were away, and leaves alone what was decided meanwhile, and sent and uncertain again', async () => {
    const [one = 0, decided = 0, again = 0] = await uncertain(3);
    await workers.stop();
    const taken = await resolve({ filter: { provider }, action: 'cancel', reason: 'given up' });
    expect(taken.body).toMatchObject({ status: 'deciding', total: 3, waiting: 3 });
    // While the bulk decision waits, other people decide: one order is canceled, one is sent again and becomes uncertain again.
    const handle = (id: number) => on.world.temporal.workflow.getHandle(orderWorkflowId(id));
    const asked = [
      handle(decided).executeUpdate(resolveUpdate, { args: [{ by: 'ann', action: 'cancel' }] }),
      handle(again).executeUpdate(resolveUpdate, { args: [{ by: 'ann', action: 'notPlaced' }] }),
    ];
    await on.world.temporal.workflow.getHandle(bulkResolutionId(taken.body.id as number)).describe();
    workers = await on.world.startWorkers();
    await Promise.all(asked);
    await ended(taken.body.id);
    const { data } = (await read(taken.body.id)) as { data: { order: number; status: string }[] };
    expect(data.find(({ order }) => order === one)?.status).toBe('decided');
    // Each order was decided exactly once, by the first decision.
    for (const id of [one, decided, again]) {
      const types = (await decisionsIn(id)).filter(({ type }) => type !== 'resolve.refused');
      expect(types.length).toBe(1);
    }
  }, 120_000);

  it('is about the attempts that were uncertain when it was made, and no later one', async () => {
    const [id = 0] = await uncertain(1);
    const bulk = await on.world.sql.begin((tx) =>
      createBulkResolution(tx, {
        set: { filter: { provider } },
        resolution: { action: 'cancel' },
        actor: 'staff: late',
        reason: 'given up',
        most: 10,
      }).then((made) => [made]),
    );
    const [bulkId = 0] = bulk as number[];
    await on.api.v1(`/v1/admin/orders/${id}/resolve`, {
      key: on.staff,
      body: { action: 'notPlaced', reason: 'it is not there' },
    });
    await expect
      .poll(
        async () =>
          (
            await on.world.sql`select count(*)::integer as n from attempts where order_id = ${id} and state = 'unknown'
        and attempt = 2`
          )[0]?.n,
        { timeout: 20_000 },
      )
      .toBe(1);
    expect(await openBulkResolutions(on.world.sql)).toContain(bulkId);
    await ensureBulkResolution(on.world.temporal, bulkId);
    await ensureBulkResolution(on.world.temporal, bulkId);
    await ended(bulkId);
    expect((await read(bulkId)).data).toMatchObject([
      { order: id, status: 'refused', message: 'its uncertain attempts have been decided since' },
    ]);
    expect(await attentionOf(id)).toBe('uncertain');
  });

  it('is read page by page, and narrows reviews as its filter does', async () => {
    const ids = await uncertain(3);
    const { body } = await resolve({ ids, action: 'complete', reason: 'all' });
    await ended(body.id);
    const first = await read(body.id, '?limit=2');
    const rest = await read(body.id, `?limit=2&cursor=${first.nextCursor}`);
    const orders = [...(first.data as { order: number }[]), ...(rest.data as { order: number }[])];
    expect(orders.map(({ order }) => order)).toEqual(ids);
    expect(rest.nextCursor).toBeNull();

    const [row] = await on.world.sql<{ at: Date }[]>`select created_at as at from orders where id = ${ids[1] ?? 0}`;
    const at = encodeURIComponent((row as { at: Date }).at.toISOString());
    const reviews = async (query: string) => {
      const answer = await on.api.v1(`/v1/admin/reviews?limit=100&${query}`, { key: on.staff });
      return (answer.body.data as { order: number }[]).map(({ order }) => order);
    };
    expect(await reviews(`provider=${provider}`)).toEqual(ids);
    expect(await reviews(`service=${shop.service}&attention=uncertain`)).toEqual(ids);
    expect(await reviews(`provider=${provider}&attention=review`)).toEqual([]);
    expect(await reviews(`provider=${provider + 1_000}`)).toEqual([]);
    const [before, after] = [
      await reviews(`provider=${provider}&to=${at}`),
      await reviews(`provider=${provider}&from=${at}`),
    ];
    expect([...before, ...after].sort((a, b) => a - b)).toEqual(ids);
  });

  it('is refused when it cannot be about many, or does not say about which', async () => {
    const why = async (body: object) => {
      const { status, body: said } = await resolve(body);
      return [status, (said.errors as { path: string; message: string }[] | undefined)?.[0]];
    };
    const reason = 'why';
    expect(await why({ ids: [1], action: 'attach', providerOrder: '1', reason })).toEqual([
      422,
      { path: 'action', message: expect.stringMatching(/^attach names one order of a provider/) },
    ]);
    expect(await why({ ids: [1], action: 'refund', reason })).toMatchObject([422, { path: 'action' }]);
    expect(await why({ ids: [1], filter: { provider }, action: 'cancel', reason })).toMatchObject([422, { path: '' }]);
    expect(await why({ action: 'cancel', reason })).toMatchObject([422, { path: '' }]);
    expect(await why({ filter: {}, action: 'cancel', reason })).toMatchObject([422, { path: 'filter' }]);
    expect(await why({ ids: [1], action: 'cancel' })).toMatchObject([422, { path: 'reason' }]);
    expect(await why({ ids: [1], action: 'cancel', batch: 1, reason })).toMatchObject([422, { path: '' }]);
    expect(await why({ ids: [1], action: 'partial', reason })).toMatchObject([422, { path: 'delivered' }]);
    const ids = Array.from({ length: 10_001 }, (_, n) => n + 1);
    expect(await why({ ids, action: 'cancel', reason })).toMatchObject([422, { path: 'ids' }]);
    const keyless = await on.api.v1('/v1/admin/reviews/resolve', {
      key: on.staff,
      body: { ids: [1], action: 'cancel', reason },
    });
    expect(keyless.body.code).toBe('idempotency_key_missing');
    const customer = await on.api.v1('/v1/admin/reviews/resolve', {
      key: on.key,
      idempotencyKey: 'c',
      body: { ids: [1], action: 'cancel', reason },
    });
    expect(customer.status).toBe(403);
    expect((await on.api.v1('/v1/admin/reviews/resolutions/999999', { key: on.staff })).status).toBe(404);
  });
});
