import type { Sql } from '../../db/client.ts';
import type { BatchCost } from '../../db/ledger/ledger.ts';
import { boughtBatches } from '../../db/ledger/settlement.ts';
import { costFromProvider, priceOf } from '../../domain/ledger/money.ts';
import { costOfOne } from '../../domain/ledger/provider-cost.ts';

/**
 * What an order's batches, or those of one of its refills, cost at their providers. `delivered` says, by batch number, what was
 * delivered by batches whose end is not stored yet.
 */
export async function costsOf(
  sql: Sql,
  orderId: number,
  refill: number | null,
  delivered: ReadonlyMap<number, number> = new Map(),
): Promise<BatchCost[]> {
  return (await boughtBatches(sql, orderId, refill)).map(({ batch, charge, delivered: known, ...bought }) => {
    // Without a charge, the provider's rate for what it delivered counts.
    const said = charge === null ? undefined : costFromProvider(charge);
    const cost = said ?? priceOf(costOfOne(bought), delivered.get(batch) ?? known);
    return { batch, cost: cost.toString(), raw: charge };
  });
}
