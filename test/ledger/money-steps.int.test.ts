import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deposit, verifyLedger } from '../../db/ledger/ledger.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import type { Money } from '../../domain/ledger/money.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { running } from '../support/engines/running.ts';
import { atOnce, balanceOf, booksOf, correct, end, everything, refusedWith } from '../support/reads/books.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const units = (amount: bigint): Money => amount as Money;
const transfersOf = async (orderId: number, kind: string) =>
  (await database.sql`select id from transfers where order_id = ${orderId} and kind = ${kind}`).length;

describe('a deposit', () => {
  it('with the same reference counts once, and both callers see the same balance', async () => {
    const { sql } = database;
    const { account } = await openShop(sql, { balance: '5' });
    expect(await deposit(sql, account, units(100n), 'payment 1')).toBe(500_000_100n);
    await deposit(sql, account, units(7n), 'payment 2');
    expect(await deposit(sql, account, units(100n), 'payment 1')).toBe(500_000_100n);
    expect(await balanceOf(sql, account)).toBe(500_000_107n);
  });

  it('with the same reference and another amount is refused and changes nothing', async () => {
    const { sql } = database;
    const { account } = await openShop(sql);
    await deposit(sql, account, units(100n), 'payment');
    const before = await everything(sql);
    expect(await refusedWith(deposit(sql, account, units(101n), 'payment'))).toBe('HF001');
    expect(await everything(sql)).toEqual(before);
  });

  it('with the same reference is another one in another account', async () => {
    const { sql } = database;
    const [one, other] = [await openShop(sql, { balance: '0' }), await openShop(sql, { balance: '0' })];
    for (const { account } of [one, other]) {
      expect(await deposit(sql, account, units(100n), 'payment')).toBe(100n);
    }
  });

  it.each([[0n], [-1n]])('of %s is refused', async (amount) => {
    const { sql } = database;
    const { account } = await openShop(sql);
    expect(await refusedWith(deposit(sql, account, units(amount), 'payment'))).toBe('HF003');
  });

  it('beyond what a wallet can hold is refused and changes nothing', async () => {
    const { sql } = database;
    const { account } = await openShop(sql, { balance: '90000000000' });
    const before = await everything(sql);
    for (const amount of [9_000_000_000_000_000_000n, 2n ** 63n]) {
      expect(await refusedWith(deposit(sql, account, units(amount), `large ${amount}`))).toBe('22003');
    }
    expect(await everything(sql)).toEqual(before);
  });

  it('into an account that does not exist is refused', async () => {
    expect(await refusedWith(deposit(database.sql, 2_000_000_000, units(1n), 'payment'))).toBe('23503');
  });

  it('made by 20 workers at once counts once', async () => {
    const { sql } = database;
    const { account } = await openShop(sql, { balance: '0' });
    const seen = await atOnce(20, () => deposit(sql, account, units(100n), 'payment'));
    expect(new Set(seen)).toEqual(new Set([100n]));
    expect(await balanceOf(sql, account)).toBe(100n);
  });

  it('made with two amounts at once is one of them', async () => {
    const { sql } = database;
    const { account } = await openShop(sql, { balance: '0' });
    const amounts = [100n, 200n];
    const ends = await Promise.all(amounts.map((amount) => refusedWith(deposit(sql, account, units(amount), 'same'))));
    expect([...ends].sort()).toEqual(['HF001', 'none']);
    expect(await balanceOf(sql, account)).toBe(amounts[ends.indexOf('none')]);
  });
});

describe('a correction', () => {
  it('gives back what was charged too much, and the order says so', async () => {
    const { sql } = database;
    const { account, order } = await openShop(sql, { balance: '10' });
    const id = await order();
    await end(sql, id, 1000);
    expect(await correct(sql, id, 700)).toBe(true);
    expect(await booksOf(sql, id)).toMatchObject({
      status: 'Partial',
      charge: 63_000_000n,
      refunded: 27_000_000n,
      delivered: 700n,
    });
    expect(await correct(sql, id, 0)).toBe(true);
    expect(await booksOf(sql, id)).toMatchObject({
      charge: 0n,
      refunded: 90_000_000n,
      status: 'Canceled',
      version: 4,
    });
    expect(await balanceOf(sql, account)).toBe(1_000_000_000n);
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it.each([[600], [601], [1000], [1_000_000]])(
    'of an order settled with 600 to %i changes nothing',
    async (delivered) => {
      const { sql } = database;
      const { order } = await openShop(sql);
      const id = await order();
      await end(sql, id, 600);
      const before = await everything(sql);
      expect(await correct(sql, id, delivered)).toBe(false);
      expect(await everything(sql)).toEqual(before);
    },
  );

  it('to less than nothing is refused', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await end(sql, id, 600);
    expect(await refusedWith(correct(sql, id, -1))).toBe('HF003');
  });

  it('leaves the moment of Completed and the refill window where they were', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, { service: { refill_days: 30 } });
    const id = await order();
    await end(sql, id, 1000);
    const times = () => sql`select settled_at, completed_at, refill_until from orders where id = ${id}`;
    const before = await times();
    expect(before[0]).toMatchObject({ completed_at: expect.any(Date), refill_until: expect.any(Date) });
    await correct(sql, id, 1);
    expect(await times()).toEqual(before);
  });

  it('of an order that cost nothing changes its status and moves nothing', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, { balance: '0', service: { rate: '0' } });
    const id = await order();
    await end(sql, id, 1000);
    expect(await correct(sql, id, 500)).toBe(true);
    expect(await booksOf(sql, id)).toMatchObject({ status: 'Partial', charge: 0n, refunded: 0n, delivered: 500n });
    expect(await transfersOf(id, 'correction')).toBe(0);
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it('of an order that has not ended is refused', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    expect(await refusedWith(correct(sql, await order(), 0))).toBe('HF003');
  });
});

describe('every money step, made by 20 workers at once,', () => {
  it('takes effect once: the hold', async () => {
    const { sql } = database;
    const { account, claim } = await openShop(sql, { balance: '10' });
    const ids = await atOnce(5, () => claim());
    await Promise.all(ids.flatMap((id) => Array.from({ length: 4 }, () => decideClaim(sql, id))));
    expect(await balanceOf(sql, account)).toBe(550_000_000n);
    for (const id of ids) expect(await transfersOf(id, 'hold')).toBe(1);
  });

  it('takes effect once: the settlement', async () => {
    const { sql } = database;
    const { account, order } = await openShop(sql, { balance: '10' });
    const id = await order();
    const first = await atOnce(20, () => end(sql, id, 400));
    expect(first.filter(Boolean).length).toBe(1);
    expect(await balanceOf(sql, account)).toBe(964_000_000n);
    expect([await transfersOf(id, 'charge'), await transfersOf(id, 'refund')]).toEqual([1, 1]);
  });

  it('takes effect one way: settlements that disagree', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    const ends = await atOnce(20, (number) => refusedWith(end(sql, id, 100 + (number % 4))));
    expect(ends.filter((code) => code === 'none').length).toBe(5);
    expect(ends.filter((code) => code === 'HF001').length).toBe(15);
    expect((await booksOf(sql, id)).escrow).toBe(0n);
  });

  it('takes effect once: the correction', async () => {
    const { sql } = database;
    const { account, order } = await openShop(sql, { balance: '10' });
    const id = await order();
    await end(sql, id, 1000);
    const corrected = await atOnce(20, () => correct(sql, id, 700));
    expect(corrected.filter(Boolean).length).toBe(1);
    expect(await transfersOf(id, 'correction')).toBe(1);
    expect(await balanceOf(sql, account)).toBe(937_000_000n);
  });

  it('takes effect once: what a batch cost', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await running(sql, id, `c-${id}`);
    await atOnce(20, () => sql`select book_cost(${id}, 1, ${500n}, '0.000005')`);
    expect(await transfersOf(id, 'cost')).toBe(1);
    expect(await refusedWith(sql`select book_cost(${id}, 1, ${501n}, '0.00000501')`)).toBe('HF001');
  });

  it('and the books are right afterwards', async () => {
    expect(await verifyLedger(database.sql)).toEqual([]);
  });
});

describe('what is written about money', () => {
  it.each([
    'update transfers set amount = amount + 1',
    'update transfers set note = null',
    'delete from transfers',
    'truncate transfers',
    'truncate transfers cascade',
    'update money_steps set at = now()',
    'delete from money_steps',
    'truncate money_steps cascade',
    'truncate orders cascade',
  ])('stays: %s is refused', async (statement) => {
    const { sql } = database;
    const before = await everything(sql);
    expect(await refusedWith(sql.unsafe(statement))).toBe('HF002');
    expect(await everything(sql)).toEqual(before);
  });

  it('cannot say a wallet below zero, or an order whose charge and refund are not its price', async () => {
    const { sql } = database;
    const { account, order } = await openShop(sql);
    const id = await order();
    expect(await refusedWith(sql`update wallets set balance = -1 where account_id = ${account}`)).toBe('23514');
    expect(await refusedWith(sql`update orders set refunded = 1 where id = ${id}`)).toBe('23514');
    expect(await refusedWith(sql`update orders set charge = charge - 1 where id = ${id}`)).toBe('23514');
    expect(await refusedWith(sql`update orders set status = 'Completed' where id = ${id}`)).toBe('23514');
  });
});
