import { correct, SQLSTATE, settle } from '../db/ledger.ts';
import { readSettled } from '../db/settlement.ts';
import { sqlState } from '../db/trouble.ts';
import type { FinalStatus, Reason } from '../domain/order.ts';
import type { Settled } from '../domain/standing.ts';
import { costsOf } from './costs.ts';
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

export interface CorrectInput {
  readonly orderId: number;
  readonly delivered: number;
  readonly by: string;
  /** The workflow's time, in milliseconds since 1970. */
  readonly at: number;
}

export function createSettleActivities({ sql }: Deps) {
  return {
    /**
     * Resolves the order's escrow and ends it; safe to call again. Returns how the order has ended: when it had been settled
     * otherwise, by a workflow that was reset since, that stands.
     */
    async settleOrder({ at, ...input }: SettleInput): Promise<Settled> {
      const ended = new Map(input.ends.map(({ batch, delivered }) => [batch, delivered]));
      const costs = await costsOf(sql, input.orderId, null, ended);
      try {
        await settle(sql, { ...input, at: new Date(at), costs });
      } catch (error) {
        if (sqlState(error) !== SQLSTATE.stepConflict) throw error;
      }
      // What had been settled before may have been corrected and refilled since.
      const settled = await readSettled(sql, input.orderId);
      if (settled === null) throw new Error(`order ${input.orderId} was not settled`);
      return settled;
    },

    /** A person gives back what is above so much delivered; said again it changes nothing. Returns how the order stands. */
    async correctOrder({ orderId, delivered, by, at }: CorrectInput): Promise<Settled> {
      await correct(sql, orderId, delivered, by, new Date(at));
      const settled = await readSettled(sql, orderId);
      if (settled === null) throw new Error(`order ${orderId} was not settled`);
      return settled;
    },
  };
}
