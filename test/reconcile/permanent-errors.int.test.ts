import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../db/account/accounts.ts';
import { orderQuery, orderWorkflowId } from '../../workflows/contract.ts';
import { refusing } from '../support/engines/refusing-database.ts';
import { first, scaled } from '../support/run/scale.ts';
import type { Answer } from '../support/worlds/api.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { decided } from '../support/worlds/placing.ts';
import { alertAbout, reconcile } from '../support/worlds/reconciling.ts';
import { RefillCustomer, refillCalls } from '../support/worlds/refills.ts';
import type { Shop } from '../support/worlds/shop.ts';

let opened: ApiWorld;
/** Another customer, whose orders have no errors. */
let other: { readonly shop: Shop; readonly key: string };

beforeAll(async () => {
  opened = await apiWorld();
  const shop = await opened.world.shop();
  const { key } = await createKey(opened.world.sql, { accountId: shop.account, name: 'other' });
  other = { shop, key };
});
afterAll(() => opened.close());

let links = 0;
const newLink = (script = 'seconds:600') => {
  links += 1;
  return `https://example.com/permanent/${links}?sim=${script}`;
};
const place = (link = newLink(), { shop, key } = opened as Pick<ApiWorld, 'shop' | 'key'>): Promise<Answer> =>
  opened.api.v1('/v1/orders', {
    key,
    body: { service: shop.service, link, quantity: 1000 },
    idempotencyKey: Buffer.from(link).toString('base64url').slice(0, 100),
  });
const placeDecided = (link = newLink(), by?: Pick<ApiWorld, 'shop' | 'key'>): Promise<Answer> =>
  decided(() => place(link, by));
const said = ({ status, body }: Answer) => [status, body.code];
const placed = async (script?: string): Promise<number> => {
  const { status, body } = await placeDecided(newLink(script));
  expect(status).toBe(201);
  return body.id as number;
};
const orderOf = async (id: number) =>
  (await opened.world.sql`select status, attention from orders where id = ${id}`)[0];
const becomes = (id: number, expected: object) =>
  expect.poll(() => orderOf(id), { timeout: 60_000 }).toMatchObject(expected);
const view = (id: number) => opened.world.temporal.workflow.getHandle(orderWorkflowId(id)).query(orderQuery);
const parked = (id: number) => async () => (await alertAbout(opened.world, 'order_parked', `order:${id}`)).state;

describe('an order that no database can take', () => {
  it.each(['54000', '22003', '23514', '42501', '0A000', 'P0001', 'HF999'])(
    'is refused with a stable code, and alerted (SQLSTATE %s)',
    async (state) => {
      const { world, shop, api, key } = opened;
      const ends = await refusing(world.sql, 'orders', state, `new.account_id = ${shop.account}`);
      const link = newLink();
      expect(said(await place(link))).toEqual([422, 'cannot_be_placed']);
      expect(said(await place(link))).toEqual([422, 'cannot_be_placed']);
      const v2 = { key, action: 'add', service: String(shop.service), link: newLink(), quantity: '1000' };
      expect(await api.v2(v2)).toEqual({ error: 'Incorrect request' });
      await ends();
      expect((await alertAbout(world, 'order_unplaceable', `error:${state}`)).state).toBe('open');
    },
  );

  it('is alerted until an hour has passed without one', async () => {
    const { world } = opened;
    const states = async () =>
      (await world.sql`select resolved_at is null as open from alerts where kind = 'order_unplaceable'`).map(
        (a) => a.open,
      );
    await reconcile(world);
    expect(new Set(await states())).toEqual(new Set([true]));
    await world.sql`update claims set decided_at = decided_at - interval '61 minutes' where refusal->>'code' = 'cannot_be_placed'`;
    await reconcile(world);
    expect(new Set(await states())).toEqual(new Set([false]));
  });

  it('many at once are each answered, and hold up nobody else; nothing is left open', async () => {
    const { world, shop } = opened;
    const many = scaled({ gate: 20, release: 60 });
    const ends = await refusing(world.sql, 'orders', '54000', `new.account_id = ${shop.account}`);
    const poisoned = Array.from({ length: many }, () => placeDecided());
    expect((await placeDecided(newLink(), other)).status).toBe(201);
    for (const answer of await Promise.all(poisoned)) expect(said(answer)).toEqual([422, 'cannot_be_placed']);
    await ends();
    expect(await world.sql`select from claims where state = 'open'`).toHaveLength(0);
    const ids = await world.sql<{ id: number }[]>`
      select order_id::float8 as id from claims where account_id = ${shop.account} and state = 'refused'`;
    const running = async () => {
      const all = await Promise.all(
        ids.map(({ id }) => world.temporal.workflow.getHandle(orderWorkflowId(id)).describe()),
      );
      return all.filter(({ status }) => status.name !== 'COMPLETED').length;
    };
    await expect.poll(running).toBe(0);
  }, 120_000);

  it('while the database cannot be worked with for one customer, others are placed, and theirs are once it can', async () => {
    const { world, shop } = opened;
    const ends = await refusing(world.sql, 'orders', '53100', `new.account_id = ${shop.account}`);
    const waiting = Array.from({ length: 60 }, () => place());
    expect((await placeDecided(newLink(), other)).status).toBe(201);
    // On a busy machine the last of them may come when the line has stood still for long.
    for (const answer of await Promise.all(waiting))
      expect([
        [503, 'outcome_unknown'],
        [503, 'overloaded'],
        [503, 'unavailable'],
      ]).toContainEqual(said(answer));
    // The retries do not occupy the slots for workflow tasks: another order is accepted as quickly as before.
    expect((await placeDecided(newLink(), other)).status).toBe(201);
    await ends();
    const open = async () => (await world.sql`select from claims where state = 'open'`).length;
    await expect.poll(open, { timeout: 200_000 }).toBe(0);
    expect(await world.sql`select from claims where account_id = ${shop.account} and state = 'order'`).not.toHaveLength(
      0,
    );
  }, 300_000);

  it('and whose refusal cannot be written either waits without a slot, and is decided once it can be', async () => {
    const { world, shop } = opened;
    const ends = await refusing(world.sql, 'claims', '54000', `tg_op = 'UPDATE' and new.account_id = ${shop.account}`);
    const link = newLink();
    expect(said(await place(link))).toEqual([503, 'outcome_unknown']);
    const [claim] = await world.sql<{ id: number }[]>`
      select order_id::float8 as id from claims where request->>'link' = ${link}`;
    const id = claim?.id ?? 0;
    await expect.poll(parked(id)).toBe('open');
    expect((await view(id)).parked).toContain('acceptOrder: 54000');
    await ends();
    await expect.poll(async () => (await place(link)).status, { timeout: 90_000 }).toBe(201);
    await expect.poll(parked(id)).toBe('resolved');
  }, 180_000);
});

it('a long link of varied characters that are not ASCII becomes an order, and is found again', async () => {
  const { world } = opened;
  const shop = await world.shop({ service: { duplicate_link: 'reject' } });
  const { key } = await createKey(world.sql, { accountId: shop.account, name: 'long' });
  const text = Array.from({ length: 700 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join('');
  const link = `https://example.com/${text}`;
  expect((await place(link, { shop, key })).status).toBe(201);
  const again = await opened.api.v1('/v1/orders', {
    key,
    body: { service: shop.service, link, quantity: 1000 },
    idempotencyKey: 'again',
  });
  expect(said(again)).toEqual([422, 'duplicate_link']);
});

describe('a step of an order that the database will never take', () => {
  it.each<[string, string, (id: number) => string]>(
    first(1, [
      ['its settlement', 'orders', (id) => `new.id = ${id} and new.settled_at is not null`],
      ['its costs', 'transfers', (id) => `new.order_id = ${id} and new.kind = 'cost'`],
    ]),
  )(
    'parks that order alone: %s',
    async (_, table, when) => {
      const { world } = opened;
      const id = await placed('seconds:2');
      const ends = await refusing(world.sql, table, '23514', when(id));
      await expect.poll(parked(id), { timeout: 60_000 }).toBe('open');
      expect((await view(id)).parked).toMatch(/^settleOrder: 23514, tried again at 20/);
      await becomes(await placed('seconds:1'), { status: 'Completed' });
      const described = async () => {
        const { raw, status } = await world.temporal.workflow.getHandle(orderWorkflowId(id)).describe();
        return [status.name, raw.pendingWorkflowTask ?? null];
      };
      await expect.poll(described).toEqual(['RUNNING', null]);
      await ends();
      await becomes(id, { status: 'Completed' });
      await expect.poll(parked(id)).toBe('resolved');
    },
    180_000,
  );

  it('waits for a person’s word too, and what was said meanwhile is not lost', async () => {
    const { world, api, key } = opened;
    const id = await placed();
    await becomes(id, { status: 'In progress' });
    const ends = await refusing(world.sql, 'events', '22021', `new.order_id = ${id}`);
    const ask = (what: string) => api.v1(`/v1/orders/${id}/${what}`, { key, body: { reason: 'private' } });
    expect((await ask('pause')).status).toBe(202);
    await expect.poll(parked(id)).toBe('open');
    await ends();
    expect((await ask('resume')).status).toBe(202);
    const types = async () =>
      (await world.sql`select type from events where order_id = ${id} and note is not null order by note`).map(
        (e) => e.type,
      );
    await expect.poll(types, { timeout: 60_000 }).toEqual(['order.paused', 'order.resumed']);
    await expect.poll(parked(id)).toBe('resolved');
  }, 120_000);

  it('leaves a send uncertain whose answer cannot be written, and it is not sent again', async () => {
    const { world, shop } = opened;
    const ends = await refusing(world.sql, 'batches', '54000', `new.provider_order is not null`);
    const link = newLink();
    const { body } = await place(link);
    await becomes(body.id as number, { attention: 'uncertain' });
    await ends();
    const [attempt] =
      await world.sql`select state, detail, provider_id as provider from attempts where order_id = ${body.id as number}`;
    const [sent] = world.provider.orders(link);
    expect(attempt).toEqual({
      state: 'unknown',
      detail: `order ${sent?.order} of the provider could not be stored: 54000`,
      provider: shop.providers[0],
    });
    expect(world.provider.adds(link)).toHaveLength(1);
  }, 120_000);

  it('refuses a refill that cannot be written down, and asks no provider', async () => {
    const { world, api } = opened;
    const customer = await RefillCustomer.open(world, api);
    const id = await customer.completed();
    const ends = await refusing(world.sql, 'refills', '22001', `new.order_id = ${id}`);
    const calls = refillCalls(world.provider);
    expect(await customer.request(id)).toMatchObject({
      ok: false,
      message: expect.stringContaining('cannot be stored'),
    });
    await ends();
    expect(refillCalls(world.provider)).toBe(calls);
    expect(await customer.request(id)).toMatchObject({ ok: true });
    await customer.refillBecomes(id, { status: 'Completed' });
  }, 120_000);

  it('shows a person a refill whose answer cannot be written, and asks the provider once', async () => {
    const { world, api } = opened;
    const customer = await RefillCustomer.open(world, api);
    const id = await customer.completed();
    const ends = await refusing(world.sql, 'refill_parts', '23505', `new.order_id = ${id}`);
    const calls = refillCalls(world.provider);
    expect(await customer.request(id)).toMatchObject({ ok: true });
    await becomes(id, { attention: 'review' });
    await ends();
    expect(refillCalls(world.provider)).toBe(calls + 1);
  }, 120_000);
});

it('a line of a list that no database can take is refused, and the others are placed', async () => {
  const { world, api, key, shop } = opened;
  const ends = await Promise.all([
    refusing(world.sql, 'orders', '22001', `new.link like '%/never-order%'`),
    refusing(world.sql, 'claims', '23514', `new.request->>'link' like '%/never-claim%'`),
  ]);
  const line = (n: number) =>
    newLink().replace('/permanent/', n === 3 ? '/never-order/' : n === 7 ? '/never-claim/' : '/list/');
  const text = Array.from({ length: 104 }, (_, n) => `${shop.service}|${line(n + 1)}|10`).join('\n');
  const headers = { 'content-type': 'text/plain' };
  const { body } = await api.v1('/v1/orders/batch', { key, body: text, idempotencyKey: 'list', headers });
  const read = async () => (await api.v1(`/v1/orders/batch/${body.id}`, { key })).body;
  await expect
    .poll(read, { timeout: 120_000, interval: 250 })
    .toMatchObject({ status: 'ended', placed: 102, refused: 2 });
  const lines = (await api.v1(`/v1/orders/batch/${body.id}?limit=50`, { key })).body.data as {
    line: number;
    error: unknown;
  }[];
  expect(lines.filter(({ error }) => error !== null)).toMatchObject([
    { line: 3, error: { code: 'cannot_be_placed' } },
    { line: 7, error: { code: 'cannot_be_placed' } },
  ]);
  for (const end of ends) await end();
}, 240_000);
