import type { OrderPlan } from '../../activities/placement/accept.ts';
import { chargeFor, formatMoney, type Money, parseMoney } from '../../domain/ledger/money.ts';
import { shownActor } from '../../domain/order/asks.ts';
import type { Life } from '../../domain/order/life.ts';
import type { Note } from '../../domain/order/standing.ts';
import type { RefillWindow } from '../../domain/refill/window.ts';
import type { BatchView, OrderView, Placement } from '../contract.ts';

/** One run of an order's workflow: what it was told about its order, and the order's life once it is accepted. */
export class OrderRun {
  readonly orderId: number;
  placement: Placement | undefined;
  plan: OrderPlan | undefined;
  life: Life | undefined;
  /** Open from Completed to the end of the refill window. */
  window: RefillWindow | undefined;
  /** A step of the order cannot be done, so often by now; it is tried again at `until`. */
  parked: { readonly why: string; readonly tries: number; readonly until: number } | undefined;
  /** Something has come in since the last look. */
  changed = false;
  /** Asks to stop batches that nobody has answered yet. */
  stopsUnderWay = 0;

  constructor(orderId: number) {
    this.orderId = orderId;
  }
}

/** The order as its workflow knows it. */
export function orderView({ orderId, plan, life, window, parked }: OrderRun): OrderView {
  const price = parseMoney(plan?.price ?? '0') ?? (0n as Money);
  const unit = parseMoney(plan?.unitPrice ?? '0') ?? (0n as Money);
  const settled = life?.settled ?? plan?.settled ?? null;
  const charge = settled === null ? price : chargeFor(unit, settled.delivered);
  return {
    orderId,
    status: settled?.status ?? life?.status ?? 'Pending',
    attention: life?.attention ?? 'none',
    reason: life?.reason ?? null,
    totalQuantity: plan?.terms.totalQuantity ?? 0,
    delivered: settled?.delivered ?? life?.delivered ?? 0,
    price: formatMoney(price),
    charge: formatMoney(charge),
    refunded: formatMoney(price - charge),
    runs: plan?.terms.runs ?? 1,
    runsBegun: life?.runsBegun ?? 0,
    nextRunAt: life?.runsRemain === true && settled === null ? new Date(life.nextRunAt).toISOString() : null,
    queued: (life?.queuedUntil ?? 0) > 0 && settled === null,
    parked: parked === undefined ? null : `${parked.why}, tried again at ${new Date(parked.until).toISOString()}`,
    batches: (life?.batches ?? []).map(
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
    refillUntil: window === undefined ? null : new Date(window.until).toISOString(),
    refill: window?.current
      ? { id: window.current.id, status: window.current.status, missing: window.current.missing }
      : null,
    events: (life?.recent ?? []).map(noteLine),
  };
}

function noteLine({ at, type, actor, data }: Note): string {
  const said = Object.entries(data)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`);
  return `${new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')} ${type} by ${shownActor(actor)}${said.length === 0 ? '' : ` (${said.join(', ')})`}`;
}
