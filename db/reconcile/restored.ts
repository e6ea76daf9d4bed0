import type { Sql } from '../client.ts';
import { decideClaim } from '../placement/decide-claim.ts';
import { openClaims } from './lost-orders.ts';

/** A batch that may have been sent after the copy was made, and the provider that it would have been sent to. */
export interface DoubtedSend {
  readonly orderId: number;
  readonly batch: number;
  readonly providerId: number;
}

/** A refill of an order, by its number there. */
interface RefillOfOrder {
  readonly orderId: number;
  readonly number: number;
}

/** What a copy of the database knows, and what stays open. Times are null when there was nothing yet. */
export interface RestoredCopy {
  /** The newest movement of money that the copy has. */
  readonly lastTransferAt: Date | null;
  readonly openOrders: number;
  /** Lines of lists that have not been placed: they may have become orders after the copy. */
  readonly waitingLines: number;
  /** Refills that were asked for and have not ended: a provider may have been asked after the copy. */
  readonly openRefills: readonly RefillOfOrder[];
  /** Connected workers: they would send while this is decided. */
  readonly workers: number;
}

/** Reads what a restored copy knows. */
export async function readCopy(sql: Sql): Promise<RestoredCopy> {
  const [row] = await sql<Omit<RestoredCopy, 'openRefills'>[]>`
    select (select max(at) from transfers) as "lastTransferAt",
           (select count(*)::integer from orders where settled_at is null) as "openOrders",
           (select count(*)::integer from mass_placements m join mass_lines l on l.mass_id = m.id
             where m.ended_at is null and l.status = 'waiting') as "waitingLines",
           (select count(*)::integer from pg_stat_activity
             where datname = current_database() and application_name like 'holdfast-worker%') as workers`;
  const openRefills = await sql<RefillOfOrder[]>`
    select order_id::float8 as "orderId", number from refills where stage <> 'ended' order by order_id`;
  if (row === undefined) throw new Error('the database answered nothing');
  return { ...row, openRefills };
}

/** What waits for a person after a restore, because a repeat could do it twice. */
export interface Doubts {
  readonly sends: readonly DoubtedSend[];
  /** Refills whose missing items may have been sent again. */
  readonly refills: readonly RefillOfOrder[];
  /** Orders of which no missing part is sent again by itself any more: it is given back. */
  readonly noResends: readonly number[];
  /** Decisions of staff about many orders that were not finished, and are ended now. */
  readonly decisions: readonly number[];
}

/** Requests that are decided at once. */
const PAGE = 500;

/**
 * Makes every send that may have happened up to `until`, and that the copy does not know, an attempt whose outcome is unknown. Requests
 * that nothing has decided, and waiting lines of lists, are decided first, because they may have become orders. Whatever else would send
 * by itself waits for a person. Safe to call again. The workers must be stopped, and the ids that may be in use left out before.
 */
export async function doubtCopy(sql: Sql, until: Date): Promise<Doubts> {
  await sql`select reopen_requests()`;
  for (;;) {
    const claims = await openClaims(sql, 0, PAGE);
    for (const id of claims) await decideClaim(sql, id);
    if (claims.length < PAGE) break;
  }
  const sends = await sql<DoubtedSend[]>`
    select order_id::float8 as "orderId", batch, provider_id as "providerId" from doubt_sends(${until})`;
  const refills = await sql<RefillOfOrder[]>`select order_id::float8 as "orderId", number from doubt_refills()`;
  const noResends = await sql<{ id: number }[]>`select id::float8 as id from end_resends() id order by id`;
  const decisions = await sql<{ id: number }[]>`select id::float8 as id from end_decisions() id order by id`;
  return { sends, refills, noResends: noResends.map(({ id }) => id), decisions: decisions.map(({ id }) => id) };
}

/**
 * Leaves out so many ids of orders, refills, lists and decisions, and twenty times as many of events: customers, their programs and
 * providers know those that were given out after the copy was made, and an id must never stand for two things. Returns the next
 * order's id.
 */
export async function skipIds(sql: Sql, count: number): Promise<number> {
  const [row] = await sql<{ next: number }[]>`select skip_ids(${count})::float8 as next`;
  return row?.next ?? 0;
}
