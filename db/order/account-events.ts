import type { EventMark } from '../../domain/order/event-horizon.ts';
import type { Sql } from '../client.ts';
import { allOf, type Fragment, type List, readListPage } from '../list-page.ts';
import type { EventRow } from './orders.ts';

/** An event of any order of an account. */
export interface AccountEventRow extends EventRow {
  readonly order: number;
}

export interface AccountEvents {
  readonly accountId: number;
  readonly direction: 'asc' | 'desc';
  /** Only events after this one, and up to that one, by id. */
  readonly after?: number | undefined;
  readonly upTo?: number | undefined;
  /** Only events behind this one, in the order of the list. */
  readonly cursor?: number | undefined;
}

/** Events of all orders of an account. Attempts at providers are left out, as in orderEvents. */
export async function accountEvents(
  sql: Sql,
  { accountId, direction, after, upTo, cursor }: AccountEvents,
  limit: number,
): Promise<readonly AccountEventRow[]> {
  const list: List = {
    table: 'events',
    alias: 'e',
    columns: sql`e.id::float8 as id, e.order_id::float8 as "order", e.type, e.actor, e.version, e.data, e.at`,
    of: allOf(sql, [
      sql`e.account_id = ${accountId} and e.type not like 'attempt.%'`,
      after === undefined ? undefined : sql`e.id > ${after}::bigint`,
      upTo === undefined ? undefined : sql`e.id <= ${upTo}::bigint`,
    ]) as Fragment,
    position: sql`e.id`,
    direction,
    after: cursor,
  };
  return (await readListPage<AccountEventRow>(sql, list, limit)).rows;
}

/** Up to which id events can be seen, and which transactions may still add some below it; see createEventHorizon. */
export async function eventMark(sql: Sql): Promise<EventMark> {
  const [row] = await sql<EventMark[]>`
    select coalesce((select max(id) from events), 0)::float8 as newest, pg_snapshot_xmin(now.snapshot)::text::bigint as oldest,
           pg_snapshot_xmax(now.snapshot)::text::bigint as next
      from pg_current_snapshot() as now(snapshot)`;
  return row as EventMark;
}

/** Those of the accounts that have an event with an id above `after` and up to `upTo`. */
export async function accountsWithEvents(
  sql: Sql,
  accounts: readonly number[],
  after: number,
  upTo: number,
): Promise<number[]> {
  const rows = await sql<{ account: number }[]>`
    select a.account from unnest(${[...accounts]}::integer[]) as a(account)
      where exists (select from events e where e.account_id = a.account and e.type not like 'attempt.%'
        and e.id > ${after}::bigint and e.id <= ${upTo}::bigint)`;
  return rows.map(({ account }) => account);
}
