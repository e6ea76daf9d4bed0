import type { Sql } from '../db/client.ts';
import type { BatchCost } from '../db/ledger.ts';
import { boughtBatches } from '../db/settlement.ts';
import { costFromProvider, type Money, priceOf, type Rate, unitPrice } from '../domain/money.ts';
import { isServiceType, itemPrice } from '../domain/service-types.ts';

/** What one item, one package, or one post of a subscription costs at a provider's rate. */
export const costOfOne = (rate: Rate, type: string, most: string | null): Money =>
  isServiceType(type) ? itemPrice(type, rate, most === null ? {} : { max: most }) : unitPrice(rate, 1000);

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
  return (await boughtBatches(sql, orderId, refill)).map(({ batch, rate, charge, delivered: known, type, most }) => {
    // A provider that says no charge is taken to charge its rate for what it delivered.
    const said = charge === null ? undefined : costFromProvider(charge);
    const cost = said ?? priceOf(costOfOne(rate as Rate, type, most), delivered.get(batch) ?? known);
    return { batch, cost: cost.toString(), raw: charge };
  });
}
