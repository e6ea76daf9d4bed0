import { LIMITS } from '../../domain/limits.ts';
import { ATTENTIONS, type Attention, type OrderStatus } from '../../domain/order/status.ts';
import type { BulkDecision } from '../../domain/review/order-actions.ts';
import { allowedResolutions, type Resolution } from '../../domain/review/resolution.ts';
import type { Sql, Tx } from '../client.ts';
import type { Fragment } from '../list-page.ts';
import { digestOf } from './digest.ts';
import { isReviewed, type ReviewFilter } from './reviews.ts';

/** The orders of a decision: the given ones, or all that wait for a person and match the filter. */
export type ReviewSet =
  | { readonly ids: readonly number[]; readonly filter?: undefined }
  | { readonly ids?: undefined; readonly filter: ReviewFilter };

/** The orders of a set that wait for a person, as a query: id, attention, price, settled_at. */
const waitingOrders = (sql: Sql | Tx, { ids, filter }: ReviewSet) => sql`
  select o.id, o.attention, o.price, o.settled_at from orders o where ${
    filter === undefined
      ? sql`o.attention <> 'none' and o.id = any(${ids.map(String)}::bigint[])`
      : isReviewed(sql, filter)
  }`;

/** The reach of a decision: orders for which it is possible, the money held for them, and orders for which it is not. */
export interface BulkEffect {
  readonly orders: number;
  readonly held: bigint;
  readonly refused: number;
  /** Of the orders that it is possible for: their ids, why each waits, and its uncertain attempts. */
  readonly digest: string;
}

/** A row of `effectColumns`. */
export interface EffectRow extends Pick<BulkEffect, 'orders' | 'digest'> {
  readonly held: string;
}

/**
 * The effect on the orders of the query `touched` (id, attention, price, settled_at), as columns. A decision about more than
 * `bulkOrders` is refused: the digest is of so many, the first by id.
 */
export const effectColumns = (sql: Sql, provider: number | null) => sql`
  count(*)::float8 as orders, coalesce(sum(price) filter (where settled_at is null), 0)::text as held,
  (select ${digestOf(sql, sql`id, attention, attempts`)} from (
    select id, attention, case when attention = 'uncertain' then uncertain_attempts(id, ${provider}) end as attempts
      from touched order by id limit ${LIMITS.bulkOrders}) shown) as digest`;

export async function bulkEffect(sql: Sql, set: ReviewSet, action: Resolution['action']): Promise<BulkEffect> {
  const possible = ATTENTIONS.filter((attention) => allowedResolutions(attention).includes(action));
  const [row] = await sql<(EffectRow & { waiting: number })[]>`
    with waiting as (${waitingOrders(sql, set)}), touched as (select * from waiting where attention = any(${possible}))
    select ${effectColumns(sql, set.filter?.provider ?? null)}, (select count(*)::float8 from waiting) as waiting from touched`;
  const { held, waiting, ...effect } = row as EffectRow & { waiting: number };
  const all = set.ids === undefined ? waiting : new Set(set.ids).size;
  return { ...effect, held: BigInt(held), refused: all - effect.orders };
}

export interface NewBulkResolution {
  readonly set: ReviewSet;
  readonly resolution: Resolution;
  readonly actor: string;
  readonly reason: string;
  /** The most orders that the decision may have. */
  readonly most: number;
}

/** Stores a decision about orders that wait, with their uncertain attempts; returns its id, or undefined when there are too many orders. */
export async function createBulkResolution(tx: Tx, wanted: NewBulkResolution): Promise<number | undefined> {
  const { set, resolution, ...rest } = wanted;
  return storeBulkDecision(tx, {
    ...rest,
    decision: resolution,
    filter: set.filter,
    ids: set.ids,
    orders: tx`
      select w.id, w.attention, uncertain_attempts(w.id, ${set.filter?.provider ?? null}) from (${waitingOrders(tx, set)}) w`,
    whyNot: 'it does not wait for a person',
  });
}

export interface NewBulkDecision extends Pick<NewBulkResolution, 'actor' | 'reason' | 'most'> {
  readonly decision: BulkDecision;
  readonly filter: object | undefined;
  readonly ids: readonly number[] | undefined;
  /** The orders that the decision is possible for, as a query: id, attention, uncertain attempts. */
  readonly orders: Fragment;
  /** The result of all other orders of `ids`. */
  readonly whyNot: string;
}

/** Stores a decision and its orders; returns its id, or undefined when there are too many orders. */
export async function storeBulkDecision(tx: Tx, wanted: NewBulkDecision): Promise<number | undefined> {
  const { decision, actor, reason, filter, ids, orders, whyNot, most } = wanted;
  const [made] = await tx<{ id: number }[]>`
    insert into bulk_resolutions (actor, reason, resolution, filter)
      values (${actor}, ${reason}, ${tx.json(decision as never)}, ${filter === undefined ? null : tx.json(filter as never)})
      returning id::float8 as id`;
  const { id } = made as { id: number };
  const { count } = await tx`
    insert into bulk_resolution_orders (bulk_id, order_id, attention, attempts)
      select ${id}, o.* from (${orders}) as o(id, attention, attempts) order by o.id limit ${most + 1}`;
  if (count > most) return undefined;
  if (ids !== undefined) {
    await tx`
      insert into bulk_resolution_orders (bulk_id, order_id, status, message, ended_at)
        select distinct ${id}::bigint, order_id, 'refused', ${whyNot}, clock_timestamp()
          from unnest(${ids.map(String)}::bigint[]) as given(order_id) on conflict do nothing`;
  }
  return id;
}

/** A decision and its progress. */
export interface BulkRow {
  readonly id: number;
  readonly actor: string;
  readonly reason: string;
  readonly resolution: BulkDecision;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly total: number;
  readonly waiting: number;
  readonly decided: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly canceled: number;
}

export async function findBulkResolution(sql: Sql, id: number): Promise<BulkRow | undefined> {
  const [row] = await sql<BulkRow[]>`
    select b.id::float8 as id, b.actor, b.reason, b.resolution, b.created_at as "createdAt", b.ended_at as "endedAt",
           count(o.order_id)::float8 as total,
           count(*) filter (where o.status = 'waiting')::float8 as waiting,
           count(*) filter (where o.status = 'decided')::float8 as decided,
           count(*) filter (where o.status = 'refused')::float8 as refused,
           count(*) filter (where o.status = 'unanswered')::float8 as unanswered,
           count(*) filter (where o.status = 'canceled')::float8 as canceled
      from bulk_resolutions b left join bulk_resolution_orders o on o.bulk_id = b.id where b.id = ${id} group by b.id`;
  return row;
}

export interface BulkResult {
  readonly order: number;
  readonly status: 'waiting' | 'decided' | 'refused' | 'unanswered' | 'canceled';
  readonly message: string | null;
  readonly at: Date | null;
}

/** The results of the orders after order `after`, by id. */
export async function bulkResults(sql: Sql, id: number, after: number, limit: number): Promise<BulkResult[]> {
  return sql<BulkResult[]>`
    select order_id::float8 as order, status, message, ended_at as at from bulk_resolution_orders
      where bulk_id = ${id} and order_id > ${after}::bigint order by order_id limit ${limit}`;
}

/** An order of a decision. */
export interface BulkOrder {
  readonly order: number;
  /** Why the order waited when the decision was stored, and why it waits now. */
  readonly wasFor: Attention;
  readonly attention: Attention | null;
  readonly status: OrderStatus | null;
  readonly totalQuantity: number;
  /** The attempts that were uncertain when the decision was stored, and those of them that still are. */
  readonly attempts: readonly UncertainAttempt[];
  readonly open: readonly UncertainAttempt[];
  readonly tries: number;
}

export interface UncertainAttempt {
  readonly batch: number;
  readonly attempt: number;
}

/** The next orders to ask now, at most `limit`. `waitSeconds`: until the next order may be asked; null when no order is left. */
export async function nextOrders(
  sql: Sql,
  id: number,
  limit: number,
): Promise<{ readonly orders: BulkOrder[]; readonly waitSeconds: number | null }> {
  const orders = await sql<BulkOrder[]>`
    select w.order_id::float8 as order, w.attention as "wasFor", o.attention, o.status, o.total_quantity::float8 as "totalQuantity", w.tries, w.attempts,
           (select coalesce(jsonb_agg(n order by (n->>'batch')::integer), '[]') from jsonb_array_elements(w.attempts) n
             where n in (select jsonb_array_elements(uncertain_attempts(w.order_id, null)))) as open
      from bulk_resolution_orders w left join orders o on o.id = w.order_id
      where w.bulk_id = ${id} and w.status = 'waiting' and w.next_at <= clock_timestamp()
      order by w.next_at, w.order_id limit ${limit}`;
  const [left] = await sql<{ seconds: number | null }[]>`
    select extract(epoch from min(next_at) - clock_timestamp())::float8 as seconds from bulk_resolution_orders
      where bulk_id = ${id} and status = 'waiting'`;
  return { orders, waitSeconds: left?.seconds ?? null };
}

/** Stores the result of an order, once. */
export async function endOrder(
  sql: Sql,
  id: number,
  order: number,
  status: Exclude<BulkResult['status'], 'waiting'>,
  message: string,
): Promise<void> {
  await sql`
    update bulk_resolution_orders set status = ${status}, message = ${message}, ended_at = clock_timestamp()
      where bulk_id = ${id} and order_id = ${order} and status = 'waiting'`;
}

/** Stores that the order's workflow did not answer and is asked again after `seconds`. */
export async function askLater(sql: Sql, id: number, order: number, seconds: number): Promise<void> {
  await sql`
    update bulk_resolution_orders set tries = tries + 1, next_at = clock_timestamp() + make_interval(secs => ${seconds})
      where bulk_id = ${id} and order_id = ${order} and status = 'waiting'`;
}

/** Cancels the decision for the orders that were never asked; returns how many. */
export async function cancelBulkResolution(sql: Sql, id: number): Promise<number> {
  const { count } = await sql`
    update bulk_resolution_orders set status = 'canceled', message = 'the decision was stopped before this order', ended_at = clock_timestamp()
      where bulk_id = ${id} and status = 'waiting' and tries = 0`;
  return count;
}

export async function endBulkResolution(sql: Sql, id: number): Promise<void> {
  await sql`update bulk_resolutions set ended_at = clock_timestamp() where id = ${id} and ended_at is null`;
}

/** Decisions that have not ended. */
export async function openBulkResolutions(sql: Sql, after = 0): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id::float8 as id from bulk_resolutions where ended_at is null and id > ${after} order by id limit 1000`;
  return rows.map(({ id }) => id);
}
