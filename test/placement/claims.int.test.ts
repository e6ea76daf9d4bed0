import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import { withdrawExpired } from '../../db/reconcile/lost-orders.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { atOnce, balanceOf, end, everything } from '../support/reads/books.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const inAnHour = () => new Date(Date.now() + 3_600_000);
const anHourAgo = () => new Date(Date.now() - 3_600_000);
const withdraw = async (id: number) =>
  (await database.sql<{ state: string }[]>`select close_claim(${id}, 'withdrawn') as state`)[0]?.state;

describe('a claim', () => {
  it('that has expired is withdrawn, and no money moves', async () => {
    const { sql } = database;
    const { account, claim } = await openShop(sql, { balance: '10' });
    const id = await claim({}, anHourAgo());
    expect(await decideClaim(sql, id)).toEqual({ state: 'withdrawn' });
    expect(await decideClaim(sql, id)).toEqual({ state: 'withdrawn' });
    expect(await balanceOf(sql, account)).toBe(1_000_000_000n);
  });

  it('that has expired gives up its key', async () => {
    const { sql } = database;
    const { claim } = await openShop(sql);
    const ids = [await claim({}, anHourAgo()), await claim({}, anHourAgo()), await claim({ quantity: 9 })].map(String);
    await sql`update claims set idempotency_key = 'v2:' || order_id where order_id = any(${ids}::bigint[])`;
    await decideClaim(sql, Number(ids[0]));
    await decideClaim(sql, Number(ids[2]));
    expect(await withdrawExpired(sql)).toBe(1);
    const keys = await sql`
      select state, idempotency_key is not null as keyed from claims where order_id = any(${ids}::bigint[]) order by order_id`;
    expect(keys).toEqual([
      { state: 'withdrawn', keyed: false },
      { state: 'withdrawn', keyed: false },
      { state: 'refused', keyed: true },
    ]);
  });

  it('that has not expired becomes an order', async () => {
    const { sql } = database;
    const { claim } = await openShop(sql);
    expect(await decideClaim(sql, await claim({}, inAnHour()))).toMatchObject({ state: 'order' });
  });

  it('that nobody wrote is withdrawn', async () => {
    expect(await decideClaim(database.sql, 999_999_999)).toEqual({ state: 'withdrawn' });
  });

  it('keeps the refusal it was decided with, and its sentence', async () => {
    const { sql } = database;
    const { claim } = await openShop(sql);
    const id = await claim({ quantity: 9 });
    const refused = { state: 'refused', code: 'quantity_below_min', detail: 'the minimum is 10' };
    expect(await decideClaim(sql, id)).toEqual(refused);
    const before = await everything(sql);
    expect(await decideClaim(sql, id)).toEqual(refused);
    expect(await withdraw(id)).toBe('refused');
    expect(await everything(sql)).toEqual(before);
  });

  it('for a service that does not exist, or is not sold any more, is refused', async () => {
    const { sql } = database;
    const { claim } = await openShop(sql, { service: { active: false } });
    for (const id of [await claim(), await claim({ service: 2_000_000_000 })]) {
      expect(await decideClaim(sql, id)).toMatchObject({ state: 'refused', code: 'unknown_service' });
    }
  });

  it('that was withdrawn never becomes an order', async () => {
    const { sql } = database;
    const { claim } = await openShop(sql);
    const id = await claim();
    expect(await withdraw(id)).toBe('withdrawn');
    expect(await decideClaim(sql, id)).toEqual({ state: 'withdrawn' });
  });

  it('that became an order cannot be withdrawn', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    expect(await withdraw(await order())).toBe('order');
  });

  it('decided and withdrawn at the same moment ends one way, and both callers are told the same', async () => {
    const { sql } = database;
    const { account, claim } = await openShop(sql, { balance: '100' });
    const ended = await atOnce(40, async () => {
      const id = await claim();
      const [decision, closed] = await Promise.all([decideClaim(sql, id), withdraw(id)]);
      const [row] = await sql<{ orders: number }[]>`select count(*)::integer as orders from orders where id = ${id}`;
      expect(decision.state).toBe(closed);
      expect(row?.orders).toBe(closed === 'order' ? 1 : 0);
      return closed;
    });
    const orders = ended.filter((state) => state === 'order').length;
    expect(await balanceOf(sql, account)).toBe(10_000_000_000n - 90_000_000n * BigInt(orders));
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it('decided by 20 workers at once is one order, and all say so', async () => {
    const { sql } = database;
    const { account, claim } = await openShop(sql, { balance: '10' });
    const id = await claim();
    const decisions = await atOnce(20, () => decideClaim(sql, id));
    expect(decisions.filter(({ state }) => state === 'order').length).toBe(20);
    expect(decisions.filter((decision) => 'placed' in decision).length).toBe(1);
    expect(await balanceOf(sql, account)).toBe(910_000_000n);
  });
});

describe('100 orders at once', () => {
  it('on a wallet that pays for 10 are exactly 10 orders', async () => {
    const { sql } = database;
    const { account, claim } = await openShop(sql, { balance: '9.8' });
    const decisions = await atOnce(100, async () => decideClaim(sql, await claim()));
    expect(decisions.filter(({ state }) => state === 'order').length).toBe(10);
    expect(decisions.filter((made) => made.state === 'refused' && made.code === 'insufficient_funds').length).toBe(90);
    expect(await balanceOf(sql, account)).toBe(80_000_000n);
    expect(await verifyLedger(sql)).toEqual([]);
  });
});

describe('a second order for a link that has not ended', () => {
  const link = 'https://example.com/p/same';
  const reject = { service: { duplicate_link: 'reject' } };

  it('is refused where the service says so, in every spelling of the link', async () => {
    const { sql } = database;
    const { account, claim, order } = await openShop(sql, reject);
    await order({ link });
    for (const spelling of [link, 'http://www.example.com/p/same/', 'https://EXAMPLE.com/p/same#x']) {
      const decision = await decideClaim(sql, await claim({ link: spelling }));
      expect(decision).toEqual({ state: 'refused', code: 'duplicate_link' });
    }
    expect(await balanceOf(sql, account)).toBe(99_910_000_000n);
  });

  it('is accepted once the first has ended', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, reject);
    await end(sql, await order({ link }), 1000);
    expect(await order({ link })).toBeGreaterThan(0);
  });

  it('of another service or for another link is none of its business', async () => {
    const { sql } = database;
    const [one, other] = [await openShop(sql, reject), await openShop(sql, reject)];
    await one.order({ link });
    expect(await other.order({ link })).toBeGreaterThan(0);
    expect(await one.order({ link: `${link}-2` })).toBeGreaterThan(0);
  });

  it('is accepted where the service allows it', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, { service: { duplicate_link: 'allow' } });
    await order({ link });
    expect(await order({ link })).toBeGreaterThan(0);
  });

  it('is refused to all but one of 20 that come at once', async () => {
    const { sql } = database;
    const { account, claim } = await openShop(sql, reject);
    const decisions = await atOnce(20, async (number) =>
      decideClaim(sql, await claim({ link: number % 2 === 0 ? link : `${link}/` })),
    );
    expect(decisions.filter(({ state }) => state === 'order').length).toBe(1);
    expect(decisions.filter((made) => made.state === 'refused' && made.code === 'duplicate_link').length).toBe(19);
    expect(await balanceOf(sql, account)).toBe(99_910_000_000n);
  });
});
