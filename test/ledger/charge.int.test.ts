import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { chargeFor, costFromProvider, MAX_PRICE, type Money } from '../../domain/ledger/money.ts';
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

/** A provider's charge, as it is or with something odd in it. */
const said = fc.oneof(
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 13n }), fc.option(fc.stringMatching(/^\d{1,12}$/)))
    .map(([whole, decimals]) => (decimals === null ? `${whole}` : `${whole}.${decimals}`)),
  fc.constantFrom('', '.5', '5.', '1e3', '-1', '+1', ' 0.5', '0.5 ', '0.5\n', '1,5', '\u0661', 'NaN', '0x10'),
);

it('PostgreSQL reads a plain charge of a provider like the worker, and leaves any other to it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 50 }), async (charges) => {
      const rows = await sql<{ cost: bigint | null }[]>`
        select plain_charge(charge) as cost
          from unnest(${charges}::text[]) with ordinality as charges(charge, place) order by place`;
      for (const [at, { cost }] of rows.entries()) {
        const charge = charges[at] ?? '';
        if (cost !== null) expect(cost).toBe(costFromProvider(charge));
        else expect(charge).not.toMatch(/^\d{1,10}(\.\d{1,8})?$/);
      }
    }),
    { numRuns: 50 },
  );
});
