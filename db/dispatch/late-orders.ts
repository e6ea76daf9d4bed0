import type { Money } from '../../domain/ledger/money.ts';
import type { Bought } from '../../domain/ledger/provider-cost.ts';
import type { Sql, Tx } from '../client.ts';
import type { AttemptKey } from './attempts.ts';

/** A provider's order that turned up after its attempt was declared not placed or given up. Money in units of 1e-8. */
export interface LateOrder {
  readonly id: number;
  readonly order: number;
  readonly batch: number;
  readonly attempt: number;
  readonly provider: number;
  readonly providerName: string;
  readonly providerOrder: string;
  readonly foundBy: string;
  readonly at: Date;
  readonly providerStatus: string | null;
  /** What it cost us; null until the loss is booked. */
  readonly loss: Money | null;
  readonly bookedAt: Date | null;
}

const columns = (sql: Sql | Tx) => sql`
  id::float8 as id, order_id::float8 as "order", batch, attempt, provider_id as provider,
  (select name from providers where id = late_orders.provider_id) as "providerName", provider_order as "providerOrder",
  found_by as "foundBy", at, provider_status as "providerStatus", loss, booked_at as "bookedAt"`;

/**
 * Stores that this attempt placed an order of the provider; a repeat finds the same row.
 * @returns undefined when the attempt does not exist, or is not decided: the order can then be attached to it.
 * @throws PostgresError 23505 when the provider's order belongs to another batch or another late order.
 */
export async function addLateOrder(
  sql: Sql | Tx,
  { orderId, batch, attempt }: AttemptKey,
  providerOrder: string,
  by: string,
): Promise<LateOrder | undefined> {
  const [added] = await sql<{ id: bigint | null }[]>`
    select add_late_order(${orderId}, ${batch}, ${attempt}, ${providerOrder}, ${by}, clock_timestamp()) as id`;
  if (added?.id == null) return undefined;
  const [row] = await sql<LateOrder[]>`select ${columns(sql)} from late_orders where id = ${added.id}`;
  return row;
}

/** Late orders, newest first; of one order, or of all. */
export async function listLateOrders(
  sql: Sql,
  { order, before }: { readonly order?: number | undefined; readonly before?: number | undefined },
  limit: number,
): Promise<LateOrder[]> {
  return sql<LateOrder[]>`
    select ${columns(sql)} from late_orders
      where true ${order === undefined ? sql`` : sql`and order_id = ${order}`} ${before === undefined ? sql`` : sql`and id < ${before}`}
      order by late_orders.id desc limit ${limit}`;
}

/** A late order that is due to be asked about. */
export interface DueLateOrder extends Bought {
  readonly id: number;
  readonly orderId: number;
  readonly providerOrder: string;
  readonly quantity: number;
  readonly stopAsked: boolean;
  /** Hours since it turned up. */
  readonly ageHours: number;
}

export async function dueLateOrders(sql: Sql, provider: number, most: number): Promise<DueLateOrder[]> {
  return sql<DueLateOrder[]>`
    select l.id::float8 as id, l.order_id::float8 as "orderId", l.provider_order as "providerOrder", b.quantity::float8 as quantity,
           l.stop_asked as "stopAsked", (extract(epoch from clock_timestamp() - l.at) / 3600)::float8 as "ageHours",
           a.cost_rate as rate, o.type, case when o.type = 'Subscriptions' then o.fields->>'max' end as most
      from late_orders l join attempts a using (order_id, batch, attempt) join batches b using (order_id, batch)
      join orders o on o.id = l.order_id
      where l.provider_id = ${provider} and l.next_look_at <= clock_timestamp() order by l.next_look_at limit ${most}`;
}

/** Stores that the provider was asked about a late order that has not ended, and sets the time of the next call. */
export async function lateOrderLooked(sql: Sql, id: number, stopAsked: boolean, seconds: number): Promise<void> {
  await sql`
    update late_orders set stop_asked = ${stopAsked}, next_look_at = clock_timestamp() + make_interval(secs => ${seconds})
      where id = ${id} and loss is null`;
}

/** Books the cost of a late order as a loss, once; false when it was booked before. */
export async function bookLoss(
  sql: Sql,
  id: number,
  said: { readonly status: string; readonly charge: string | null; readonly cost: Money },
): Promise<boolean> {
  const [row] = await sql<{ booked: boolean }[]>`
    select book_loss(${id}, ${said.status}, ${said.charge}, ${said.cost}) as booked`;
  return row?.booked === true;
}
