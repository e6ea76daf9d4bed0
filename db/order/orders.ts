import type { StopSaid } from '../../domain/order/batch.ts';
import type { ActionFacts } from '../../domain/order/can.ts';
import type { Attention, OrderStatus } from '../../domain/order/status.ts';
import type { Metadata } from '../../domain/placement/metadata.ts';
import type { OrderFields } from '../../domain/placement/order-fields.ts';
import type { RefillFacts } from '../../domain/refill/rules.ts';
import type { Sql } from '../client.ts';
import { customersPausedAt } from './customers-pause.ts';

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
  readonly metadata: Metadata;
  /** The order whose rest it orders again. */
  readonly reorderOf: number | null;
  readonly version: number;
  /** A subscription's last day as d/m/Y, when it has one; null for other orders. */
  readonly subscription: { readonly expiry: string | null } | null;
}

/** An order with what decides what its customer can do with it, beside its batches. */
export interface ActionableOrder extends OrderRow {
  readonly actionFacts: Pick<
    ActionFacts,
    'cancelable' | 'cancelRequested' | 'pausedBy' | 'customersPausedAt' | 'refillTerms' | 'reorderedBy'
  > & {
    readonly refill: Pick<RefillFacts, 'completedAt' | 'underWay' | 'taken' | 'lastEndedAt'>;
  };
  /** What its service's type adds, like comments; read for one order alone, because a list of them may be long. */
  readonly fields?: OrderFields;
}

/** The columns of an OrderRow, of the one table `orders`. */
export const orderColumns = (sql: Sql) => sql`
  id::float8 as id, status, attention, service_id as service, link, quantity, runs, total_quantity::float8 as "totalQuantity",
  price, charge, refunded, delivered::float8 as delivered, start_count::float8 as "startCount", reason,
  created_at as "createdAt", scheduled_at as "scheduledAt", started_at as "startedAt", settled_at as "settledAt",
  completed_at as "completedAt", interval_minutes as "intervalMinutes", case when paused_at is null then next_run_at end as "nextRunAt",
  refill_until as "refillUntil", reference, metadata, reorder_of::float8 as "reorderOf", version,
  case when type = 'Subscriptions' then jsonb_build_object('expiry', fields->>'expiry') end as subscription`;

/** The columns of an ActionableOrder. Refills count only in the refill window, so only then are they read. */
export const actionableColumns = (sql: Sql) => sql`
  ${orderColumns(sql)}, jsonb_build_object('cancelable', cancelable, 'cancelRequested', canceled_by is not null,
    'pausedBy', case when paused_at is not null then coalesce(paused_by, '') end,
    'customersPausedAt', ${customersPausedAt(sql)},
    'refillTerms', jsonb_build_object('days', refill_days, 'cap', refill_cap, 'cooldownMs', refill_cooldown_seconds * 1000::bigint,
      'fallback', refill_fallback),
    'reorderedBy', case when settled_at is not null and delivered < total_quantity then
      (select r.id from orders r where r.reorder_of = o.id) end,
    'refill', jsonb_build_object('completedAt', extract(epoch from completed_at) * 1000) || case when refill_until > now() then (
        select jsonb_build_object('underWay', count(*) filter (where r.stage <> 'ended') > 0, 'taken', count(*),
          'lastEndedAt', extract(epoch from max(r.ended_at)) * 1000)
          from refills r where r.order_id = o.id)
      else jsonb_build_object('underWay', false, 'taken', 0, 'lastEndedAt', null) end) as "actionFacts"`;

/** An order of this account with the facts about its actions; undefined as in findOrder. */
export async function findActionableOrder(
  sql: Sql,
  accountId: number,
  orderId: number,
): Promise<ActionableOrder | undefined> {
  const [row] = await sql<ActionableOrder[]>`
    select ${actionableColumns(sql)}, fields from orders o where id = ${orderId} and account_id = ${accountId}`;
  return row;
}

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

/** Those of the given orders that exist, of any account. */
export async function readOrders(sql: Sql, ids: readonly number[]): Promise<OrderRow[]> {
  return sql<OrderRow[]>`select ${orderColumns(sql)} from orders where id = any(${ids.map(String)}::bigint[])`;
}

/** The ids of those of the given orders that belong to this account. */
export async function ownOrderIds(sql: Sql, accountId: number, ids: readonly number[]): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id::float8 as id from orders where account_id = ${accountId} and id = any(${ids.map(String)}::bigint[])`;
  return rows.map(({ id }) => id);
}

/** Those of the given orders that belong to this account. */
export async function findOrders(sql: Sql, accountId: number, ids: readonly number[]): Promise<OrderRow[]> {
  return sql<OrderRow[]>`
    select ${orderColumns(sql)} from orders where account_id = ${accountId} and id = any(${ids.map(String)}::bigint[])`;
}

/** How far an order is. `version` or `lastEvent` grows with each change. */
export interface OrderProgress
  extends Pick<OrderRow, 'id' | 'status' | 'attention' | 'delivered' | 'totalQuantity' | 'version'> {
  readonly lastEvent: number;
}

export async function orderProgress(sql: Sql, ids: readonly number[]): Promise<OrderProgress[]> {
  return sql<OrderProgress[]>`
    select o.id::float8 as id, o.status, o.attention, o.delivered::float8 as delivered, o.total_quantity::float8 as "totalQuantity", o.version,
           coalesce((select max(e.id) from events e where e.order_id = o.id), 0)::float8 as "lastEvent"
      from orders o where o.id = any(${ids.map(String)}::bigint[])`;
}

/** What a customer and staff see of a batch. */
export interface ShownBatch {
  readonly order: number;
  readonly batch: number;
  readonly quantity: number;
  readonly state: 'waiting' | 'sending' | 'running' | 'uncertain' | 'done';
  readonly delivered: number;
  readonly startedAt: Date | null;
}

/** A batch as its customer may see it, without its provider. */
export interface BatchRow extends ShownBatch {
  /** The request for it may have left, and its outcome is not stored. */
  readonly isInFlight: boolean;
  /** The provider's last answer to a stop request. */
  readonly stop: StopSaid | null;
}

/** The last `most` batches of each of these orders, in order. */
export async function batchesOf(sql: Sql, ids: readonly number[], most: number): Promise<BatchRow[]> {
  if (ids.length === 0) return [];
  return sql<BatchRow[]>`
    select b.order_id::float8 as "order", b.batch, b.quantity::float8 as quantity, b.state, b.delivered::float8 as delivered,
           b.accepted_at as "startedAt", case when b.state = 'sending' then coalesce((select a.state = 'sending' from attempts a
             where a.order_id = b.order_id and a.batch = b.batch order by a.attempt desc limit 1), false) else false end as "isInFlight",
           case when b.stop_answer is not null then jsonb_build_object('answer', b.stop_answer,
             'at', round(extract(epoch from b.stop_asked_at) * 1000)) end as stop
      from unnest(${ids.map(String)}::bigint[]) as o(id)
      cross join lateral (select * from batches where order_id = o.id and refill is null order by batch desc limit ${most}) b
      order by b.order_id, b.batch`;
}

/** The batches of each of these orders, at most `most` of one. */
export async function batchesByOrder(
  sql: Sql,
  ids: readonly number[],
  most: number,
): Promise<ReadonlyMap<number, readonly BatchRow[]>> {
  const batches = new Map<number, BatchRow[]>(ids.map((id) => [id, []]));
  for (const batch of await batchesOf(sql, ids, most)) batches.get(batch.order)?.push(batch);
  return batches;
}

export interface EventRow {
  readonly id: number;
  readonly type: string;
  readonly actor: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** An order's events behind event `after`, oldest first or newest first. Attempts at providers are left out: customers do not see them. */
export async function orderEvents(
  sql: Sql,
  orderId: number,
  after: number | undefined,
  limit: number,
  direction: 'asc' | 'desc' = 'asc',
): Promise<EventRow[]> {
  const [than, way] = direction === 'asc' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  return sql<EventRow[]>`
    select id::float8 as id, type, actor, version, data, at from events
      where order_id = ${orderId} and type not like 'attempt.%' ${after === undefined ? sql`` : sql`and id ${than} ${after}`}
      order by events.id ${way} limit ${limit}`;
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
