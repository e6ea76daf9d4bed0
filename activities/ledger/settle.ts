import { sqlState } from '../../db/errors.ts';
import { correct, SQLSTATE } from '../../db/ledger/ledger.ts';
import { type EndedOrder, endOrder, readSettled } from '../../db/ledger/settlement.ts';
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
  async function tellNext(orderId: number, next: number): Promise<void> {
    const tell = () => temporal.workflow.getHandle(orderWorkflowId(next)).signal(linkFreeSignal);
    await temporal
      .withDeadline(Date.now() + TELL_MS, tell)
      .catch((error: unknown) =>
        log.warn({ order: orderId, err: error }, 'failed to signal the next order of the link'),
      );
  }

  /** Settles by the providers' own figures of the costs; where one is missing or not plain, by the rates of the routes. */
  async function end({ at, ...input }: SettleInput): Promise<EndedOrder | undefined> {
    const settlement = { ...input, at: new Date(at) };
    const ended = await endOrder(sql, settlement);
    if (ended !== undefined) return ended;
    const delivered = new Map(input.ends.map((one) => [one.batch, one.delivered]));
    return endOrder(sql, settlement, await costsOf(sql, input.orderId, null, delivered));
  }

  return {
    /**
     * Settles the order's escrow and ends the order; safe to repeat. Returns how the order has ended. An earlier settlement
     * stands, even when a reset workflow asks for a different one.
     * @throws ApplicationFailure `stale` when the caller does not know all batches, or how they ended.
     */
    async settleOrder(input: SettleInput): Promise<Settled> {
      const { orderId } = input;
      const write = () => end(input);
      const ended = await committing(faults, { step: 'settle', orderId }, write).catch((error: unknown) => {
        if (sqlState(error) !== SQLSTATE.stepConflict) throw orStale(error);
        return undefined;
      });
      if (ended !== undefined && ended.next !== null) await tellNext(orderId, ended.next);
      // An earlier settlement may have been corrected and refilled since.
      return ended?.settled ?? settledNow(orderId);
    },

    /** Refunds everything above `delivered`, as a person decided; a repeat changes nothing. Returns how the order has ended. */
    async correctOrder({ orderId, delivered, by, at }: CorrectInput): Promise<Settled> {
      await correct(sql, orderId, delivered, by, new Date(at));
      return settledNow(orderId);
    },
  };
}
