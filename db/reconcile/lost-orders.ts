import type { Attention, OrderStatus } from '../../domain/order/status.ts';
import type { Sql } from '../client.ts';
import type { AlertKind } from './alerts.ts';

/** An order that must have a running workflow, and why; see orders_to_run in db/functions/reconcile/lost-orders.sql. */
export interface OrderToRun {
  readonly orderId: number;
  readonly need: 'claim' | 'order' | 'window';
  readonly accountId: number;
  readonly serviceId: number;
  readonly status: OrderStatus;
  readonly attention: Attention;
  readonly ageSeconds: number;
}

const bigints = (ids: readonly number[]): string[] => ids.map(String);

/** Those of the given orders that must have a running workflow now. */
export async function ordersToRun(sql: Sql, ids: readonly number[]): Promise<OrderToRun[]> {
  if (ids.length === 0) return [];
  return sql<OrderToRun[]>`
    select order_id::float8 as "orderId", need, account_id as "accountId", service_id::float8 as "serviceId", status, attention,
           age_seconds as "ageSeconds"
      from orders_to_run(${bigints(ids)}::bigint[])`;
}

/** The next orders by id that have not ended, or that are being refilled. */
export async function unendedOrders(sql: Sql, after: number, limit: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id::float8 as id from (
      (select id from orders where settled_at is null and id > ${after} order by id limit ${limit})
      union
      (select order_id from refills where stage <> 'ended' and order_id > ${after} order by order_id limit ${limit})
    ) o order by o.id limit ${limit}`;
  return rows.map(({ id }) => id);
}

/** The position of a scan of the open refill windows. */
export interface WindowCursor {
  readonly until: Date;
  readonly id: number;
}

/** The next orders whose refill window is open, by its end. */
export async function openWindows(sql: Sql, { until, id }: WindowCursor, limit: number): Promise<WindowCursor[]> {
  return sql<WindowCursor[]>`
    select id::float8 as id, refill_until as until from orders
      where refill_until > clock_timestamp() and (refill_until, id) > (${until}, ${id}) order by refill_until, id limit ${limit}`;
}

/** Claims that have been undecided for longer than `olderThanSeconds`, the oldest first. */
export async function openClaims(sql: Sql, olderThanSeconds: number, limit: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select order_id::float8 as id from claims
      where state = 'open' and created_at < clock_timestamp() - make_interval(secs => ${olderThanSeconds})
      order by created_at limit ${limit}`;
  return rows.map(({ id }) => id);
}

/** Withdraws undecided claims that have expired, as a later decision would do, and frees their keys; returns how many. */
export async function withdrawExpired(sql: Sql): Promise<number> {
  const rows = await sql`
    update claims set state = 'withdrawn', decided_at = clock_timestamp(), idempotency_key = null
      where state = 'open' and expires_at < clock_timestamp() returning order_id`;
  return rows.length;
}

/** Those of the given ids that have no claim. */
export async function withoutClaim(sql: Sql, ids: readonly number[]): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select i.id::float8 as id from unnest(${bigints(ids)}::bigint[]) as i(id)
      where not exists (select from claims c where c.order_id = i.id)`;
  return rows.map(({ id }) => id);
}

/** How often within `seconds` a lost workflow is started again; after that its order waits for a person. */
const RESTARTS = { most: 3, seconds: 3_600 };

/**
 * Raises the alert `order_lost` and decides whether the order's workflow is started again. `how` says how the workflow was lost,
 * like `it was terminated`.
 */
export async function takeUpOrder(sql: Sql, orderId: number, how: string): Promise<boolean> {
  const [row] = await sql<{ again: boolean }[]>`
    select take_up_order(${orderId}, ${how}, ${RESTARTS.most}, ${RESTARTS.seconds}) as again`;
  return row?.again === true;
}

/** Raises an alert about an order that cannot go on, and makes the order wait for a person. True when no such alert was open. */
export async function showOrder(
  sql: Sql,
  orderId: number,
  alert: Extract<AlertKind, 'order_lost' | 'workflow_stuck'>,
  why: string,
): Promise<boolean> {
  const [row] = await sql<{ raised: boolean }[]>`select show_order(${orderId}, ${alert}, ${why}) as raised`;
  return row?.raised === true;
}

/** Resolves the alerts of orders that run, or need no workflow any more. */
export async function ordersFound(sql: Sql, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await sql`select orders_found(${bigints(ids)}::bigint[])`;
}
