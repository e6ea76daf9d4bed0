import { type BatchCost, SQLSTATE, settle } from '../db/ledger.ts';
import { boughtBatches, readSettled } from '../db/settlement.ts';
import { sqlState } from '../db/trouble.ts';
import { costFromProvider, type Money, priceOf, type Rate, unitPrice } from '../domain/money.ts';
import type { FinalStatus, Reason } from '../domain/order.ts';
import { isServiceType, SERVICE_TYPES } from '../domain/service-types.ts';
import type { Settled } from '../domain/standing.ts';
import type { Deps } from './deps.ts';

export interface SettleInput {
  readonly orderId: number;
  readonly status: FinalStatus;
  readonly delivered: number;
  readonly reason: Reason | null;
  readonly actor: string;
  /** The workflow's time, in milliseconds since 1970. */
  readonly at: number;
  /** Batches whose end has not been written yet. */
  readonly ends: readonly { readonly batch: number; readonly delivered: number }[];
}

/** What one item, or one package, costs at a provider's rate. */
const costOfOne = (rate: Rate, type: string): Money =>
  unitPrice(rate, isServiceType(type) ? SERVICE_TYPES[type].per : 1000);

export function createSettleActivities({ sql }: Deps) {
  return {
    /**
     * Resolves the order's escrow and ends it; safe to call again. Returns how the order has ended: when it had been settled
     * otherwise, by a workflow that was reset since, that stands.
     */
    async settleOrder({ at, ...input }: SettleInput): Promise<Settled> {
      const ended = new Map(input.ends.map(({ batch, delivered }) => [batch, delivered]));
      const costs = (await boughtBatches(sql, input.orderId)).map(
        ({ batch, rate, charge, delivered, type }): BatchCost => {
          // A provider that says no charge is taken to charge its rate for what it delivered.
          const said = charge === null ? undefined : costFromProvider(charge);
          const cost = said ?? priceOf(costOfOne(rate as Rate, type), ended.get(batch) ?? delivered);
          return { batch, cost: cost.toString(), raw: charge };
        },
      );
      try {
        // What had been settled before may have been corrected since.
        const first = await settle(sql, { ...input, at: new Date(at), costs });
        const settled = first ? null : await readSettled(sql, input.orderId);
        return settled ?? { status: input.status, delivered: input.delivered };
      } catch (error) {
        const settled = sqlState(error) === SQLSTATE.stepConflict ? await readSettled(sql, input.orderId) : null;
        if (settled === null) throw error;
        return settled;
      }
    },
  };
}
