import type { Sql } from '../../db/client.ts';
import type { BatchCost } from '../../db/ledger/ledger.ts';
import { boughtBatches } from '../../db/ledger/settlement.ts';
import { costFromProvider, priceOf } from '../../domain/ledger/money.ts';
import { costOfOne } from '../../domain/ledger/provider-cost.ts';

/**
 * What an order's batches (or those of one of its refills) cost at their providers. `delivered` says it of batches whose end
 * has not been written yet.
 */
export async function costsOf(
  sql: Sql,
  orderId: number,
  refill: number | null,
  delivered: ReadonlyMap<number, number> = new Map(),
): Promise<BatchCost[]> {
  return (await boughtBatches(sql, orderId, refill)).map(({ batch, charge, delivered: known, ...bought }) => {
    // A provider that says no charge is taken to charge its rate for what it delivered.
    const said = charge === null ? undefined : costFromProvider(charge);
    const cost = said ?? priceOf(costOfOne(bought), delivered.get(batch) ?? known);
    return { batch, cost: cost.toString(), raw: charge };
  });
}
