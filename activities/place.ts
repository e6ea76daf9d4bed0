import { type BatchRecord, decideClaim, readOrderRecord } from '../db/placement.ts';
import { formatMoney } from '../domain/money.ts';
import type { FinalStatus } from '../domain/order.ts';
import type { Placement } from '../workflows/messages.ts';
import type { Deps } from './deps.ts';

/** What an order's workflow goes by: its terms, and where it already stands when it is not the first workflow of the order. */
export interface OrderPlan {
  readonly fingerprint: string;
  readonly quantity: number;
  readonly totalQuantity: number;
  /** Decimal strings. */
  readonly price: string;
  readonly unitPrice: string;
  /** Seconds an order may be In progress before a person looks at it. */
  readonly reviewAfterSeconds: number;
  readonly refillDays: number;
  /** Set when the order had ended before this workflow began. */
  readonly settled: { readonly status: FinalStatus; readonly delivered: number } | null;
  readonly batches: readonly BatchRecord[];
}

export type Acceptance = { readonly placement: Placement; readonly plan?: OrderPlan };

export function createPlaceActivities({ sql }: Deps) {
  return {
    /** Decides the order's claim, once for all, and returns its terms; safe to call again at any time of its life. */
    async acceptOrder(orderId: number): Promise<Acceptance> {
      const decision = await decideClaim(sql, orderId);
      if (decision.state === 'refused') {
        const { code, detail } = decision;
        return { placement: { kind: 'refused', code, ...(detail === undefined ? {} : { detail }) } };
      }
      if (decision.state === 'withdrawn') return { placement: { kind: 'withdrawn' } };
      const order = await readOrderRecord(sql, orderId);
      return {
        placement: { kind: 'order' },
        plan: {
          fingerprint: order.fingerprint,
          quantity: order.quantity,
          totalQuantity: order.totalQuantity,
          price: formatMoney(order.price),
          unitPrice: formatMoney(order.unitPrice),
          reviewAfterSeconds: order.reviewAfterSeconds,
          refillDays: order.refillDays,
          settled:
            order.settledAt === null ? null : { status: order.status as FinalStatus, delivered: order.delivered },
          batches: order.batches,
        },
      };
    },
  };
}
