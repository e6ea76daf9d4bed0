import { type BatchSettlement, settle } from '../db/ledger.ts';
import { batchCosts, setAttention } from '../db/settlement.ts';
import { costFromProvider, type Money, priceOf } from '../domain/money.ts';
import type { Attention, FinalStatus, Reason } from '../domain/order.ts';
import type { Deps } from './deps.ts';

export interface SettleInput {
  readonly orderId: number;
  readonly status: FinalStatus;
  readonly delivered: number;
  readonly reason: Reason | null;
  readonly actor: string;
  /** The workflow's time, in milliseconds since 1970. */
  readonly at: number;
  readonly batches: readonly { readonly batch: number; readonly delivered: number }[];
}

export interface AttentionInput {
  readonly orderId: number;
  readonly attention: Attention;
  readonly actor: string;
  /** The workflow's time, in milliseconds since 1970. */
  readonly at: number;
  readonly why?: string;
}

export function createSettleActivities({ sql }: Deps) {
  return {
    /** Resolves the order's escrow and ends it; safe to call again. */
    async settleOrder(input: SettleInput): Promise<void> {
      const bought = await batchCosts(sql, input.orderId);
      const batches = input.batches.map(({ batch, delivered }): BatchSettlement => {
        const paid = bought.get(batch);
        if (paid === undefined) return { batch, delivered, cost: null, costRaw: null };
        // A provider that says no charge is taken to charge its rate for what it delivered.
        const cost =
          (paid.charge === null ? undefined : costFromProvider(paid.charge)) ?? priceOf(paid.rate as Money, delivered);
        return { batch, delivered, cost: cost.toString(), costRaw: paid.charge };
      });
      await settle(sql, { ...input, at: new Date(input.at), batches });
    },

    /** Shows that an order waits for somebody, or no longer does. */
    async needAttention({ orderId, attention, actor, at, why }: AttentionInput): Promise<void> {
      await setAttention(sql, orderId, attention, actor, new Date(at), why);
    },
  };
}
