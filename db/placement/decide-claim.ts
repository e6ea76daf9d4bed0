import { linkKey } from '../../domain/catalogue/link.ts';
import type { RouteLimits } from '../../domain/catalogue/route-check.ts';
import { type ErrorCode, Refusal } from '../../domain/errors.ts';
import type { Rate } from '../../domain/ledger/money.ts';
import type { BatchSnapshot } from '../../domain/order/batch.ts';
import type { OrderSnapshot, Settled, Terms } from '../../domain/order/state.ts';
import type { Attention, OrderStatus, Reason } from '../../domain/order/status.ts';
import { isFinal } from '../../domain/order/status.ts';
import { type OrderRequest, orderTerms } from '../../domain/placement/order-terms.ts';
import { openRoutes } from '../catalogue/catalogue.ts';
import type { Sql, Tx } from '../client.ts';
import { isPermanent, nameOfError } from '../errors.ts';
import { customersPausedAt } from '../order/customers-pause.ts';
import { type OpenBatches, snapshotBatches } from '../order/order-state.ts';
import { type RefillColumns, refillStanding, refillTerms } from '../refill/refills.ts';

export type ClaimDecision =
  | { readonly state: 'withdrawn' }
  /** `placed`: the order, when this call made it. */
  | { readonly state: 'order'; readonly placed?: { readonly record: OrderRecord; readonly at: Date } }
  | {
      readonly state: 'refused';
      readonly code: string;
      readonly detail?: string;
      /** The permanent error behind a refusal; only the call that refused has it, to log it. */
      readonly cause?: Error;
    };

interface OpenClaim {
  fingerprint: string;
  state: 'open' | 'order' | 'refused' | 'withdrawn';
  refusal: { code: string; detail?: string } | null;
  request: OrderRequest;
  service_id: number | null;
  type: string;
  rate: bigint;
  min: number;
  max: number;
  unlimited_posts: number | null;
  drip_feed: boolean;
  link_pattern: string | null;
  step: number;
  ignored_link_parameters: readonly string[];
  active: boolean;
  open_routes: readonly RouteLimits[];
}

const readClaim = async (sql: Sql, orderId: number): Promise<OpenClaim | undefined> =>
  (
    await sql<OpenClaim[]>`
      select encode(c.fingerprint, 'hex') as fingerprint, c.state, c.refusal, c.request, s.id as service_id, s.type, s.rate, s.min, s.max, s.unlimited_posts, s.drip_feed,
             s.link_pattern, s.ignored_link_parameters, s.step, s.active, ${openRoutes(sql)} as open_routes
        from claims c left join services s on s.id = service_asked(c.request)
        where c.order_id = ${orderId}`
  )[0];

const decided = (claim: Pick<OpenClaim, 'state' | 'refusal'>): ClaimDecision =>
  claim.state === 'refused'
    ? { state: 'refused', ...(claim.refusal ?? { code: 'internal' }) }
    : claim.state === 'order'
      ? { state: 'order' }
      : { state: 'withdrawn' };

/**
 * Decides a claim: validates the request against what is sold now, holds the price and makes the order, all in one
 * transaction, or refuses. Every later call gets the first decision. A request that can never be stored, or that breaks a rule of
 * the database or our own code, is refused too, with an alert.
 * @throws an error when the database is not available: the claim then stays open.
 */
export async function decideClaim(sql: Sql, orderId: number): Promise<ClaimDecision> {
  const claim = await readClaim(sql, orderId);
  // A workflow without a claim: the database is a copy from before the request.
  if (claim === undefined) return { state: 'withdrawn' };
  if (claim.state !== 'open') return decided(claim);
  let cause: Error | undefined;
  try {
    if (claim.service_id === null) throw new Refusal('unknown_service');
    const { request } = claim;
    const terms = orderTerms(request, {
      type: claim.type,
      rate: claim.rate as Rate,
      min: claim.min,
      max: claim.max,
      unlimitedPosts: claim.unlimited_posts,
      dripFeed: claim.drip_feed,
      linkPattern: claim.link_pattern,
      step: claim.step,
      active: claim.active,
      openRoutes: claim.open_routes,
    });
    const scheduled = request.scheduledAt === undefined ? null : new Date(request.scheduledAt);
    const [accepted] = await sql<(OrderColumns & { state: string; id: bigint | null })[]>`
      select a.state, o.id, ${orderColumns(sql)}
        from accept_order(${orderId}, ${terms.link}, ${linkKey(terms.link, claim.ignored_link_parameters)}, ${terms.quantity}, ${terms.runs},
          ${terms.intervalMinutes}, ${sql.json({ ...terms.fields })}, ${claim.service_id}, ${terms.unitPrice}, ${scheduled},
          ${request.reference ?? null}, ${claim.type}) a cross join lateral (select (a.placed).*) o`;
    if (accepted?.state === 'order') {
      const { fingerprint } = claim;
      return accepted.id === null
        ? { state: 'order' }
        : {
            state: 'order',
            placed: {
              record: recordOf({ ...accepted, ...UNBEGUN, fingerprint }, NO_BATCHES, null),
              at: accepted.created_at,
            },
          };
    }
    // Staff have just changed the service's type: read the request again.
    if (accepted?.state === 'open') return decideClaim(sql, orderId);
  } catch (error) {
    if (error instanceof Refusal) {
      const refusal = { code: error.code, ...(error.detail === undefined ? {} : { detail: error.detail }) };
      await sql`select close_claim(${orderId}, 'refused', ${sql.json(refusal)})`;
    } else if (isPermanent(error)) {
      const code: ErrorCode = 'cannot_be_placed';
      await sql`select refuse_unplaceable(${orderId}, ${sql.json({ code })}, ${nameOfError(error)})`;
      cause = error as Error;
    } else throw error;
  }
  const after = await readClaim(sql, orderId);
  if (after === undefined) throw new Error(`claim ${orderId} vanished`);
  const decision = decided(after);
  return decision.state === 'refused' && cause !== undefined ? { ...decision, cause } : decision;
}

/** What a workflow reads about its order, at its start or when it reloads the order later. */
export interface OrderRecord {
  readonly fingerprint: string;
  readonly price: bigint;
  readonly unitPrice: bigint;
  readonly settled: Settled | null;
  readonly terms: Terms;
  readonly standing: OrderSnapshot;
}

/** The columns of an order that its workflow reads. */
interface OrderColumns extends RefillColumns {
  quantity: number;
  runs: number;
  interval_minutes: number | null;
  total_quantity: number;
  price: bigint;
  unit_price: bigint;
  status: OrderStatus;
  attention: Attention;
  reason: Reason | null;
  delivered: number;
  review_after_seconds: number;
  cancelable: boolean;
  after_failed_run: Terms['afterFailedRun'];
  verify: 'provider' | 'counter';
  counter_tolerance_percent: number;
  recheck_seconds: number;
  created_at: Date;
  scheduled_at: Date | null;
  settled_at: Date | null;
  next_run_at: Date | null;
  paused_at: Date | null;
  paused_by: string | null;
  canceled_by: string | null;
  finishing: boolean;
  notes: number;
}

interface OrderRow extends OrderColumns {
  fingerprint: string;
  batches: number;
  owed: { batch: number; missing: number }[];
  runs_begun: number;
  customers_paused_at: number | null;
}

const orderColumns = (sql: Sql | Tx) => sql`
  o.quantity, o.runs, o.interval_minutes,
             o.total_quantity::float8 as total_quantity, o.price, o.unit_price, o.status, o.attention, o.reason,
             o.delivered::float8 as delivered, o.refill_days, o.refill_cap, o.refill_cooldown_seconds, o.refill_fallback,
             o.review_after_seconds, o.cancelable, o.after_failed_run, o.verify, o.counter_tolerance_percent, o.recheck_seconds,
             o.created_at, o.scheduled_at, o.settled_at, o.next_run_at, o.paused_at, o.paused_by, o.canceled_by, o.finishing, o.notes`;

/** An order that was just accepted has no batches. */
const UNBEGUN = { batches: 0, owed: [], runs_begun: 0, customers_paused_at: null };
const NO_BATCHES: OpenBatches<BatchSnapshot> = { open: [], deliveredByEnded: 0 };

export async function readOrderRecord(sql: Sql, orderId: number): Promise<OrderRecord> {
  // One snapshot for all: an attempt that is just being stored is in every part or in none.
  const [order, open, refill] = await sql.begin('isolation level repeatable read read only', async (tx) => {
    const [row] = await tx<OrderRow[]>`
      select encode(c.fingerprint, 'hex') as fingerprint, ${orderColumns(tx)}, ${customersPausedAt(tx)} as customers_paused_at,
             (select coalesce(jsonb_agg(p order by p.batch), '[]') from owed_parts(o.id) p) as owed,
             (select coalesce(max(batch), 0) from batches b where b.order_id = o.id) as batches,
             runs_begun(o.id) as runs_begun
        from orders o join claims c on c.order_id = o.id where o.id = ${orderId}`;
    // Most orders have just begun and have no refill.
    const refills = row?.settled_at == null ? null : await refillStanding(tx, orderId);
    return [row, await snapshotBatches(tx, orderId), refills] as const;
  });
  if (order === undefined) throw new Error(`there is no order ${orderId}`);
  return recordOf(order, open, refill);
}

function recordOf(order: OrderRow, open: OpenBatches<BatchSnapshot>, refill: Settled['refill']): OrderRecord {
  const { status, delivered } = order;
  return {
    fingerprint: order.fingerprint,
    price: order.price,
    unitPrice: order.unit_price,
    settled: order.settled_at !== null && isFinal(status) ? { status, delivered, refill } : null,
    terms: {
      quantity: order.quantity,
      runs: order.runs,
      intervalMs: (order.interval_minutes ?? 0) * 60_000,
      totalQuantity: order.total_quantity,
      startAt: (order.scheduled_at ?? order.created_at).getTime(),
      reviewAfterMs: order.review_after_seconds * 1_000,
      cancelable: order.cancelable,
      afterFailedRun: order.after_failed_run,
      refill: refillTerms(order),
      verify:
        order.verify === 'counter'
          ? { tolerancePercent: order.counter_tolerance_percent, recheckMs: order.recheck_seconds * 1_000 }
          : null,
    },
    standing: {
      status,
      attention: order.attention,
      reason: order.reason,
      runsBegun: order.runs_begun,
      batches: order.batches,
      owed: order.owed,
      // Null means at once: PostgreSQL's clock may be ahead of the workflow's, and the order must not wait for the difference.
      nextRunAt: order.runs_begun === 0 && order.scheduled_at === null ? null : (order.next_run_at?.getTime() ?? null),
      pausedAt: order.paused_at?.getTime() ?? null,
      pausedBy: order.paused_by,
      ...(order.customers_paused_at === null ? {} : { customersPausedAt: order.customers_paused_at }),
      canceledBy: order.canceled_by,
      finishing: order.finishing,
      notes: order.notes,
      ...open,
    },
  };
}
