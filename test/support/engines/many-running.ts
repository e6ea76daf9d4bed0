import type { Sql } from '../../../db/client.ts';

/** Ids of copied orders begin here, far above those of orders that are placed. */
const FIRST = 10_000_000;

let copied = 0;

/**
 * Copies an order that runs, its claim and its first batch, `times` times by SQL: rows for the watch, without money or workflows.
 * The provider's id of each copy is the copy's own id. Returns the first id; the others follow.
 */
export async function copyRunning(sql: Sql, orderId: number, times: number): Promise<number> {
  const first = FIRST + copied;
  copied += times;
  const copies = sql`generate_series(${first}::bigint, ${first + times - 1}::bigint) as copies(id)`;
  await sql`
    insert into claims overriding system value select copy.* from ${copies} cross join claims c cross join lateral
      jsonb_populate_record(c, jsonb_build_object('order_id', copies.id, 'idempotency_key', null)) copy where c.order_id = ${orderId}`;
  await sql`
    insert into orders select copy.* from ${copies} cross join orders o cross join lateral
      jsonb_populate_record(o, jsonb_build_object('id', copies.id, 'reference', null)) copy where o.id = ${orderId}`;
  await sql`
    insert into batches select copy.* from ${copies} cross join batches b cross join lateral
      jsonb_populate_record(b, jsonb_build_object('order_id', copies.id, 'provider_order', copies.id::text)) copy
      where b.order_id = ${orderId} and b.batch = 1`;
  await sql`analyze orders, batches`;
  return first;
}
