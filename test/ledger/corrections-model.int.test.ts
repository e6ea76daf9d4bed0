import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { verdict } from '../../domain/delivery/verdict.ts';
import { finalStatus } from '../../domain/order/status.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { settledOrder } from '../support/model/later-words.ts';
import { atOnce, balanceOf, booksOf } from '../support/reads/books.ts';
import { scaled } from '../support/run/scale.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const UNIT = 90_000n;

const amount: fc.Arbitrary<number> = fc.constantFrom(0, 1, 400, 600, 999, 1000);
const ends = fc.array(fc.option(amount), { minLength: 1, maxLength: 3 });
const word = fc.record({
  batch: fc.nat({ max: 2 }),
  status: fc.constantFrom('Completed' as const, 'Partial' as const, 'Canceled' as const),
  remains: fc.option(fc.constantFrom(-5, 0, 1, 400, 600, 1000, 1001)),
  charge: fc.option(fc.constantFrom('0', '0.2', '0.45', '9')),
});
const life = fc.record({
  ends,
  /** A number that a person decided, in percent of the total; null: the sum that the batches delivered. */
  decided: fc.option(fc.integer({ min: 0, max: 100 })),
  words: fc.array(word, { maxLength: 8 }),
  together: fc.boolean(),
});

it('whatever providers say later, in whatever order, a customer pays for the least that was ever said', async () => {
  const { sql } = database;
  await fc.assert(
    fc.asyncProperty(life, async ({ ends, decided, words, together }) => {
      const total = ends.length * 1000;
      const byWords = ends.reduce<number>((sum, one) => sum + (one ?? 0), 0);
      // A person's number is at most the total, because all of it was sent.
      const settledWith = decided === null ? byWords : Math.floor((total * decided) / 100);
      const { id, account, says } = await settledOrder(sql, ends, { decided: settledWith, cost: '50000000' });

      const least = ends.map((one) => one ?? 1000);
      const costs = ends.map(() => 50_000_000n);
      let delivered = settledWith;
      /** The lowest number reported for each batch, and the loss for items delivered after a refund. */
      const supported = [...ends];
      const lost = ends.map(() => 0n);
      const heard = words.filter(({ batch }) => batch < ends.length);
      const takes = ({ batch, status, remains, charge }: (typeof words)[number]) => {
        const news = verdict({ status, remains, charge, startCount: null }, 1000);
        if (news.kind !== 'ended') return;
        const more = delivered < total && news.delivered > (supported[batch] ?? 0);
        supported[batch] = Math.min(supported[batch] ?? 1000, news.delivered);
        if (news.delivered < (least[batch] ?? 0)) {
          least[batch] = news.delivered;
          delivered = Math.min(
            delivered,
            least.reduce((sum, one) => sum + one, 0),
          );
        }
        const cost = charge === null ? 9_000_000_000n : BigInt(Math.round(Number(charge) * 1e8));
        if (cost < (costs[batch] ?? 0n)) costs[batch] = cost;
        // Without a charge the route's rate counts, which is 0 here.
        const unpaid = charge === null ? 0n : cost - (costs[batch] ?? 0n);
        if (more || unpaid < (lost[batch] ?? 0n)) lost[batch] = unpaid > 0n ? unpaid : 0n;
      };
      for (const one of heard) takes(one);
      if (together) await atOnce(heard.length, (at) => says(heard[at] as never, (heard[at]?.batch ?? 0) + 1));
      else for (const { batch, ...said } of heard) await says(said, batch + 1);

      const charge = UNIT * BigInt(delivered);
      const price = UNIT * BigInt(total);
      expect(await booksOf(sql, id)).toMatchObject({
        status: finalStatus(delivered, total),
        delivered: BigInt(delivered),
        charge,
        refunded: price - charge,
        escrow: 0n,
      });
      expect(await balanceOf(sql, account)).toBe(1_000_000_000n - charge);
      const [owed] = await sql`
        select coalesce(sum(case kind when 'cost' then amount else -amount end), 0)::bigint as owed
          from transfers where order_id = ${id} and kind in ('cost', 'rebate')`;
      expect(owed).toEqual({ owed: costs.reduce((sum, one) => sum + one, 0n) });
      // Parallel reports are recorded in an unknown order, and the losses depend on it.
      if (together) return;
      const rows = await sql<{ lost: bigint }[]>`select lost from batches where order_id = ${id} order by batch`;
      expect(rows.map((row) => row.lost)).toEqual(lost);
    }),
    { numRuns: scaled({ gate: 40, release: 400 }) },
  );
  expect(await verifyLedger(sql)).toEqual([]);
});
