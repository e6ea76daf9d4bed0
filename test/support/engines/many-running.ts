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
  const changed = (id: 'order_id' | 'id', more = sql`'{}'`) =>
    sql`jsonb_build_object(${id}::text, copies.id) || ${more}`;
  await sql`
    insert into claims overriding system value
      select (jsonb_populate_record(c, ${changed('order_id', sql`'{"idempotency_key": null}'`)})).*
        from claims c, ${copies} where c.order_id = ${orderId}`;
  await sql`
    insert into orders select (jsonb_populate_record(o, ${changed('id', sql`'{"reference": null}'`)})).*
      from orders o, ${copies} where o.id = ${orderId}`;
  await sql`
    insert into batches
      select (jsonb_populate_record(b, ${changed('order_id', sql`jsonb_build_object('provider_order', copies.id::text)`)})).*
        from batches b, ${copies} where b.order_id = ${orderId} and b.batch = 1`;
  await sql`analyze orders, batches`;
  return first;
}
