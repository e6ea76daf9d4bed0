import { LIMITS } from '../../domain/limits.ts';
import { ATTENTIONS, type Attention, type OrderStatus } from '../../domain/order/status.ts';
import type { Sql, Tx } from '../client.ts';
import { type List, type ListPage, readListPage } from '../list-page.ts';

/** An order that waits for a person. */
export interface ReviewRow {
  readonly order: number;
  readonly account: number;
  readonly service: number;
  readonly status: OrderStatus;
  readonly attention: Attention;
  readonly reason: string | null;
  readonly delivered: number;
  readonly totalQuantity: number;
  readonly createdAt: Date;
  /** From the last event that made the order wait: since when, by whom and why. */
  readonly since: Date | null;
  readonly by: string | null;
  readonly why: string | null;
}

/** A batch that has not ended, and the provider that has it or may have it. */
export interface OpenBatch {
  readonly batch: number;
  readonly provider: number | null;
  readonly providerName: string | null;
  readonly providerOrder: string | null;
}

/** A row of the list: with the money in escrow, and the last batches that have not ended. */
export interface ListedReview extends ReviewRow {
  readonly accountName: string;
  readonly serviceName: string;
  readonly held: bigint;
  readonly batches: readonly OpenBatch[];
}

/** Since when an order waits, by whom and why: from the event `e` that made it wait. */
export const waitColumns = (sql: Sql) => sql`
  e.at as since, e.actor as by,
  coalesce(nullif(e.data->>'why', ''), e.data->>'detail', e.data->>'reason',
    'nothing was delivered since ' || to_char(to_timestamp((e.data->>'since')::float8 / 1000), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as why`;

/** A filter of the orders that wait for a person. */
export interface ReviewFilter {
  readonly attention?: Attention | undefined;
  /** The provider that has the order, or may have it. */
  readonly provider?: number | undefined;
  readonly service?: number | undefined;
  /** Placed at this time or later. */
  readonly from?: Date | undefined;
  /** Placed before this time. */
  readonly to?: Date | undefined;
}

/** The SQL condition that an order `o` waits for a person and matches the filter. */
export const isReviewed = (sql: Sql | Tx, { attention, provider, service, from, to }: ReviewFilter) => sql`
  o.attention <> 'none'
    ${attention === undefined ? sql`` : sql`and o.attention = ${attention}`}
    ${service === undefined ? sql`` : sql`and o.service_id = ${service}`}
    ${from === undefined ? sql`` : sql`and o.created_at >= ${from}`}
    ${to === undefined ? sql`` : sql`and o.created_at < ${to}`}
    ${provider === undefined ? sql`` : sql`and waits_for_provider(o.id, o.attention, ${provider})`}`;

/** The number of orders of each attention except `none`. */
export async function countByAttention(sql: Sql): Promise<{ attention: Attention; count: number }[]> {
  return sql<{ attention: Attention; count: number }[]>`
    select a.attention, count(o.id)::integer as count from unnest(${ATTENTIONS.slice(1)}::text[]) as a(attention)
      left join orders o on o.attention = a.attention and o.attention <> 'none' group by a.attention`;
}

/** The last batches of an order `o` that have not ended. One that is not accepted yet shows the provider of its last attempt. */
const openBatches = (sql: Sql) => sql`
  (select coalesce(jsonb_agg(to_jsonb(open) order by open.batch), '[]') from (
    select b.batch, p.id as provider, p.name as "providerName", b.provider_order as "providerOrder"
      from batches b
      left join lateral (
        select provider_id from attempts where order_id = b.order_id and batch = b.batch order by attempt desc limit 1) a on true
      left join providers p on p.id = coalesce(b.provider_id, a.provider_id)
      where b.order_id = o.id and b.state <> 'done' order by b.batch desc limit ${LIMITS.openBatchesShown}) open)`;

/** A page of the orders that wait for a person, the oldest first; only ids above `after`. */
export async function listReviews(
  sql: Sql,
  { after, attention, ...others }: ReviewFilter & { readonly after?: number | undefined },
  limit: number,
): Promise<ListPage<ListedReview>> {
  const list: List = {
    table: 'orders',
    alias: 'o',
    columns: sql`
      o.id::float8 as "order", o.account_id as account, o.service_id as service, o.status, o.attention, o.reason,
      o.delivered::float8 as delivered, o.total_quantity::float8 as "totalQuantity", o.created_at as "createdAt",
      (select name from accounts where id = o.account_id) as "accountName",
      (select name from services where id = o.service_id) as "serviceName",
      case when o.settled_at is null then o.price else 0 end as held, ${openBatches(sql)} as batches, ${waitColumns(sql)}`,
    of: isReviewed(sql, {}),
    by: attention && { column: sql`o.attention`, value: attention },
    rest: Object.values(others).some((one) => one !== undefined) ? isReviewed(sql, others) : undefined,
    position: sql`o.id`,
    direction: 'asc',
    after,
    joins: sql`
      left join lateral (
        select at, actor, data from events where order_id = o.id and type = 'order.' || o.attention order by id desc limit 1
      ) e on true`,
  };
  return readListPage(sql, list, limit);
}
