import type { Sql } from '../../../db/client.ts';
import type { Shop } from './shop.ts';

export interface ArchiveOptions {
  /** How many orders; default 1. */
  readonly orders?: number;
  /** Batches of each order; default 1. */
  readonly batches?: number;
  /** Points of each batch's delivery curve; default 200. */
  readonly points?: number;
  /** Days since the request, and since the settlement; default 10 and 4: the order is archived. */
  readonly placedDaysAgo?: number;
  readonly settledDaysAgo?: number;
}

/**
 * Orders that were placed, sent, delivered in full and settled by the functions of the product, then moved into the past. Their keys
 * are `sale-1`, `sale-2` and so on. Returns their ids.
 */
export async function archivedOrders(sql: Sql, shop: Shop, options: ArchiveOptions = {}): Promise<number[]> {
  const ids: number[] = [];
  const { orders = 1 } = options;
  while (ids.length < orders)
    ids.push(...(await archiveSome(sql, shop, { ...options, orders: Math.min(orders - ids.length, AT_ONCE) })));
  return ids;
}

/** In one transaction, each update of the wallet reads all versions of it that the transaction has made. */
const AT_ONCE = 200;

async function archiveSome(sql: Sql, shop: Shop, options: ArchiveOptions): Promise<number[]> {
  const { orders = 1, batches = 1, points = 200, placedDaysAgo = 10, settledDaysAgo = 4 } = options;
  const quantity = 1000;
  const [{ taken } = { taken: 0 }] = await sql<{ taken: number }[]>`
    select count(*)::integer as taken from claims where account_id = ${shop.account}`;
  const rows = await sql<{ id: number }[]>`
    insert into claims (account_id, idempotency_key, fingerprint, request)
      select ${shop.account}, 'sale-' || n, sha256(convert_to(n::text, 'UTF8')), jsonb_build_object('service', ${shop.service}::integer,
          'link', 'https://example.com/p/' || n, 'quantity', ${quantity}::integer, 'reference', 'sale ' || n)
        from generate_series(${taken + 1}::integer, ${taken + orders}::integer) n
      returning order_id::float8 as id`;
  const ids = rows.map(({ id }) => id);
  const all = sql`any (${ids.map(String)}::bigint[])`;
  await sql`
    select accept_order(order_id, request->>'link', request->>'link', ${quantity}, ${batches}, ${batches > 1 ? 60 : null}, '{}',
        ${shop.service}, 90000, null, request->>'reference')
      from claims where order_id = ${all}`;
  await sql`
    insert into batches (order_id, batch, quantity, state, provider_id, provider_service, provider_order, cost_rate, accepted_at,
        provider_status, delivered, remains, supported, terminal_at)
      select id, batch, ${quantity}, 'done', ${shop.providers[0] ?? 0}, '1', id || '-' || batch, 50000, clock_timestamp(), 'Completed',
          ${quantity}, 0, ${quantity}, clock_timestamp()
        from unnest(${ids.map(String)}::bigint[]) id cross join generate_series(1, ${batches}::integer) batch`;
  await sql`
    insert into attempts (order_id, batch, attempt, provider_id, provider_service, cost_rate, state, sends, provider_order, sending_at,
        decided_at)
      select order_id, batch, 1, provider_id, provider_service, cost_rate, 'accepted', 1, provider_order, accepted_at, accepted_at
        from batches where order_id = ${all}`;
  await sql`
    insert into delivery_samples (order_id, batch, at, delivered)
      select order_id, batch, now() - make_interval(days => ${settledDaysAgo}, hours => 1, mins => -n), ${quantity} * n / ${points}::integer
        from batches cross join generate_series(1, ${points}::integer) n where order_id = ${all}`;
  await sql`
    select add_event(id, 'order.processing', 'system', now()), add_event(id, 'order.in_progress', 'provider', now())
      from orders where id = ${all}`;
  await sql`
    select settle_order(id, 'Completed', total_quantity, null, 'provider', now() - make_interval(days => ${settledDaysAgo}),
        '[]', (select jsonb_agg(jsonb_build_object('batch', batch, 'cost', 50000000, 'raw', '0.50')) from batches where order_id = id),
        false)
      from orders where id = ${all}`;
  // As the watch leaves it when it has asked for the last time.
  await sql`update batches set next_look_at = null where order_id = ${all}`;
  await sql`update claims set created_at = now() - make_interval(days => ${placedDaysAgo}) where order_id = ${all}`;
  return ids;
}
