import type { Sql } from '../../../db/client.ts';
import type { Settlement } from '../../../db/ledger/ledger.ts';
import { finalStatus } from '../../../domain/order/status.ts';

/** The ledger's view of an order. Money in units of 1e-8. */
export interface OrderBooks {
  readonly status: string;
  readonly price: bigint;
  readonly charge: bigint;
  readonly refunded: bigint;
  readonly delivered: bigint;
  readonly totalQuantity: bigint;
  readonly version: number;
  /** Money left in the order's escrow. */
  readonly escrow: bigint;
}

export async function booksOf(sql: Sql, orderId: number): Promise<OrderBooks> {
  const [row] = await sql<OrderBooks[]>`
    select status, price, charge, refunded, delivered, total_quantity as "totalQuantity", version, escrow_of(id) as escrow
      from orders where id = ${orderId}`;
  if (row === undefined) throw new Error(`there is no order ${orderId}`);
  return row;
}

export async function balanceOf(sql: Sql, account: number): Promise<bigint> {
  const [row] = await sql<{ balance: bigint }[]>`select balance from wallets where account_id = ${account}`;
  return row?.balance ?? 0n;
}

/**
 * Settles an order's escrow, by default with the final status for that many delivered items: the money step alone, without what
 * follows from the end of an order. False when the order was settled in the same way before.
 */
export async function end(
  sql: Sql,
  orderId: number,
  delivered: number,
  differently: Partial<Settlement> = {},
): Promise<boolean> {
  const { totalQuantity } = await booksOf(sql, orderId);
  const as: Settlement = {
    orderId,
    status: finalStatus(delivered, Number(totalQuantity)),
    delivered,
    reason: null,
    actor: 'provider',
    at: new Date('2026-11-21T12:00:00Z'),
    ends: [],
    costs: [],
    decided: true,
    ...differently,
  };
  const [row] = await sql<{ settled: boolean }[]>`
    select settle_order(${as.orderId}, ${as.status}, ${as.delivered}, ${as.reason}, ${as.actor}, ${as.at},
      ${sql.json(as.ends.map((end) => ({ ...end })))}, ${sql.json(as.costs.map((cost) => ({ ...cost })))}, ${as.decided}) as settled`;
  return row?.settled === true;
}

/** Corrects a settled order to this many delivered items. False when it was not charged for more. */
export async function correct(sql: Sql, orderId: number, delivered: number): Promise<boolean> {
  const [row] = await sql<{ corrected: boolean }[]>`
    select correct_order(${orderId}, ${delivered}, clock_timestamp()) as corrected`;
  return row?.corrected === true;
}

/** All rows that money functions write, so that a test can see that nothing changed. */
export async function everything(sql: Sql): Promise<unknown> {
  const [row] = await sql<{ rows: unknown }[]>`
    select jsonb_build_object(
      'orders', (select jsonb_agg(to_jsonb(o) order by id) from orders o),
      'batches', (select jsonb_agg(to_jsonb(b) order by order_id, batch) from batches b),
      'claims', (select jsonb_agg(to_jsonb(c) order by order_id) from claims c),
      'events', (select jsonb_agg(to_jsonb(e) order by id) from events e),
      'wallets', (select jsonb_agg(to_jsonb(w) order by account_id) from wallets w),
      'steps', (select jsonb_agg(to_jsonb(s) order by key) from money_steps s),
      'transfers', (select jsonb_agg(to_jsonb(t) order by id) from transfers t)) as rows`;
  return row?.rows;
}

/** The SQLSTATE of a failed query; `none` when it succeeded. */
export async function refusedWith(work: PromiseLike<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}

/** Calls `work` this many times in parallel. */
export const atOnce = <T>(times: number, work: (number: number) => PromiseLike<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, number) => work(number)));
