import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedPanel, scriptedPanel } from '../support/peers/panel.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { whileDear } from '../support/worlds/dear-orders.ts';
import { RefillCustomer } from '../support/worlds/refills.ts';
import type { Shop } from '../support/worlds/shop.ts';

describe('staff act on any order', () => {
  let on: ApiWorld;
  let panel: ScriptedPanel;
  /** A service with two routes: the scripted panel, and the simulated provider. */
  let shop: Shop;
  let links = 0;
  let keys = 0;

  beforeAll(async () => {
    on = await apiWorld({ staffName: 'night shift' });
    panel = await scriptedPanel();
    shop = await on.world.shop({ providers: [panel.url, on.world.provider.apiUrl] });
  });
  afterAll(async () => {
    await on.close();
    await panel.close();
  });

  const post = (path: string, body: object, idempotencyKey?: string) =>
    on.api.v1(`/v1/admin/orders${path}`, { key: on.staff, body, idempotencyKey });
  const actOnMany = (body: object) => post('/actions', body, `act ${++keys}`);
  const read = async (id: number) => (await on.api.v1(`/v1/admin/orders/${id}`, { key: on.staff })).body;
  const becomes = (id: number, expected: object) =>
    expect.poll(() => read(id), { timeout: 30_000 }).toMatchObject(expected);
  const place = async (of = shop) => {
    const id = await of.claim({ link: `https://example.com/acted/${++links}` });
    await placeClaim(on.world.sql, on.world.temporal, id);
    return id;
  };
  const running = async (count: number) => {
    const ids = await Promise.all(Array.from({ length: count }, () => place()));
    for (const id of ids) await becomes(id, { status: 'In progress' });
    return ids.sort((a, b) => a - b);
  };
  const actsIn = async (id: number) =>
    ((await read(id)).events as { type: string; by: string; data: { reason?: string; why?: string } }[])
      .filter(({ by }) => by.startsWith('staff'))
      .map(({ type, by, data }) => `${type} by ${by}: ${data.why ?? data.reason}`);
  const result = async (id: unknown) => {
    const get = () => on.api.v1(`/v1/admin/reviews/resolutions/${id}?limit=100`, { key: on.staff });
    await expect.poll(async () => (await get()).body.status, { timeout: 30_000 }).toBe('ended');
    return (await get()).body;
  };

  it('pauses, resumes and cancels it, by name and with a reason', async () => {
    const [id = 0] = await running(1);
    const reason = 'the profile is private';
    expect((await post(`/${id}/pause`, { reason })).body).toMatchObject({ id, accepted: true });
    await becomes(id, { attention: 'paused', pausedBy: 'staff: night shift' });
    const first = await post(`/${id}/resume`, { reason: 'it is public again' }, 'resume once');
    const again = await post(`/${id}/resume`, { reason: 'it is public again' }, 'resume once');
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
    await becomes(id, { attention: 'none' });
    expect((await post(`/${id}/cancel`, { reason: 'the customer called' })).status).toBe(202);
    await becomes(id, { canceledBy: 'staff: night shift' });
    expect(await actsIn(id)).toEqual([
      'order.paused by staff: night shift: the profile is private',
      'order.resumed by staff: night shift: it is public again',
      'cancel.requested by staff: night shift: the customer called',
    ]);
  });

  it('sends what is missing to the next route, once the order waits for a person', async () => {
    const [id = 0] = await running(1);
    const early = await post(`/${id}/redispatch`, { reason: 'slow' });
    expect([early.status, early.body.code]).toEqual([409, 'not_possible']);
    await post(`/${id}/pause`, { reason: 'slow' });
    const taken = await post(`/${id}/redispatch`, { reason: 'slow' });
    expect([taken.status, taken.body.message]).toEqual([202, expect.stringContaining('next route')]);
  });

  it('asks for a refill by the rules of the customer', async () => {
    const customer = await RefillCustomer.open(on.world, on.api);
    const id = await customer.completed('onrefill:600');
    const asked = await post(`/${id}/refills`, { reason: 'it dropped' });
    expect([asked.status, asked.body]).toMatchObject([202, { id, accepted: true, refill: expect.any(Number) }]);
    const second = await post(`/${id}/refills`, { reason: 'it dropped' });
    expect([second.status, second.body.code]).toEqual([409, 'refill_unavailable']);
    const other = await customer.completed('onrefill:600');
    const many = { action: 'refill', filter: { service: customer.shop.service } };
    expect((await actOnMany({ ...many, dryRun: true })).body).toMatchObject({ orders: 1, held: '0' });
    const { body } = await actOnMany({ ...many, reason: 'all dropped' });
    expect(await result(body.id)).toMatchObject({
      action: 'refill',
      total: 1,
      data: [{ order: other, status: 'decided' }],
    });
  });

  it('says first how many orders and how much money a filter touches, then touches exactly those', async () => {
    const service = (await on.world.shop({ providers: [panel.url] })) as Shop;
    const ids = [await place(service), await place(service), await place(service)].sort((a, b) => a - b);
    for (const id of ids) await becomes(id, { status: 'In progress' });
    const about = { action: 'pause', filter: { service: service.service, status: 'In progress' } };
    expect((await actOnMany({ ...about, dryRun: true })).body).toEqual({
      dryRun: true,
      orders: 3,
      held: '2.7',
      refused: 0,
      currency: 'USD',
      digest: expect.any(String),
    });
    const dear = await whileDear(on.world.sql, ids, () => actOnMany({ ...about, dryRun: true }));
    expect(dear.body).toMatchObject({ orders: 3, held: '270000000000' });
    expect(await actsIn(ids[0] ?? 0)).toEqual([]);
    const taken = await actOnMany({ ...about, reason: 'the platform is down' });
    expect([taken.status, taken.headers.get('location')]).toEqual([
      202,
      `/v1/admin/reviews/resolutions/${taken.body.id}`,
    ]);
    expect(await result(taken.body.id)).toMatchObject({ action: 'pause', decided: 3, refused: 0 });
    for (const id of ids)
      expect(await actsIn(id)).toEqual(['order.paused by staff: night shift: the platform is down']);

    // What cannot be paused is refused with why; the money of others is not touched.
    const [one = 0, ...rest] = ids;
    const odd = await actOnMany({ action: 'pause', ids: [one, 999_999_999], reason: 'again' });
    expect((await result(odd.body.id)).data).toMatchObject([
      { order: one, status: 'refused', message: 'pause is not possible for it now' },
      { order: 999_999_999, status: 'refused' },
    ]);
    const resumed = await actOnMany({ action: 'resume', ids: rest, reason: 'it is up' });
    expect(await result(resumed.body.id)).toMatchObject({ decided: 2 });
    const redispatched = { action: 'redispatch', filter: { service: service.service } };
    expect((await actOnMany({ ...redispatched, dryRun: true })).body).toMatchObject({ orders: 1, held: '0.9' });
    const canceled = await actOnMany({ action: 'cancel', ids, reason: 'given up' });
    expect(await result(canceled.body.id)).toMatchObject({ action: 'cancel', decided: 3 });
    expect((await actsIn(rest[0] ?? 0)).at(-1)).toBe('cancel.requested by staff: night shift: given up');
  });

  it('is refused without a reason, for no order, and for many that are not named', async () => {
    const why = async (path: string, body: object) => {
      const { status, body: said } = await post(path, body, `why ${++keys}`);
      return [status, said.code];
    };
    expect(await why('/999999999/cancel', { reason: 'x' })).toEqual([404, 'order_not_found']);
    expect(await why('/999999999/refills', { reason: 'x' })).toEqual([404, 'order_not_found']);
    for (const body of [{}, { reason: '' }, { reason: 'a\u0000b' }, { reason: 'x', by: 'me' }])
      expect(await why('/999999999/pause', body)).toEqual([422, 'invalid_request']);
    for (const body of [
      { action: 'pause', reason: 'x' },
      { action: 'pause', reason: 'x', ids: [1], filter: { service: 1 } },
      { action: 'pause', reason: 'x', filter: {} },
      { action: 'pause', ids: [1] },
      { action: 'attach', reason: 'x', ids: [1] },
    ])
      expect(await why('/actions', body)).toEqual([422, 'invalid_request']);
    const keyless = await post('/actions', { action: 'pause', reason: 'x', ids: [1] });
    expect(keyless.body.code).toBe('idempotency_key_missing');
    const read = await on.api.v1('/v1/admin/orders/actions', { key: on.staff });
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
