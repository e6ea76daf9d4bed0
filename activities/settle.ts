import { type BatchCost, settle } from '../db/ledger.ts';
import { boughtBatches } from '../db/settlement.ts';
import { costFromProvider, type Money, priceOf } from '../domain/money.ts';
import type { FinalStatus, Reason } from '../domain/order.ts';
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

export function createSettleActivities({ sql }: Deps) {
  return {
    /** Resolves the order's escrow and ends it; safe to call again. */
    async settleOrder({ at, ...input }: SettleInput): Promise<void> {
      const ended = new Map(input.ends.map(({ batch, delivered }) => [batch, delivered]));
      const costs = (await boughtBatches(sql, input.orderId)).map(({ batch, rate, charge, delivered }): BatchCost => {
        // A provider that says no charge is taken to charge its rate for what it delivered.
        const said = charge === null ? undefined : costFromProvider(charge);
        const cost = said ?? priceOf(rate as Money, ended.get(batch) ?? delivered);
        return { batch, cost: cost.toString(), raw: charge };
      });
      await settle(sql, { ...input, at: new Date(at), costs });
    },
  };
}
