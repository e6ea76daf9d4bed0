import { decideClaim, type OrderRecord, readOrderRecord } from '../../db/placement/decide-claim.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import type { OrderSnapshot, Settled, Terms } from '../../domain/order/state.ts';
import type { Placement } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { committing } from '../runtime/fault-points.ts';

/** What an order's workflow starts with: the terms, and the order's state when this is not its first workflow. */
export interface OrderPlan {
  readonly fingerprint: string;
  /** Decimal strings. */
  readonly price: string;
  readonly unitPrice: string;
  /** Set when the order had ended before this workflow began. */
  readonly settled: Settled | null;
  readonly terms: Terms;
  /** The version of the workflow's rules; absent in the oldest histories. 2: see OrderState.isOld. */
  readonly rules?: number;
  readonly standing: OrderSnapshot;
}

export type Acceptance = { readonly placement: Placement; readonly plan?: OrderPlan };

export function createPlaceActivities({ sql, log, faults }: Deps) {
  return {
    /** Decides the order's claim once and returns the order's terms; safe to call again at any time. */
    async acceptOrder(orderId: number): Promise<Acceptance> {
      const decision = await committing(faults, { step: 'accept', orderId }, () => decideClaim(sql, orderId));
      if (decision.state === 'refused') {
        const { code, detail, cause } = decision;
        if (cause !== undefined)
          log.error({ order: orderId, err: cause }, 'refused an order that the database can never store');
        return { placement: { kind: 'refused', code, ...(detail === undefined ? {} : { detail }) } };
      }
      if (decision.state === 'withdrawn') return { placement: { kind: 'withdrawn' } };
      if (decision.placed === undefined)
        return { placement: { kind: 'order' }, plan: planOf(await readOrderRecord(sql, orderId)) };
      const plan = planOf(decision.placed.record);
      const { price, terms } = plan;
      const placed = { at: decision.placed.at.getTime(), price, totalQuantity: terms.totalQuantity };
      return { placement: { kind: 'order', placed }, plan };
    },
  };
}

const planOf = ({ price, unitPrice, ...record }: OrderRecord): OrderPlan => ({
  ...record,
  rules: 2,
  price: formatMoney(price),
  unitPrice: formatMoney(unitPrice),
});
