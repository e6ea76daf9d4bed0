import type { OrderPlan } from '../activities/place.ts';
import { type ProviderReport, type Verdict, verdict } from '../domain/completion.ts';
import type { DispatchOutcome } from '../domain/dispatch.ts';
import { formatMoney, type Money, parseMoney, priceOf } from '../domain/money.ts';
import {
  ATTENTIONS,
  type Attention,
  type FinalStatus,
  finalStatus,
  type OrderStatus,
  type Reason,
} from '../domain/order.ts';
import type { BatchView, OrderView, Placement, ReportMessage } from './messages.ts';

/** How many of the last events an order's workflow shows. */
const EVENTS_SHOWN = 12;

/** One batch as the workflow follows it. */
export class BatchLife {
  readonly batch: number;
  readonly quantity: number;
  attempts = 0;
  provider: number | null = null;
  providerOrder: string | null = null;
  /** Milliseconds since 1970. */
  acceptedAt: number | null = null;
  uncertain = false;
  reportVersion = 0;
  report: ProviderReport | null = null;
  /** What was delivered, once that is settled. */
  delivered: number | null = null;

  constructor(batch: number, quantity: number) {
    this.batch = batch;
    this.quantity = quantity;
  }

  /** What the last report amounts to. */
  get verdict(): Verdict {
    return this.report === null ? { kind: 'running' } : verdict(this.report, this.quantity);
  }

  /** Takes a provider's word, unless it is older than what is known. */
  take(message: ReportMessage): boolean {
    if (message.version <= this.reportVersion || this.delivered !== null) return false;
    const { version, status, remains, startCount, charge } = message;
    this.reportVersion = version;
    this.report = { status, remains, startCount, charge };
    return true;
  }

  accepted({ provider, providerOrder, at }: Extract<DispatchOutcome, { kind: 'accepted' }>): void {
    this.provider = provider;
    this.providerOrder = providerOrder;
    this.acceptedAt = at;
  }
}

/**
 * The state of one order and the rules by which messages change it: plain data and functions of it, no Temporal. The
 * workflow wires this to signals, timers and activities.
 */
export class OrderLife {
  readonly orderId: number;
  placement: Placement | undefined;
  plan: OrderPlan | undefined;
  batches: BatchLife[] = [];
  status: OrderStatus = 'Pending';
  reason: Reason | null = null;
  delivered = 0;
  readonly events: string[] = [];
  private readonly flags = new Set<Attention>();

  constructor(orderId: number) {
    this.orderId = orderId;
  }

  /** Takes over the order's terms, and where it already stands when an earlier workflow of it was lost. */
  begin(placement: Placement, plan: OrderPlan | undefined, now: number): void {
    this.placement = placement;
    this.plan = plan;
    if (plan === undefined) {
      this.note(now, placement.kind === 'refused' ? `refused: ${placement.code}` : placement.kind);
      return;
    }
    this.batches = plan.batches.map((known) => {
      const batch = new BatchLife(known.batch, known.quantity);
      // An attempt whose outcome this workflow has not seen is asked for again; its outcome is recorded.
      batch.attempts = Math.max(known.attempts - 1, 0);
      return batch;
    });
    this.note(now, 'accepted, the price is held');
  }

  batch(number: number): BatchLife | undefined {
    return this.batches.find(({ batch }) => batch === number);
  }

  /** The last in the list of attentions that holds. */
  get attention(): Attention {
    return ATTENTIONS.findLast((attention) => this.flags.has(attention)) ?? 'none';
  }

  raise(attention: Attention): void {
    this.flags.add(attention);
  }

  note(now: number, what: string): void {
    this.events.push(`${new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')} ${what}`);
    if (this.events.length > EVENTS_SHOWN) this.events.shift();
  }

  get totalQuantity(): number {
    return this.plan?.totalQuantity ?? 0;
  }

  /** What the ended batches amount to. */
  outcome(): { status: FinalStatus; delivered: number } {
    const delivered = this.batches.reduce((sum, batch) => sum + (batch.delivered ?? 0), 0);
    return { status: finalStatus(delivered, this.totalQuantity), delivered };
  }

  end(status: FinalStatus, delivered: number): void {
    this.status = status;
    this.delivered = delivered;
    this.flags.clear();
  }

  view(): OrderView {
    const price = parseMoney(this.plan?.price ?? '0') ?? (0n as Money);
    const unit = parseMoney(this.plan?.unitPrice ?? '0') ?? (0n as Money);
    const ended = this.status === 'Completed' || this.status === 'Partial' || this.status === 'Canceled';
    const charge = ended ? priceOf(unit, this.delivered) : price;
    return {
      orderId: this.orderId,
      status: this.status,
      attention: this.attention,
      reason: this.reason,
      totalQuantity: this.totalQuantity,
      delivered: this.delivered,
      price: formatMoney(price),
      charge: formatMoney(charge),
      refunded: formatMoney(price - charge),
      batches: this.batches.map(
        ({ batch, quantity, attempts, provider, providerOrder, delivered }): BatchView => ({
          batch,
          quantity,
          attempts,
          provider,
          providerOrder,
          delivered,
        }),
      ),
      events: [...this.events],
    };
  }
}
