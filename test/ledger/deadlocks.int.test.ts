import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sql } from '../../db/client.ts';
import { readOrder } from '../../db/order/orders.ts';
import { balanceOf } from '../support/reads/books.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { mustPlace } from '../support/worlds/placing.ts';

let at: ApiWorld;
beforeAll(async () => {
  at = await apiWorld();
});
afterAll(() => at.close());

const soon = { timeout: 30_000, interval: 20 };

/** Deadlocks that PostgreSQL has counted in this database. */
async function found(): Promise<number> {
  const [row] = await at.world.sql<{ deadlocks: number }[]>`
    select deadlocks::float8 as deadlocks from pg_stat_database where datname = current_database()`;
  return row?.deadlocks ?? 0;
}

const waitsFor = (step: string) => async (): Promise<void> => {
  const waiting = await at.world.sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like ${`%${step}(%`}`;
  expect(waiting.length).toBe(1);
};

/**
 * Makes a deadlock. Another session holds the wallet and then wants a lock of a step that waits for the wallet. PostgreSQL ends
 * the step.
 * On a slow machine the step may end at its lock timeout instead, so the deadlock is tried again until there is one.
 */
async function deadlock(
  step: string,
  begin: () => unknown,
  wants: (session: Sql) => PromiseLike<unknown>,
): Promise<void> {
  const before = await found();
  const session = await at.world.sql.reserve();
  const cross = async () => {
    await session`begin`;
    // This session must not detect the deadlock, or PostgreSQL would end it instead of the step.
    await session`set local deadlock_timeout = '1min'`;
    await session`set local lock_timeout = 0`;
    await session`set local statement_timeout = '30s'`;
    await session`select from wallets where account_id = ${at.shop.account} for update`;
    begin();
    await vi.waitFor(waitsFor(step), soon);
    await wants(session);
    await session`rollback`;
  };
  try {
    do await cross();
    while (!(await isFound(before)));
  } finally {
    session.release();
  }
}

/** PostgreSQL's counter is updated a moment later. */
const isFound = (before: number): Promise<boolean> =>
  vi
    .waitFor(async () => expect(await found()).toBe(before + 1), { timeout: 5_000, interval: 100 })
    .then(
      () => true,
      () => false,
    );

const wallet = () => balanceOf(at.world.sql, at.shop.account);
const transfersOf = async (kind: string, step: string) =>
  (await at.world.sql`select from transfers where kind = ${kind} and step = ${step}`).length;
const link = (name: string) => `https://example.com/deadlock/${name}?sim=stall:0`;

describe('a deadlock that PostgreSQL ends', () => {
  it('while a price is held is one order and one hold, and its request is answered', async () => {
    const { api, key, shop, world } = at;
    const had = await wallet();
    const body = { service: shop.service, link: link('hold'), quantity: 1000 };
    const ask = () => api.v1('/v1/orders', { key, body, idempotencyKey: 'hold' });
    let answer = Promise.resolve<Awaited<ReturnType<typeof ask>> | undefined>(undefined);
    await deadlock(
      'accept_order',
      () => {
        answer = ask();
      },
      (session) => session`select from claims where request->>'link' = ${body.link} for update`,
    );
    expect((await answer)?.status).toBe(201);
    const again = await ask();
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(await world.sql`select id::float8 as id from orders where link = ${body.link}`).toEqual([
      { id: again.body.id },
    ]);
    expect(await wallet()).toBe(had - 90_000_000n);
    expect(await transfersOf('hold', `order:${again.body.id}:hold`)).toBe(1);
  });

  it('while an order is settled is one settlement', async () => {
    const { shop, world } = at;
    const had = await wallet();
    const target = link('settle');
    const id = await mustPlace(at.api, {
      key: at.key,
      body: { service: shop.service, link: target, quantity: 1000 },
      idempotencyKey: 'settle',
    });
    await expect.poll(() => readOrder(world.sql, id), soon).toMatchObject({ status: 'In progress' });
    const says = () =>
      world.provider.force(world.provider.orders(target)[0]?.order ?? 0, { status: 'Partial', remains: 600 });
    await deadlock('end_order', says, (session) => session`select from orders where id = ${id} for update`);
    await expect.poll(() => readOrder(world.sql, id), soon).toMatchObject({ status: 'Partial', delivered: 400 });
    expect(await wallet()).toBe(had - 36_000_000n);
    for (const kind of ['charge', 'refund']) expect(await transfersOf(kind, `order:${id}:settle`)).toBe(1);
  });

  it('while money is put into a wallet is answered with 503, and the same key puts it there once', async () => {
    const { api, staff, shop } = at;
    const had = await wallet();
    const step = `deposit:${shop.account}:psp-1`;
    const ask = () =>
      api.v1(`/v1/admin/accounts/${shop.account}/deposits`, {
        key: staff,
        body: { amount: '5', reference: 'psp-1' },
        idempotencyKey: 'deposit',
      });
    let answer = Promise.resolve<Awaited<ReturnType<typeof ask>> | undefined>(undefined);
    await deadlock(
      'deposit',
      () => {
        answer = ask();
      },
      (session) => session`insert into money_steps (key, payload) values (${step}, '{}')`,
    );
    const refused = await answer;
    expect([refused?.status, refused?.body.code]).toEqual([503, 'outcome_unknown']);
    expect(refused?.headers.get('retry-after')).toBe('5');
    expect(await wallet()).toBe(had);
    expect([(await ask()).status, (await ask()).status]).toEqual([201, 201]);
    expect(await wallet()).toBe(had + 500_000_000n);
    expect(await transfersOf('deposit', step)).toBe(1);
  });
});
