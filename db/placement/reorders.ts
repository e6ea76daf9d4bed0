import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import type { ReorderedOrder, ReorderFacts } from '../../domain/placement/reorder.ts';
import type { Sql } from '../client.ts';
import { type OfferJson, offered, type ServiceOffer } from './open-claim.ts';

/** An order of the account whose rest may be ordered again. */
export interface ReorderableOrder extends ReorderedOrder, ReorderFacts {
  readonly service: number;
  readonly category: string;
}

/** Undefined when the order does not exist or belongs to another account. */
export async function readReorderable(
  sql: Sql,
  accountId: number,
  orderId: number,
): Promise<ReorderableOrder | undefined> {
  const [row] = await sql<ReorderableOrder[]>`
    select o.id::float8 as id, o.status, o.type, o.link, o.fields, o.total_quantity::float8 as "totalQuantity",
           o.delivered::float8 as delivered, o.service_id as service, s.category,
           (select r.id::float8 from orders r where r.reorder_of = o.id) as "reorderedBy"
      from orders o join services s on s.id = o.service_id where o.id = ${orderId} and o.account_id = ${accountId}`;
  return row;
}

/** A service that may take the rest of an order, and how it was delivered lately. */
export interface ReorderOffer extends Pick<ServiceOffer, 'service'> {
  /** Seconds from start to Completed; null when there are no figures. */
  readonly averageSeconds: number | null;
  readonly partialShare: number | null;
}

/** The other services on sale of the order's category and type, the cheapest first, at most `most`. */
export async function reorderOffers(
  sql: Sql,
  { service, category, type }: ReorderableOrder,
  most: number,
): Promise<ReorderOffer[]> {
  type Row = Omit<ReorderOffer, 'service'> & { readonly offer: OfferJson };
  const rows = await sql<Row[]>`
    select service_offer(s.id) as offer, (f.figures->>'average')::float8 as "averageSeconds",
           (f.figures->>'partial')::float8 / nullif((f.figures->>'ended')::float8, 0) as "partialShare"
      from (select id, rate from services
              where category = ${category} and type = ${type} and active and id <> ${service}
              order by rate, id limit ${most}) s
      left join service_stats f on f.service_id = s.id order by s.rate, s.id`;
  return rows.map(({ offer, ...row }) => ({ ...row, service: offered(offer) }));
}

/**
 * The request of the claim that has this Idempotency-Key; null when the claim is of an archived order and has forgotten it.
 * Undefined when there is no such claim.
 */
export async function requestOfKey(
  sql: Sql,
  accountId: number,
  idempotencyKey: string,
): Promise<OrderRequest | null | undefined> {
  const [row] = await sql<{ request: OrderRequest | null }[]>`
    select request from claims where account_id = ${accountId} and idempotency_key = ${idempotencyKey}`;
  return row?.request;
}
