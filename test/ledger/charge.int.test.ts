import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { chargeFor, MAX_PRICE, type Money } from '../../domain/ledger/money.ts';
import { testDatabase } from '../support/engines/database.ts';

const { sql, drop } = await testDatabase();
afterAll(drop);

/** The price of one item and a number of items, within the limits of an order. */
const sale = fc
  .record({ items: fc.integer({ min: 0, max: 2_147_483_647 }), share: fc.bigInt({ min: 0n, max: MAX_PRICE }) })
  .map(({ items, share }) => ({ items, unit: (share / BigInt(Math.max(items, 1))) as Money }));

it('PostgreSQL and the workflow charge the same for what was delivered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sale, { minLength: 1, maxLength: 50 }), async (sales) => {
      const rows = await sql<{ charge: bigint }[]>`
        select charge_for(unit, items) as charge
          from unnest(${sales.map(({ unit }) => String(unit))}::bigint[], ${sales.map(({ items }) => items)}::bigint[])
            with ordinality as sales(unit, items, place) order by place`;
      expect(rows.map(({ charge }) => charge)).toEqual(sales.map(({ unit, items }) => chargeFor(unit, items)));
    }),
    { numRuns: 50 },
  );
});
