import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeLastWords } from '../../db/delivery/post-settlement-checks.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { settledOrder } from '../support/model/later-words.ts';
import { atOnce, balanceOf, booksOf } from '../support/reads/books.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  expect(await verifyLedger(database.sql)).toEqual([]);
  await database.drop();
});

const moves = async (orderId: number) =>
  (
    await database.sql<{ kind: string; debit: string; credit: string; amount: bigint; step: string }[]>`
      select kind, split_part(debit, ':', 1) as debit, split_part(credit, ':', 1) as credit, amount, step from transfers
        where order_id = ${orderId} and kind in ('cost', 'rebate', 'loss', 'recovery') order by id`
  ).map(({ kind, debit, credit, amount }) => `${kind} ${debit} → ${credit} ${amount}`);

describe('a provider that delivers what its customer has the money back for', () => {
  it('as Canceled and then Completed is owed its charge as a loss, and the customer keeps the refund', async () => {
    const { sql } = database;
    const { id, account, says } = await settledOrder(sql, [0], { cost: '0' });
    const before = [await booksOf(sql, id), await balanceOf(sql, account)];
    expect(await says({ status: 'Completed', remains: 0, charge: '0.5' })).toBe(false);
    expect([await booksOf(sql, id), await balanceOf(sql, account)]).toEqual(before);
    expect(await moves(id)).toEqual(['loss loss → payable 50000000']);
    // The same report again, from several watches at once, books no second loss.
    await atOnce(10, () => says({ status: 'Completed', remains: 0, charge: '0.5' }));
    expect(await moves(id)).toHaveLength(1);
    expect(await verifyLedger(sql)).toEqual([]);
  });

  it('as Partial and then Completed is owed what is above the cost that was booked', async () => {
    const { id, says } = await settledOrder(database.sql, [600], { cost: '30000000' });
    await says({ status: 'Completed', remains: 0, charge: '0.5' });
    expect(await moves(id)).toEqual(['cost cost → payable 30000000', 'loss loss → payable 20000000']);
    expect(await booksOf(database.sql, id)).toMatchObject({ status: 'Partial', delivered: 600n });
  });

  it('after it took everything back is owed it again, as a loss', async () => {
    const { id, says } = await settledOrder(database.sql, [1000], { cost: '50000000' });
    expect(await says({ status: 'Canceled', remains: 1000, charge: '0' })).toBe(true);
    await says({ status: 'Completed', remains: 0, charge: '0.5' });
    expect(await moves(id)).toEqual([
      'cost cost → payable 50000000',
      'rebate payable → cost 50000000',
      'loss loss → payable 50000000',
    ]);
    expect(await booksOf(database.sql, id)).toMatchObject({ status: 'Canceled', charge: 0n });
  });

  it('and takes it back again is owed nothing any more, however often it changes its mind', async () => {
    const { id, says } = await settledOrder(database.sql, [0], { cost: '0' });
    for (let time = 0; time < 2; time += 1) {
      await says({ status: 'Completed', remains: 0, charge: '0.5' });
      await says({ status: 'Partial', remains: 600, charge: '0.2' });
      await says({ status: 'Canceled', remains: 1000, charge: '0' });
    }
    expect(await moves(id)).toEqual([
      'loss loss → payable 50000000',
      'recovery payable → loss 30000000',
      'recovery payable → loss 20000000',
      'loss loss → payable 50000000',
      'recovery payable → loss 30000000',
      'recovery payable → loss 20000000',
    ]);
    expect(await booksOf(database.sql, id)).toMatchObject({ status: 'Canceled', charge: 0n, version: 4 });
  });

  it('and says no charge is owed its rate for what it delivered', async () => {
    const { id, says } = await settledOrder(database.sql, [0], { cost: '0', rate: 50_000n });
    await says({ status: 'Completed', remains: 0 });
    await says({ status: 'Canceled', remains: 1000 });
    expect(await moves(id)).toEqual(['loss loss → payable 50000000', 'recovery payable → loss 50000000']);
  });

  it('is not owed more for what its customer has paid for', async () => {
    const { id, says } = await settledOrder(database.sql, [1000], { cost: '50000000' });
    await says({ status: 'Completed', remains: 0, charge: '0.9' });
    expect(await moves(id)).toEqual(['cost cost → payable 50000000']);
  });

  it('of a batch whose missing part was sent again is owed what it delivers after all, as a loss', async () => {
    const { sql } = database;
    const providers = ['http://127.0.0.1:9/api/v2', 'http://127.0.0.1:9/api/other'];
    const { id, account, says } = await settledOrder(sql, [600], { resent: 400, cost: '30000000', providers });
    const before = [await booksOf(sql, id), await balanceOf(sql, account)];
    expect(before[0]).toMatchObject({ status: 'Completed', refunded: 0n });
    expect(await says({ status: 'Completed', remains: 0, charge: '0.5' })).toBe(false);
    expect([await booksOf(sql, id), await balanceOf(sql, account)]).toEqual(before);
    expect((await moves(id)).at(-1)).toBe('loss loss → payable 20000000');
    await says({ status: 'Partial', remains: 400, charge: '0.3' });
    expect((await moves(id)).at(-1)).toBe('recovery payable → loss 20000000');
  });

  it('of a drip-feed is owed that run only', async () => {
    const { id, says } = await settledOrder(database.sql, [1000, 0], { cost: '50000000' });
    await says({ status: 'Completed', remains: 0, charge: '0.8' }, 2);
    await says({ status: 'Completed', remains: 0, charge: '0.8' }, 1);
    const rows =
      await database.sql`select batch, lost::integer as lost from batches where order_id = ${id} order by batch`;
    expect([...rows]).toEqual([
      { batch: 1, lost: 0 },
      { batch: 2, lost: 30_000_000 },
    ]);
  });

  it('is an alert with the sum, which ends when it is taken back, or is three days old', async () => {
    const { sql } = database;
    const { id, provider, says } = await settledOrder(sql, [0], { cost: '0' });
    const alert = async (hours = 0) => {
      await judgeLastWords(sql, provider, new Date(Date.now() + hours * 3_600_000));
      const rows = await sql<{ detail: string; open: boolean }[]>`
        select detail, resolved_at is null as open from alerts
          where kind = 'delivered_after_refund' and subject = ${`provider:${provider}`} order by id`;
      return rows.map(({ detail, open }) => [open, detail]);
    };
    expect(await alert()).toEqual([]);
    await says({ status: 'Completed', remains: 0, charge: '0.5' });
    const detail = `it delivered more of 1 batch after the refund or resend, at our cost of 0.5; the first is of order ${id}`;
    expect(await alert()).toEqual([[true, detail]]);
    expect(await alert(73)).toEqual([[false, detail]]);
    expect(await alert()).toHaveLength(2);
    await says({ status: 'Canceled', remains: 1000, charge: '0' });
    expect((await alert()).map(([open]) => open)).toEqual([false, false]);
  });
});
