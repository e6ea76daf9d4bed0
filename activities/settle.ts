import { type BatchCost, SQLSTATE, settle } from '../db/ledger.ts';
import { boughtBatches, nextInLine, readSettled } from '../db/settlement.ts';
import { sqlState } from '../db/trouble.ts';
import { costFromProvider, type Money, priceOf, type Rate, unitPrice } from '../domain/money.ts';
import type { FinalStatus, Reason } from '../domain/order.ts';
import { isServiceType, SERVICE_TYPES } from '../domain/service-types.ts';
import type { Settled } from '../domain/standing.ts';
import { orderWorkflowId, turnSignal } from '../workflows/messages.ts';
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

/** How long telling the next in line may hold up who has just ended. */
const TELL_MS = 2_000;

export function createSettleActivities({ sql, temporal, log }: Deps) {
  /** Whoever queued behind an order that has ended may begin. Not told, it finds out by itself, only later. */
  async function tellNext(orderId: number): Promise<void> {
    try {
      const next = await nextInLine(sql, orderId);
      if (next === undefined) return;
      const tell = () => temporal.workflow.getHandle(orderWorkflowId(next)).signal(turnSignal);
      await temporal.withDeadline(Date.now() + TELL_MS, tell);
    } catch (error) {
      log.warn({ order: orderId, err: error }, 'the next in line could not be told');
    }
  }

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
        await settle(sql, { ...input, at: new Date(at), costs });
      } catch (error) {
        const settled = sqlState(error) === SQLSTATE.stepConflict ? await readSettled(sql, input.orderId) : null;
        if (settled === null) throw error;
        return settled;
      }
      await tellNext(input.orderId);
      return { status: input.status, delivered: input.delivered };
    },
  };
}
