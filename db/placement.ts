import { Refusal } from '../domain/errors.ts';
import { linkKey } from '../domain/link.ts';
import type { Rate } from '../domain/money.ts';
import { type OrderRequest, orderTerms } from '../domain/placing.ts';
import type { Sql } from './client.ts';

export type ClaimDecision =
  | { readonly state: 'order' | 'withdrawn' }
  | { readonly state: 'refused'; readonly code: string; readonly detail?: string };

interface OpenClaim {
  state: 'open' | 'order' | 'refused' | 'withdrawn';
  refusal: { code: string; detail?: string } | null;
  request: OrderRequest;
  service_id: number | null;
  type: string;
  rate: bigint;
  min: number;
  max: number;
  drip_feed: boolean;
  link_pattern: string | null;
  active: boolean;
}

const readClaim = async (sql: Sql, orderId: number): Promise<OpenClaim | undefined> =>
  (
    await sql<OpenClaim[]>`
      select c.state, c.refusal, c.request, s.id as service_id, s.type, s.rate, s.min, s.max, s.drip_feed, s.link_pattern, s.active
        from claims c left join services s on s.id = (c.request->>'service')::integer
        where c.order_id = ${orderId}`
  )[0];

const decided = (claim: Pick<OpenClaim, 'state' | 'refusal'>): ClaimDecision =>
  claim.state === 'refused'
    ? { state: 'refused', ...(claim.refusal ?? { code: 'internal' }) }
    : { state: claim.state === 'order' ? 'order' : 'withdrawn' };

/**
 * Decides a claim: validates the request against what is sold now, holds the price and makes the order, all in one
 * transaction, or refuses. Whoever calls it again, however often, gets the decision that was made first.
 */
export async function decideClaim(sql: Sql, orderId: number): Promise<ClaimDecision> {
  const claim = await readClaim(sql, orderId);
  // A workflow whose claim is not there has nothing to place: its database is an older copy.
  if (claim === undefined) return { state: 'withdrawn' };
  if (claim.state !== 'open') return decided(claim);
  try {
    if (claim.service_id === null) throw new Refusal('unknown_service');
    const { request } = claim;
    const terms = orderTerms(request, {
      type: claim.type,
      rate: claim.rate as Rate,
      min: claim.min,
      max: claim.max,
      dripFeed: claim.drip_feed,
      linkPattern: claim.link_pattern,
      active: claim.active,
    });
    const scheduled = request.scheduledAt === undefined ? null : new Date(request.scheduledAt);
    const [accepted] = await sql<{ state: string }[]>`
      select accept_order(${orderId}, ${terms.link}, ${linkKey(terms.link)}, ${terms.quantity}, ${terms.runs},
        ${terms.intervalMinutes}, ${sql.json({ ...request.fields })}, ${claim.service_id}, ${terms.unitPrice}, ${scheduled},
        ${request.reference ?? null}) as state`;
    if (accepted?.state === 'order') return { state: 'order' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const refusal = { code: error.code, ...(error.detail === undefined ? {} : { detail: error.detail }) };
    await sql`select close_claim(${orderId}, 'refused', ${sql.json(refusal)})`;
  }
  const after = await readClaim(sql, orderId);
  if (after === undefined) throw new Error(`claim ${orderId} vanished`);
  return decided(after);
}

/** What a workflow must know of its order, at its start or when it is started again in the middle of its life. */
export interface OrderRecord {
  readonly accountId: number;
  readonly serviceId: number;
  readonly fingerprint: string;
  readonly quantity: number;
  readonly runs: number;
  readonly totalQuantity: number;
  readonly price: bigint;
  readonly unitPrice: bigint;
  readonly status: string;
  readonly delivered: number;
  readonly reviewAfterSeconds: number;
  readonly refillDays: number;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
  readonly batches: readonly BatchRecord[];
}

export interface BatchRecord {
  readonly batch: number;
  readonly quantity: number;
  readonly state: 'waiting' | 'sending' | 'running' | 'uncertain' | 'done';
  readonly attempts: number;
  readonly provider: number | null;
  readonly providerOrder: string | null;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number | null;
  readonly delivered: number;
}

export async function readOrderRecord(sql: Sql, orderId: number): Promise<OrderRecord> {
  const [[order], batches] = await Promise.all([
    sql<
      (Omit<OrderRecord, 'batches' | 'totalQuantity' | 'delivered'> & { totalQuantity: bigint; delivered: bigint })[]
    >`
      select o.account_id as "accountId", o.service_id as "serviceId", encode(c.fingerprint, 'hex') as fingerprint, o.quantity,
             o.runs, o.total_quantity as "totalQuantity", o.price, o.unit_price as "unitPrice", o.status, o.delivered,
             o.review_after_seconds as "reviewAfterSeconds", o.refill_days as "refillDays", o.created_at as "createdAt",
             o.settled_at as "settledAt"
        from orders o join claims c on c.order_id = o.id where o.id = ${orderId}`,
    sql<BatchRecord[]>`
      select b.batch, b.quantity::float8 as quantity, b.state, b.provider_id as provider, b.provider_order as "providerOrder",
             (extract(epoch from b.accepted_at) * 1000)::float8 as "acceptedAt", b.delivered::float8 as delivered,
             (select count(*)::integer from attempts a where a.order_id = b.order_id and a.batch = b.batch) as attempts
        from batches b where b.order_id = ${orderId} order by b.batch`,
  ]);
  if (order === undefined) throw new Error(`there is no order ${orderId}`);
  return {
    ...order,
    totalQuantity: Number(order.totalQuantity),
    delivered: Number(order.delivered),
    batches: [...batches],
  };
}
