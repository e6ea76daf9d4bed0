import type { Sql } from '../../../db/client.ts';

/** Holds corrections, as after a provider that took back too much at once: it says that it delivered only so many of each order. */
export async function holdCorrections(sql: Sql, orders: readonly number[], delivered: number): Promise<void> {
  await sql`
    select hold_correction(b, 'Partial', o.total_quantity - ${delivered}, null, ${delivered}, null, null,
        o.charge - charge_for(o.unit_price, ${delivered}), clock_timestamp())
      from orders o join batches b on b.order_id = o.id and b.batch = 1 where o.id = any(${orders.map(String)}::bigint[])`;
}
