import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import { parseRate } from '../../domain/ledger/money.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { running } from '../support/engines/running.ts';
import { balanceOf, booksOf, end, everything, refusedWith } from '../support/reads/books.ts';
import { scaled } from '../support/run/scale.ts';
import { openShop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const eventsOf = async (orderId: number) =>
  (
    await database.sql<{ type: string; version: number }[]>`
    select type, version from events where order_id = ${orderId} order by id`
  ).map(({ type, version }) => [type, version]);

describe('an accepted order', () => {
  it('holds its price: the wallet has less, the escrow has it', async () => {
    const { sql } = database;
    const { account, order } = await openShop(sql, { balance: '10' });
    const id = await order({ quantity: 1000 });
    expect(await balanceOf(sql, account)).toBe(910_000_000n);
    expect(await booksOf(sql, id)).toMatchObject({
      status: 'Pending',
      price: 90_000_000n,
      charge: 90_000_000n,
      refunded: 0n,
      escrow: 90_000_000n,
      version: 1,
    });
    expect(await eventsOf(id)).toEqual([['order.accepted', 1]]);
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it('is accepted once, however often it is decided', async () => {
    const { sql } = database;
    const { account, order } = await openShop(sql);
    const id = await order();
    const before = await everything(sql);
    expect(await decideClaim(sql, id)).toMatchObject({ state: 'order' });
    expect(await everything(sql)).toEqual(before);
    expect(await balanceOf(sql, account)).toBe(99_910_000_000n);
  });
});

describe('a settlement', () => {
  it.each([
    ['Completed', 1000, '9.1'],
    ['Partial', 1, '9.9991'],
    ['Partial', 333, '9.7003'],
    ['Partial', 999, '9.1009'],
    ['Canceled', 0, '10'],
  ] as const)('as %s with %i of 1000 delivered leaves %s of 10 in the wallet', async (status, delivered, left) => {
    const { sql } = database;
    const { account, order } = await openShop(sql, { balance: '10' });
    const id = await order({ quantity: 1000 });
    expect(await end(sql, id, delivered)).toBe(true);
    const books = await booksOf(sql, id);
    expect(books).toMatchObject({ status, escrow: 0n, delivered: BigInt(delivered), version: 2 });
    expect(books.charge).toBe(90_000n * BigInt(delivered));
    expect(books.charge + books.refunded).toBe(books.price);
    expect(await balanceOf(sql, account)).toBe(BigInt(Math.round(Number(left) * 1e4)) * 10_000n);
    expect(await eventsOf(id)).toEqual([
      ['order.accepted', 1],
      [`order.${status.toLowerCase()}`, 2],
    ]);
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it('opens the refill window at the moment of Completed, and for nothing else', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, { service: { refill_days: 30 } });
    const [full, part] = [await order(), await order()];
    await end(sql, full, 1000);
    await end(sql, part, 999);
    const rows = await sql`
      select completed_at, refill_until from orders where id in ${sql([full, part])} order by id`;
    expect([...rows]).toEqual([
      { completed_at: new Date('2026-11-21T12:00:00Z'), refill_until: new Date('2026-12-21T12:00:00Z') },
      { completed_at: null, refill_until: null },
    ]);
  });

  it('made twice is made once', async () => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    expect(await end(sql, id, 600)).toBe(true);
    const before = await everything(sql);
    expect(await end(sql, id, 600)).toBe(false);
    expect(await everything(sql)).toEqual(before);
  });

  it.each([[1000], [0], [601]])('cannot be made again with another number: %i after 600', async (other) => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    await end(sql, id, 600);
    const before = await everything(sql);
    expect(await refusedWith(end(sql, id, other))).toBe('HF001');
    expect(await everything(sql)).toEqual(before);
  });

  it.each([
    ['Completed', 999],
    ['Completed', 0],
    ['Completed', 1001],
    ['Partial', 1000],
    ['Partial', 0],
    ['Partial', -1],
    ['Partial', 1001],
    ['Canceled', 1],
    ['Canceled', 1000],
    ['In progress', 500],
  ])('as %s with %i of 1000 is refused and changes nothing', async (status, delivered) => {
    const { sql } = database;
    const { order } = await openShop(sql);
    const id = await order();
    const before = await everything(sql);
    expect(await refusedWith(end(sql, id, delivered, { status: status as 'Partial' }))).toBe('HF003');
    expect(await everything(sql)).toEqual(before);
  });

  it('books what a batch cost beside what it earned, with the provider’s own figure', async () => {
    const { sql } = database;
    const { order, providers } = await openShop(sql);
    const id = await order();
    await running(sql, id, `c-${id}`);
    await end(sql, id, 600, {
      ends: [{ batch: 1, delivered: 600 }],
      costs: [{ batch: 1, cost: '30000000', raw: '0.30000000004' }],
    });
    const [cost] =
      await sql`select debit, credit, amount, note from transfers where order_id = ${id} and kind = 'cost'`;
    const seller = String(providers[0]);
    expect(cost).toEqual({
      debit: `cost:${seller}`,
      credit: `payable:${seller}`,
      amount: 30_000_000n,
      note: '0.30000000004',
    });
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it('splits any price exactly, as a drip-feed and for nothing too', async () => {
    const { sql } = database;
    const anyOrder = fc.record({
      rate: fc.bigInt({ min: 0n, max: 10n ** 9n }),
      quantity: fc.integer({ min: 10, max: 100_000 }),
      runs: fc.integer({ min: 1, max: 20 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(anyOrder, async ({ rate, quantity, runs, share }) => {
        const { account, order } = await openShop(sql, { balance: '90000000', service: { rate: rate.toString() } });
        const id = await order({ quantity, dripFeed: { runs, intervalMinutes: 5 } });
        const delivered = Math.floor(quantity * runs * share);
        await end(sql, id, delivered);
        const { charge, refunded, price, escrow } = await booksOf(sql, id);
        expect(price).toBe(rate * BigInt(quantity) * BigInt(runs));
        expect(charge).toBe(rate * BigInt(delivered));
        expect(charge + refunded).toBe(price);
        expect(escrow).toBe(0n);
        expect(await balanceOf(sql, account)).toBe(90_000_000n * 100_000_000n - charge);
      }),
      { numRuns: scaled({ gate: 20, release: 200 }) },
    );
    expect(await verifyLedger(sql)).toEqual([]);
  });
});

describe('an order the wallet cannot pay', () => {
  it('is refused and leaves nothing behind: no order, no step, no transfer', async () => {
    const { sql } = database;
    const { account, claim } = await openShop(sql, { balance: '0.89999999' });
    const id = await claim();
    expect(await decideClaim(sql, id)).toEqual({ state: 'refused', code: 'insufficient_funds' });
    const [left] = await sql`
      select (select count(*)::integer from orders where id = ${id}) as orders,
             (select count(*)::integer from batches where order_id = ${id}) as batches,
             (select count(*)::integer from events where order_id = ${id}) as events,
             (select count(*)::integer from money_steps where key like ${`order:${id}:%`}) as steps,
             (select count(*)::integer from transfers where order_id = ${id}) as transfers`;
    expect(left).toEqual({ orders: 0, batches: 0, events: 0, steps: 0, transfers: 0 });
    const [wallet] = await sql`select balance, version from wallets where account_id = ${account}`;
    expect(wallet).toEqual({ balance: 89_999_999n, version: 1n });
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it('stays refused after a deposit: the caller asks anew', async () => {
    const { sql } = database;
    const { account, claim } = await openShop(sql, { balance: '0' });
    const id = await claim();
    await decideClaim(sql, id);
    await sql`select deposit(${account}, ${1_000_000_000n}, 'late')`;
    expect(await decideClaim(sql, id)).toEqual({ state: 'refused', code: 'insufficient_funds' });
  });

  it('is accepted when the wallet holds exactly the price', async () => {
    const { sql } = database;
    const { account, order } = await openShop(sql, { balance: '0.9' });
    await order();
    expect(await balanceOf(sql, account)).toBe(0n);
  });

  it('at a price of nothing needs no wallet', async () => {
    const { sql } = database;
    const { order } = await openShop(sql, { balance: '0', service: { rate: String(parseRate('0')) } });
    const id = await order();
    await end(sql, id, 500);
    expect(await booksOf(sql, id)).toMatchObject({ status: 'Partial', charge: 0n, refunded: 0n, escrow: 0n });
    expect(await verifyLedger(sql)).toEqual([]);
  });
});
