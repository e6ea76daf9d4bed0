import { LIMITS } from '../../domain/limits.ts';
import { type Attention, isFinal, type OrderStatus } from '../../domain/order/status.ts';
import type { Sql } from '../client.ts';
import { allOf, type List, type ListPage, readListPage } from '../list-page.ts';

/** An order as its account reads it; money in units of 1e-8. */
export interface OrderRow {
  readonly id: number;
  readonly status: OrderStatus;
  readonly attention: Attention;
  readonly service: number;
  readonly link: string;
  readonly quantity: number;
  readonly runs: number;
  readonly totalQuantity: number;
  readonly price: bigint;
  readonly charge: bigint;
  readonly refunded: bigint;
  readonly delivered: number;
  readonly startCount: number | null;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly scheduledAt: Date | null;
  readonly startedAt: Date | null;
  readonly settledAt: Date | null;
  readonly completedAt: Date | null;
  readonly intervalMinutes: number | null;
  /** Null while the order is paused: nothing is due then. */
  readonly nextRunAt: Date | null;
  readonly refillUntil: Date | null;
  readonly reference: string | null;
  readonly version: number;
  /** A subscription's last day as d/m/Y, when it has one; null for other orders. */
  readonly subscription: { readonly expiry: string | null } | null;
}

/** The columns of an OrderRow, of the one table `orders`. */
export const orderColumns = (sql: Sql) => sql`
  id::float8 as id, status, attention, service_id as service, link, quantity, runs, total_quantity::float8 as "totalQuantity",
  price, charge, refunded, delivered::float8 as delivered, start_count::float8 as "startCount", reason,
  created_at as "createdAt", scheduled_at as "scheduledAt", started_at as "startedAt", settled_at as "settledAt",
  completed_at as "completedAt", interval_minutes as "intervalMinutes", case when paused_at is null then next_run_at end as "nextRunAt",
  refill_until as "refillUntil", reference, version,
  case when type = 'Subscriptions' then jsonb_build_object('expiry', fields->>'expiry') end as subscription`;

/** An order of this account; undefined when it does not exist or belongs to another account. */
export async function findOrder(sql: Sql, accountId: number, orderId: number): Promise<OrderRow | undefined> {
  const [row] = await sql<OrderRow[]>`
    select ${orderColumns(sql)} from orders where id = ${orderId} and account_id = ${accountId}`;
  return row;
}

/** An order of any account. */
export async function readOrder(sql: Sql, orderId: number): Promise<OrderRow | undefined> {
  const [row] = await sql<OrderRow[]>`select ${orderColumns(sql)} from orders where id = ${orderId}`;
  return row;
}

/** Those of the given orders that belong to this account. */
export async function findOrders(sql: Sql, accountId: number, ids: readonly number[]): Promise<OrderRow[]> {
  return sql<OrderRow[]>`
    select ${orderColumns(sql)} from orders where account_id = ${accountId} and id = any(${ids.map(String)}::bigint[])`;
}

export interface OrderFilter {
  readonly status?: OrderStatus | undefined;
  readonly attention?: Attention | undefined;
  readonly service?: number | undefined;
  readonly reference?: string | undefined;
  /** Whether the order is final: ended, with no refill or correction to follow. */
  readonly archived?: boolean | undefined;
  /** Created at this time or later. */
  readonly from?: Date | undefined;
  /** Created before this time. */
  readonly to?: Date | undefined;
  /** Only ids below this one. */
  readonly before?: number | undefined;
}

/** Whether an order is archived: nothing that a provider or a customer says can change it any more. `order`: the table's alias. */
export const isArchived = (sql: Sql, order: string) => sql`
  (${sql(order)}.settled_at < now() - make_interval(hours => ${LIMITS.correctionHours})
    and coalesce(${sql(order)}.refill_until, ${sql(order)}.settled_at) < now()
    and not exists (select from refills where order_id = ${sql(order)}.id and stage <> 'ended')) is true`;

/** The filter that an index serves beside the account and the time: the one that leaves the fewest orders to read. */
function servedFilter({ reference, attention, status, service }: OrderFilter) {
  if (reference !== undefined) return 'reference';
  if (attention !== undefined && attention !== 'none') return 'attention';
  // Few orders are open, and many have ended.
  if (status !== undefined && (service === undefined || !isFinal(status))) return 'status';
  return service === undefined ? undefined : 'service';
}

/** A page of an account's orders, newest first. */
export async function listOrders(
  sql: Sql,
  accountId: number,
  filter: OrderFilter,
  limit: number,
): Promise<ListPage<OrderRow>> {
  const { archived, from, to, before } = filter;
  const filters = {
    reference: sql`o.reference`,
    attention: sql`o.attention`,
    status: sql`o.status`,
    service: sql`o.service_id`,
  };
  const served = servedFilter(filter);
  const rest = (Object.keys(filters) as (keyof typeof filters)[]).map((name) => {
    const value = filter[name];
    return name === served || value === undefined ? undefined : sql`${filters[name]} = ${value}`;
  });
  const value = served === undefined ? undefined : filter[served];
  const list: List = {
    table: 'orders',
    alias: 'o',
    columns: orderColumns(sql),
    // The second condition is that of the index.
    of:
      served === 'attention'
        ? sql`o.account_id = ${accountId} and o.attention <> 'none'`
        : sql`o.account_id = ${accountId}`,
    by: served === undefined || value === undefined ? undefined : { column: filters[served], value },
    rest: allOf(sql, [
      ...rest,
      archived === undefined ? undefined : archived ? isArchived(sql, 'o') : sql`not ${isArchived(sql, 'o')}`,
    ]),
    time: sql`o.created_at`,
    from: from && sql`${from}::timestamptz`,
    // An archived order was placed before it was settled.
    to: to && sql`${to}::timestamptz`,
    position: sql`o.id`,
    direction: 'desc',
    after: before,
  };
  return readListPage(sql, list, limit);
}

/** Numbers that show whether an order has changed: one of them grows with each change. */
export interface OrderMark {
  readonly id: number;
  readonly version: number;
  readonly lastEvent: number;
}

export async function orderMarks(sql: Sql, ids: readonly number[]): Promise<OrderMark[]> {
  return sql<OrderMark[]>`
    select o.id::float8 as id, o.version, coalesce((select max(e.id) from events e where e.order_id = o.id), 0)::float8 as "lastEvent"
      from orders o where o.id = any(${ids.map(String)}::bigint[])`;
}

/** A batch as its customer may see it, without its provider. */
export interface BatchRow {
  readonly order: number;
  readonly batch: number;
  readonly quantity: number;
  readonly state: 'waiting' | 'sending' | 'running' | 'uncertain' | 'done';
  readonly delivered: number;
  readonly startedAt: Date | null;
}

/** The last `most` batches of each of these orders, in order. */
export async function batchesOf(sql: Sql, ids: readonly number[], most: number): Promise<BatchRow[]> {
  if (ids.length === 0) return [];
  return sql<BatchRow[]>`
    select b.order_id::float8 as "order", b.batch, b.quantity::float8 as quantity, b.state, b.delivered::float8 as delivered,
           b.accepted_at as "startedAt"
      from unnest(${ids.map(String)}::bigint[]) as o(id)
      cross join lateral (select * from batches where order_id = o.id and refill is null order by batch desc limit ${most}) b
      order by b.order_id, b.batch`;
}

export interface EventRow {
  readonly id: number;
  readonly type: string;
  readonly actor: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** An order's events after event `after`, oldest first. Attempts at providers are left out: customers do not see them. */
export async function orderEvents(
  sql: Sql,
  orderId: number,
  after: number | undefined,
  limit: number,
): Promise<EventRow[]> {
  return sql<EventRow[]>`
    select id::float8 as id, type, actor, version, data, at from events
      where order_id = ${orderId} and type not like 'attempt.%' ${after === undefined ? sql`` : sql`and id > ${after}`} order by events.id limit ${limit}`;
}

export interface SampleRow {
  readonly batch: number;
  readonly at: Date;
  /** What the batch had delivered. */
  readonly delivered: number;
  /** What all batches together had delivered. */
  readonly total: number;
}

/** The delivery curve of an order: at most `most` points, always with the last one. */
export async function deliverySamples(sql: Sql, orderId: number, most: number): Promise<SampleRow[]> {
  return sql<SampleRow[]>`
    with curve as (
      select batch, at, delivered, delivered - lag(delivered, 1, 0::bigint) over (partition by batch order by at) as more
        from delivery_samples s where order_id = ${orderId}
          and (select refill from batches b where b.order_id = ${orderId} and b.batch = s.batch) is null
    ), points as (
      select batch, at, delivered, sum(more) over (order by at, batch) as total, row_number() over (order by at, batch) as n,
             count(*) over () as points from curve
    )
    select batch, at, delivered::float8 as delivered, total::float8 as total from points
      where points <= ${most}::bigint or n * ${most}::bigint / points > (n - 1) * ${most}::bigint / points
      order by n`;
}
