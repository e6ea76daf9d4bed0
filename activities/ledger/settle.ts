import { sqlState } from '../../db/errors.ts';
import { correct, SQLSTATE, settle } from '../../db/ledger/ledger.ts';
import { nextInLine, readSettled } from '../../db/ledger/settlement.ts';
import type { Settled } from '../../domain/order/state.ts';
import type { FinalStatus, Reason } from '../../domain/order/status.ts';
import { linkFreeSignal, orderWorkflowId } from '../../workflows/contract.ts';
import { costsOf } from '../dispatch/costs.ts';
import { orStale } from '../order/stale.ts';
import type { Deps } from '../runtime/deps.ts';
import { committing } from '../runtime/fault-points.ts';

export interface SettleInput {
  readonly orderId: number;
  readonly status: FinalStatus;
  readonly delivered: number;
  readonly reason: Reason | null;
  readonly actor: string;
  /** The workflow's time, in milliseconds since 1970. */
  readonly at: number;
  /** Batches whose end is not stored yet. */
  readonly ends: readonly { readonly batch: number; readonly delivered: number }[];
  /** A person decided how much counts as delivered, even if batches still run. */
  readonly decided: boolean;
}

export interface CorrectInput {
  readonly orderId: number;
  readonly delivered: number;
  readonly by: string;
  /** The workflow's time, in milliseconds since 1970. */
  readonly at: number;
}

/** How long the end of an order may wait for the signal to the next order of its link. */
const TELL_MS = 2_000;

export function createSettleActivities({ sql, temporal, log, faults }: Deps) {
  async function settledNow(orderId: number): Promise<Settled> {
    const settled = await readSettled(sql, orderId);
    if (settled === null) throw new Error(`order ${orderId} was not settled`);
    return settled;
  }

  /** Signals the next order of the link. If the signal is lost, that order checks by itself, only later. */
  async function tellNext(orderId: number, at: Date): Promise<void> {
    try {
      const next = await nextInLine(sql, orderId, at);
      if (next === undefined) return;
      const tell = () => temporal.workflow.getHandle(orderWorkflowId(next)).signal(linkFreeSignal);
      await temporal.withDeadline(Date.now() + TELL_MS, tell);
    } catch (error) {
      log.warn({ order: orderId, err: error }, 'failed to signal the next order of the link');
    }
  }

  return {
    /**
     * Settles the order's escrow and ends the order; safe to repeat. Returns how the order has ended. An earlier settlement
     * stands, even when a reset workflow asks for a different one.
     * @throws ApplicationFailure `stale` when the caller does not know all batches, or how they ended.
     */
    async settleOrder({ at, ...input }: SettleInput): Promise<Settled> {
      const ended = new Map(input.ends.map(({ batch, delivered }) => [batch, delivered]));
      const costs = await costsOf(sql, input.orderId, null, ended);
      try {
        const write = () => settle(sql, { ...input, at: new Date(at), costs });
        await committing(faults, { step: 'settle', orderId: input.orderId }, write);
      } catch (error) {
        if (sqlState(error) !== SQLSTATE.stepConflict) throw orStale(error);
      }
      await tellNext(input.orderId, new Date(at));
      // An earlier settlement may have been corrected and refilled since.
      return settledNow(input.orderId);
    },

    /** Refunds everything above `delivered`, as a person decided; a repeat changes nothing. Returns how the order has ended. */
    async correctOrder({ orderId, delivered, by, at }: CorrectInput): Promise<Settled> {
      await correct(sql, orderId, delivered, by, new Date(at));
      return settledNow(orderId);
    },
  };
}
