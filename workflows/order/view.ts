import type { OrderPlan } from '../../activities/placement/accept.ts';
import { chargeFor, formatMoney, type Money, parseMoney } from '../../domain/ledger/money.ts';
import { shownActor } from '../../domain/order/asks.ts';
import { deliveredOf, type OrderState, reasonOf, runsRemain } from '../../domain/order/state.ts';
import { attentionOf, type OrderEvent } from '../../domain/order/timeline.ts';
import { statusOfRefill } from '../../domain/refill/state.ts';
import type { BatchView, Placement, WorkflowView } from '../contract.ts';

/** One run of an order's workflow: the decision about its claim, and the order's state once the order is accepted. */
export class OrderRun {
  readonly orderId: number;
  placement: Placement | undefined;
  plan: OrderPlan | undefined;
  state: OrderState | undefined;
  /** Set while PostgreSQL refuses a step: the number of tries so far, and when the next one is. */
  parked: { readonly why: string; readonly tries: number; readonly until: number } | undefined;
  /** A message has changed something since the last wait. */
  changed = false;
  /** Calls of the activity that asks providers to stop batches, while they run. */
  stopsUnderWay = 0;
  /** Housekeeping has asked the order to continue on another version of the workflows. */
  askedToMove = false;

  constructor(orderId: number) {
    this.orderId = orderId;
  }
}

/** The order as its workflow knows it. */
export function workflowView({ orderId, plan, state, parked }: OrderRun): WorkflowView {
  const price = parseMoney(plan?.price ?? '0') ?? (0n as Money);
  const unit = parseMoney(plan?.unitPrice ?? '0') ?? (0n as Money);
  const settled = state?.settled ?? plan?.settled ?? null;
  const window = state?.window ?? null;
  const refill = window?.current ?? null;
  const charge = settled === null ? price : chargeFor(unit, settled.delivered);
  return {
    orderId,
    status: settled?.status ?? state?.status ?? 'Pending',
    attention: state === undefined ? 'none' : attentionOf(state),
    reason: state === undefined ? null : reasonOf(state),
    totalQuantity: plan?.terms.totalQuantity ?? 0,
    delivered: settled?.delivered ?? (state === undefined ? 0 : deliveredOf(state)),
    price: formatMoney(price),
    charge: formatMoney(charge),
    refunded: formatMoney(price - charge),
    runs: plan?.terms.runs ?? 1,
    runsBegun: state?.runsBegun ?? 0,
    nextRunAt:
      state !== undefined && settled === null && runsRemain(state) ? new Date(state.nextRunAt).toISOString() : null,
    queued: (state?.queuedUntil ?? 0) > 0 && settled === null,
    parked: parked === undefined ? null : `${parked.why}, tried again at ${new Date(parked.until).toISOString()}`,
    batches: (state?.batches ?? []).map(
      ({ number, quantity, state, attempt, provider, providerOrder, delivered }): BatchView => ({
        batch: number,
        quantity,
        state,
        attempt,
        provider,
        providerOrder,
        delivered,
      }),
    ),
    refillUntil: window === null ? null : new Date(window.until).toISOString(),
    refill: refill && { id: refill.id, status: statusOfRefill(refill), missing: refill.missing },
    events: (state?.recent ?? []).map(eventLine),
  };
}

function eventLine({ at, type, actor, data }: OrderEvent): string {
  const said = Object.entries(data)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`);
  return `${new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')} ${type} by ${shownActor(actor)}${said.length === 0 ? '' : ` (${said.join(', ')})`}`;
}
