import type { Sql } from '../client.ts';
import { decideClaim } from '../placement/decide-claim.ts';
import { openClaims } from './lost-orders.ts';

/** A batch that may have been sent after the copy was made, and the provider that it would have been sent to. */
export interface DoubtedSend {
  readonly orderId: number;
  readonly batch: number;
  readonly providerId: number;
}

/** What a copy of the database knows, and what stays open. Times are null when there was nothing yet. */
export interface RestoredCopy {
  /** The newest movement of money that the copy has. */
  readonly lastTransferAt: Date | null;
  readonly openOrders: number;
  /** Refills that were asked for and have not ended: a provider may have been asked after the copy. */
  readonly openRefills: readonly { readonly orderId: number; readonly number: number }[];
  /** Connected workers: they would send while this is decided. */
  readonly workers: number;
}

/** Reads what a restored copy knows. */
export async function readCopy(sql: Sql): Promise<RestoredCopy> {
  const [row] = await sql<Omit<RestoredCopy, 'openRefills'>[]>`
    select (select max(at) from transfers) as "lastTransferAt",
           (select count(*)::integer from orders where settled_at is null) as "openOrders",
           (select count(*)::integer from pg_stat_activity
             where datname = current_database() and application_name like 'holdfast-worker%') as workers`;
  const openRefills = await sql<{ orderId: number; number: number }[]>`
    select order_id::float8 as "orderId", number from refills where stage <> 'ended' order by order_id`;
  if (row === undefined) throw new Error('the database answered nothing');
  return { ...row, openRefills };
}

/** Requests that are decided at once. */
const PAGE = 500;

/**
 * Makes every send that may have happened up to `until`, and that the copy does not know, an attempt whose outcome is unknown. Requests
 * that nothing has decided are decided first, because they may have become orders. Safe to call again. The workers must be stopped.
 */
export async function doubtSends(sql: Sql, until: Date): Promise<DoubtedSend[]> {
  for (;;) {
    const claims = await openClaims(sql, 0, PAGE);
    for (const id of claims) await decideClaim(sql, id);
    if (claims.length < PAGE) break;
  }
  return sql<DoubtedSend[]>`
    select order_id::float8 as "orderId", batch, provider_id as "providerId" from doubt_sends(${until})`;
}

/**
 * Leaves out so many order ids: customers and providers know those that were given out after the copy was made, and an id must never
 * stand for two orders. Returns the next id.
 */
export async function skipOrderIds(sql: Sql, count: number): Promise<number> {
  const [row] = await sql<{ next: number }[]>`
    select setval('order_ids', nextval('order_ids') + ${count})::float8 as next`;
  return row?.next ?? 0;
}
