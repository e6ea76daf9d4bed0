import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStaffKey } from '../../db/account/accounts.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import type { OrderListing } from '../../domain/provider/profile.ts';
import { type FoundMessage, foundSignal, orderWorkflowId, resolveUpdate } from '../../workflows/contract.ts';
import { SteppedOrder } from '../support/model/stepped-order.ts';
import { placeClaim } from '../support/reads/place.ts';
import { type ServedApi, serveApi } from '../support/worlds/api.ts';
import type { Shop, ShopOptions } from '../support/worlds/shop.ts';
import { realWorld, type World } from '../support/worlds/world.ts';

describe('a send whose outcome is not known, at a provider that lists its orders,', () => {
  let world: World;
  let api: ServedApi;
  let staff: string;
  let links = 0;
  let link: string;

  beforeAll(async () => {
    world = await realWorld();
    api = await serveApi(world);
    ({ key: staff } = await createStaffKey(world.sql, { name: 'night shift' }));
    await world.startWorkers();
  });
  beforeEach(async () => {
    links += 1;
    link = `https://example.com/sought/${links}?sim=seconds:1`;
    world.provider.disarm();
    await world.provider.configure({ listsOrders: true, clockSkewMs: 0 });
  });
  afterAll(async () => {
    expect(await verifyLedger(world.sql)).toEqual([]);
    await api.close();
    await world.close();
  });

  async function shopWith(listing: Partial<OrderListing> = {}, options: ShopOptions = {}): Promise<Shop> {
    const shop = await world.shop(options);
    const profile = { listsOrders: { looksAfterSeconds: [1], graceSeconds: 1, ...listing } };
    await world.sql`update providers set profile = ${world.sql.json(profile)} where id = any(${[...shop.providers]})`;
    return shop;
  }
  const place = async ({ claim }: Shop, to = link): Promise<number> => {
    const id = await claim({ link: to });
    await placeClaim(world.sql, world.temporal, id);
    return id;
  };
  /** Places an order that the provider accepts, so that its list can show that it knows our orders. */
  const known = async (shop: Shop) => {
    const id = await place(shop, `${link}&known`);
    await expect.poll(async () => (await rowOf(id))?.first, { timeout: 30_000 }).toBe('accepted');
  };
  const rowOf = async (id: number) =>
    (
      await world.sql`
        select status, attention, charge, refunded,
               (select a.state from attempts a where a.order_id = o.id and a.batch = 1 and a.attempt = 1) as first,
               (select none_since is not null from attempts a where a.order_id = o.id and a.attempt = 1) as none
          from orders o where id = ${id}`
    )[0];
  const until = (id: number, row: object) => expect.poll(() => rowOf(id), { timeout: 30_000 }).toMatchObject(row);
  const looks = (id: number) => async () =>
    (await world.sql<{ looks: number }[]>`select looks from attempts where order_id = ${id} and attempt = 1`)[0]
      ?.looks ?? 0;
  const lookedAgain = async (id: number) => {
    const before = await looks(id)();
    await expect.poll(looks(id), { timeout: 60_000 }).toBeGreaterThan(before + 1);
  };
  const reviewOf = async (id: number) => {
    const { body } = await api.v1('/v1/admin/reviews?limit=100', { key: staff });
    return (body.data as { order: number; uncertain: Record<string, unknown>[] }[]).find(({ order }) => order === id);
  };
  const lateOf = (id: number) => async () =>
    (
      await world.sql`select provider_order as "providerOrder", found_by as by, loss from late_orders where order_id = ${id}`
    )[0];
  const resolve = (id: number, message: object) => new SteppedOrder(world, id, link).ask(resolveUpdate, message);

  it.each(['accept-drop', 'truncated', 'accept-http:502'])(
    'that was lost as %s is found, attached and completes, sent once',
    async (fault) => {
      const shop = await shopWith();
      world.provider.arm({ fault, link, action: 'add' });
      const id = await place(shop);
      await until(id, { status: 'Completed', attention: 'none', first: 'accepted' });
      expect(world.provider.adds(link)).toHaveLength(1);
      const [found] = await world.sql`select actor from events where order_id = ${id} and type = 'found.attach'`;
      expect(found).toEqual({ actor: 'system' });
    },
  );

  it('is found too when staff say only later that it lists its orders', async () => {
    const shop = await world.shop();
    world.provider.arm({ fault: 'accept-drop', link, action: 'add' });
    const id = await place(shop);
    await until(id, { attention: 'uncertain' });
    const body = { listsOrders: { looksAfterSeconds: [1], graceSeconds: 1 } };
    const path = `/v1/admin/providers/${shop.providers[0]}`;
    expect((await api.v1(path, { key: staff, method: 'PATCH', body })).status).toBe(200);
    await until(id, { status: 'Completed', attention: 'none', first: 'accepted' });
    expect(world.provider.adds(link)).toHaveLength(1);
  });

  it('is for a person when another of our sends may own what is there', async () => {
    // The first search comes after both sends.
    const shop = await shopWith({ looksAfterSeconds: [10, 1] });
    const to = `${link},stall:0`;
    world.provider.arm({ fault: 'accept-drop', link: to, action: 'add' });
    world.provider.arm({ fault: 'drop', link: to, action: 'add', skip: 1 });
    const [one, other] = [await place(shop, to), await place(shop, to)];
    await until(one, { attention: 'uncertain' });
    await until(other, { attention: 'uncertain' });
    await lookedAgain(one);
    await lookedAgain(other);
    const [there] = world.provider.orders(to);
    const candidates = [{ providerOrder: String(there?.order), quantity: 1000, status: expect.any(String) }];
    for (const id of [one, other]) {
      expect(await reviewOf(id)).toMatchObject({
        attention: 'uncertain',
        uncertain: [
          { state: 'unknown', target: to, quantity: 1000, said: 'UND_ERR_SOCKET', candidates, isLookedFor: true },
        ],
      });
    }
    const view = await api.v1(`/v1/admin/orders/${one}/workflow`, { key: staff });
    expect(JSON.stringify(view.body)).toContain(String(there?.order));
    expect(view.body.events).toContainEqual(expect.stringMatching(/order\.uncertain by system \(batch: 1, attempt: 1/));
    expect(JSON.stringify(view.body)).not.toContain('example.com');
    // A person attached the provider's order to one send, so it cannot be the other's any more.
    await resolve(one, { action: 'attach', providerOrder: String(there?.order) });
    await until(one, { status: 'In progress', attention: 'none' });
    await resolve(other, { action: 'cancel' });
    await until(other, { status: 'Canceled' });
  });

  it('is for a person when the clock of the provider is far off', async () => {
    await world.provider.configure({ clockSkewMs: 3 * 3_600_000 });
    const shop = await shopWith({ authoritative: true });
    world.provider.arm({ fault: 'accept-reset', link, action: 'add' });
    const id = await place(shop);
    await until(id, { attention: 'uncertain' });
    await lookedAgain(id);
    const [there] = world.provider.orders(link);
    expect(await reviewOf(id)).toMatchObject({
      uncertain: [{ candidates: [{ providerOrder: String(there?.order) }] }],
    });
    expect(world.provider.adds(link)).toHaveLength(1);
  });

  it('stays uncertain when the list does not have it, for nobody has said that it has everything', async () => {
    const shop = await shopWith();
    await known(shop);
    world.provider.arm({ fault: 'drop', link, action: 'add' });
    const id = await place(shop);
    await until(id, { attention: 'uncertain', none: true });
    await lookedAgain(id);
    expect(await rowOf(id)).toMatchObject({ attention: 'uncertain', first: 'unknown' });
    expect(world.provider.adds(link)).toHaveLength(1);
  });

  it('is sent again when a list that counts for everything has twice not shown it', async () => {
    const shop = await shopWith({ authoritative: true });
    await known(shop);
    world.provider.arm({ fault: 'drop', link, action: 'add' });
    const id = await place(shop);
    await until(id, { status: 'Completed', first: 'released' });
    expect(world.provider.adds(link)).toHaveLength(2);
    expect(world.provider.orders(link)).toHaveLength(1);
  });

  it('stays uncertain when such a list shows none of our orders: it may be of another account', async () => {
    const shop = await shopWith({ authoritative: true });
    world.provider.arm({ fault: 'drop', link, action: 'add' });
    const id = await place(shop);
    await until(id, { attention: 'uncertain' });
    await lookedAgain(id);
    expect(await rowOf(id)).toMatchObject({ attention: 'uncertain', first: 'unknown', none: false });
    expect(world.provider.adds(link)).toHaveLength(1);
  });

  it('is looked for beyond the pages of a panel that gives fewer orders than it is asked for', async () => {
    // The provider returns at most a hundred orders a page, and a hundred others are placed after the lost one.
    const shop = await shopWith({ authoritative: true, pageSize: 1_000, looksAfterSeconds: [5, 1] });
    world.provider.arm({ fault: 'accept-drop', link, action: 'add' });
    const id = await place(shop);
    await until(id, { attention: 'uncertain' });
    const other = new URLSearchParams({ key: 'upstream-key', action: 'add', service: '1', quantity: '100' });
    for (let n = 0; n < 100; n += 1) {
      other.set('link', `${link}&other=${n}`);
      const answer = await fetch(world.provider.apiUrl, { method: 'POST', body: other });
      expect(await answer.json()).toEqual({ order: expect.any(Number) });
    }
    await until(id, { status: 'Completed', attention: 'none', first: 'accepted' });
    expect(world.provider.adds(link)).toHaveLength(1);
  });

  it.each(['http:500', 'truncated', 'reset', 'error:Unknown action'])(
    'stays uncertain while the list cannot be read (%s): a look that failed proves nothing',
    async (fault) => {
      const shop = await shopWith({ authoritative: true });
      world.provider.arm({ fault: 'drop', link, action: 'add' });
      world.provider.arm({ fault, action: 'orders', times: 1_000 });
      const id = await place(shop);
      await until(id, { attention: 'uncertain' });
      await lookedAgain(id);
      expect(await rowOf(id)).toMatchObject({ attention: 'uncertain', first: 'unknown', none: false });
      expect(world.provider.adds(link)).toHaveLength(1);
    },
  );

  it('that turns up after somebody said it was not placed is a loss, and the customer pays once', async () => {
    // The first searches do not see the order, as when a provider's list is behind.
    const shop = await shopWith({ looksAfterSeconds: [12] });
    world.provider.arm({ fault: 'accept-drop', link, action: 'add' });
    const id = await place(shop);
    await until(id, { attention: 'uncertain' });
    await resolve(id, { action: 'notPlaced' });
    await until(id, { status: 'Completed', charge: 90_000_000n, refunded: 0n });
    const [first] = world.provider.orders(link);
    await expect
      .poll(lateOf(id), { timeout: 60_000 })
      .toMatchObject({ providerOrder: String(first?.order), by: 'system' });
    await expect.poll(async () => (await lateOf(id)())?.loss, { timeout: 60_000 }).toBe(90_000_000n);
    expect(await rowOf(id)).toMatchObject({ status: 'Completed', charge: 90_000_000n });
    expect(
      await world.sql`select debit, credit, amount from transfers where order_id = ${id} and kind = 'loss'`,
    ).toEqual([{ debit: 'loss', credit: `payable:${shop.providers[0]}`, amount: 90_000_000n }]);
    expect(world.provider.adds(link)).toHaveLength(2);
  });

  it('that staff find after a refund is followed to its end, stopped, and never charged', async () => {
    const shop = await world.shop();
    const to = `https://example.com/sought/late?sim=seconds:600,oncancel:1`;
    world.provider.arm({ fault: 'accept-drop', link: to, action: 'add' });
    const id = await place(shop, to);
    await until(id, { attention: 'uncertain' });
    const [there] = world.provider.orders(to);
    const tell = (idempotencyKey: string, more: object = {}) =>
      api.v1(`/v1/admin/orders/${id}/late-orders`, {
        key: staff,
        idempotencyKey,
        body: { providerOrder: there?.order, ...more },
      });
    expect((await tell('too early', { attempt: 1 })).body).toMatchObject({ code: 'not_possible' });
    await resolve(id, { action: 'cancel' });
    await until(id, { status: 'Canceled', charge: 0n, refunded: 90_000_000n });
    const told = await tell('late');
    expect([told.status, told.body]).toMatchObject([
      201,
      { order: id, attempt: 1, loss: null, foundBy: 'staff: night shift' },
    ]);
    expect((await tell('late once more')).body.id).toBe(told.body.id);
    await expect.poll(async () => (await lateOf(id)())?.loss, { timeout: 30_000 }).toEqual(expect.any(BigInt));
    // It was stopped before it had delivered everything, so only its actual charge is a loss.
    expect((await lateOf(id)())?.loss).toBeLessThan(90_000_000n);
    expect(await rowOf(id)).toMatchObject({ status: 'Canceled', charge: 0n, refunded: 90_000_000n });
    const listed = await api.v1('/v1/admin/late-orders', { key: staff });
    expect(listed.body.data).toContainEqual(
      expect.objectContaining({ id: told.body.id, providerOrder: String(there?.order) }),
    );
    // The send of this other order has a clear outcome.
    const other = await place(shop, `${to}&other`);
    await until(other, { status: 'In progress' });
    const taken = await api.v1(`/v1/admin/orders/${other}/attempts`, { key: staff });
    expect(taken.body.data).toMatchObject([{ state: 'accepted', attempt: 1 }]);
  });

  it('believes evidence only about an attempt that is uncertain, however it is said', async () => {
    const shop = await world.shop();
    const to = 'https://example.com/sought/forged?sim=stall:0';
    world.provider.arm({ fault: 'accept-drop', link: to, action: 'add' });
    const id = await place(shop, to);
    await until(id, { attention: 'uncertain' });
    const handle = world.temporal.workflow.getHandle(orderWorkflowId(id));
    const odd: unknown[] = [
      null,
      { batch: 1 },
      { batch: 2, attempt: 1, kind: 'notPlaced' },
      { batch: 1, attempt: 2, kind: 'notPlaced' },
      { batch: 1, attempt: 1, kind: 'attach', providerOrder: '../../etc' },
      { batch: 1, attempt: 1, kind: 'candidates', orders: 'all of them' },
    ];
    for (const message of odd) await handle.signal(foundSignal, message as FoundMessage);
    await resolve(id, { action: 'attach', providerOrder: String(world.provider.orders(to)[0]?.order) });
    await until(id, { status: 'In progress', first: 'accepted' });
    expect(world.provider.adds(to)).toHaveLength(1);
  });
});
