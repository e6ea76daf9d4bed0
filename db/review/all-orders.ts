import { LIMITS } from '../../domain/limits.ts';
import { type Attention, isFinal, type OrderStatus } from '../../domain/order/status.ts';
import type { Sql } from '../client.ts';
import { allOf, type Fragment, type List, type ListPage, readListPage } from '../list-page.ts';
import { isArchived } from '../order/order-list.ts';
import { type OrderRow, orderColumns } from '../order/orders.ts';

/** An order of any account, as staff read it. */
export interface StaffOrderRow extends OrderRow {
  readonly account: number;
  readonly accountName: string;
  readonly serviceName: string;
  /** The seconds within which 95 of 100 orders of the service are Completed; null for a drip-feed, or when it is not known. */
  readonly expectedSeconds: number | null;
}

/** `newest`: by the time of placing, the newest first. `age`: orders In progress, the one that began first comes first. */
export const ORDER_SORTS = ['newest', 'age'] as const;

export interface AllOrdersFilter {
  readonly sort: (typeof ORDER_SORTS)[number];
  readonly account?: number | undefined;
  readonly service?: number | undefined;
  /** A provider that has, or had, a batch of the order. */
  readonly provider?: number | undefined;
  /** Those of one order of a provider: the only candidates when it is given. */
  readonly ids?: readonly number[] | undefined;
  /** The link as it was given. */
  readonly link?: string | undefined;
  readonly status?: OrderStatus | undefined;
  readonly attention?: Attention | undefined;
  readonly archived?: boolean | undefined;
  /** Created at this time or later, and before this time. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** The id of the last order of the page before. */
  readonly after?: number | undefined;
}

/** Ids of the orders that have this order of a provider, late orders included; a provider's id is asked of each provider. */
export async function ordersAtProvider(
  sql: Sql,
  providerOrder: string,
  provider: number | undefined,
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select distinct f.order_id::float8 as id
      from providers p cross join lateral (
        select order_id from batches where provider_id = p.id and provider_order = ${providerOrder}
        union all select order_id from late_orders where provider_id = p.id and provider_order = ${providerOrder}) f
      ${provider === undefined ? sql`` : sql`where p.id = ${provider}`}`;
  return rows.map(({ id }) => id);
}

const staffColumns = (sql: Sql) => sql`
  ${orderColumns(sql)}, o.account_id as account,
  (select name from accounts where id = o.account_id) as "accountName",
  (select name from services where id = o.service_id) as "serviceName",
  case when o.runs = 1 then (select (f.figures->>'p95')::float8 from service_stats f where f.service_id = o.service_id)
    end as "expectedSeconds"`;

/** An order of any account; undefined when there is none. */
export async function readStaffOrder(sql: Sql, orderId: number): Promise<StaffOrderRow | undefined> {
  const [row] = await sql<StaffOrderRow[]>`select ${staffColumns(sql)} from orders o where o.id = ${orderId}`;
  return row;
}

/** A page of the orders of all accounts. One index serves the filter that leaves the fewest orders; the others are judged row by row. */
export async function listAllOrders(
  sql: Sql,
  filter: AllOrdersFilter,
  limit: number,
): Promise<ListPage<StaffOrderRow>> {
  const { provider, ids, sort } = filter;
  if (provider !== undefined && ids === undefined && sort === 'newest') return ordersOfProvider(sql, filter, limit);
  return readListPage(sql, listOf(sql, filter), limit);
}

type Column = 'attention' | 'status' | 'service';

/** What the index of the list serves beside the time: a list of its own, the account, or one column, perhaps of the account. */
interface Served {
  readonly list: 'ids' | 'age' | 'link' | 'account' | 'all' | 'provider';
  readonly column?: Column | undefined;
}

function servedBy(filter: AllOrdersFilter): Served {
  const { sort, ids, link, account } = filter;
  if (ids !== undefined) return { list: 'ids' };
  if (sort === 'age') return { list: 'age' };
  if (link !== undefined) return { list: 'link' };
  return { list: account === undefined ? 'all' : 'account', column: columnFor(filter) };
}

/** The column that leaves the fewest orders to read. Few orders are open, and many have ended. */
function columnFor({ attention, status, service }: AllOrdersFilter): Column | undefined {
  if (attention !== undefined && attention !== 'none') return 'attention';
  if (status !== undefined && (service === undefined || !isFinal(status))) return 'status';
  return service === undefined ? undefined : 'service';
}

const columnOf = (sql: Sql, name: Column): Fragment =>
  ({ attention: sql`o.attention`, status: sql`o.status`, service: sql`o.service_id` })[name];

/** Of orders In progress, as their index says it. */
const isInProgress = (sql: Sql): Fragment => sql`o.started_at is not null and o.settled_at is null`;

function listOf(sql: Sql, filter: AllOrdersFilter): List {
  const served = servedBy(filter);
  const { list, column } = served;
  const { ids = [], link = '', account = 0, from, to, after } = filter;
  const of = list === 'account' ? sql`o.account_id = ${account}` : sql`true`;
  const value = column && filter[column];
  const common = {
    table: 'orders',
    alias: 'o',
    columns: staffColumns(sql),
    rest: restOf(sql, filter, served),
    position: sql`o.id`,
    direction: 'desc',
    after,
  } as const;
  const byTime = {
    time: sql`o.created_at`,
    from: from && sql`${from}::timestamptz`,
    to: to && sql`${to}::timestamptz`,
  };
  const by = column && value ? { column: columnOf(sql, column), value } : undefined;
  if (list === 'ids') return { ...common, of: sql`o.id = any(${ids.map(String)}::bigint[])` };
  if (list === 'age') {
    return {
      ...common,
      of: isInProgress(sql),
      ofCursor: sql`true`,
      time: sql`o.started_at`,
      direction: 'asc',
    };
  }
  if (list === 'link')
    return { ...common, ...byTime, of, by: { column: sql`link_hash(o.link)`, value: sql`link_hash(${link})` } };
  if (column !== 'attention') return { ...common, ...byTime, of, by };
  // The index of all accounts has no time: orders that wait are few.
  const waiting = { ...common, of: sql`${of} and o.attention <> 'none'`, ofCursor: of, by };
  return list === 'account' ? { ...waiting, ...byTime } : waiting;
}

/** The conditions that the index of the list does not serve. */
function restOf(sql: Sql, filter: AllOrdersFilter, { list, column }: Served): Fragment | undefined {
  const { sort, account, service, provider, link, status, attention, archived, from, to } = filter;
  const isTimed = list === 'link' || list === 'account' || (list === 'all' && column !== 'attention');
  return allOf(sql, [
    sort !== 'age' || list === 'age' ? undefined : isInProgress(sql),
    account === undefined || list === 'account' ? undefined : sql`o.account_id = ${account}`,
    service === undefined || column === 'service' ? undefined : sql`o.service_id = ${service}`,
    status === undefined || column === 'status' ? undefined : sql`o.status = ${status}`,
    attention === undefined || column === 'attention' ? undefined : sql`o.attention = ${attention}`,
    provider === undefined || list === 'provider'
      ? undefined
      : sql`exists (select from batches where order_id = o.id and provider_id = ${provider})`,
    // Beside the index on its hash, because two links may have one hash.
    link === undefined ? undefined : sql`o.link = ${link}`,
    archived === undefined ? undefined : archived ? isArchived(sql, 'o') : sql`not ${isArchived(sql, 'o')}`,
    from === undefined || isTimed ? undefined : sql`o.created_at >= ${from}`,
    to === undefined || isTimed ? undefined : sql`o.created_at < ${to}`,
  ]);
}

/**
 * A page of the orders of a provider, by id. An order may have thousands of batches there, so each step of the recursion looks in
 * the index for the next order, and none reads the batches of one order after the other.
 */
async function ordersOfProvider(sql: Sql, filter: AllOrdersFilter, limit: number): Promise<ListPage<StaffOrderRow>> {
  const { provider = 0, after } = filter;
  const rest = restOf(sql, filter, { list: 'provider' });
  const most = rest === undefined ? limit : LIMITS.rowsRead;
  const before = after ?? Number.MAX_SAFE_INTEGER;
  const next = (than: Fragment) => sql`
    select order_id from batches where provider_id = ${provider} and order_id < ${than} order by order_id desc limit 1`;
  const rows = await sql<(StaffOrderRow & { isFound: boolean; stoppedAt: number | null })[]>`
    with recursive theirs (id, n) as (
      (select order_id, 1 from (${next(sql`${before}::bigint`)}) first)
      union all select (${next(sql`t.id`)}), n + 1 from theirs t where t.id is not null and n < ${most}
    ), found as materialized (
      select o.* from theirs t join orders o on o.id = t.id where ${rest ?? sql`true`} order by o.id desc limit ${limit}
    ), stopped as (
      select case when (select count(*) from found) < ${limit}
        then (select id from theirs where n = ${most} and id is not null) end::float8 as "stoppedAt"
    )
    select ${staffColumns(sql)}, "stoppedAt", o.id is not null as "isFound"
      from stopped left join found as o on true order by o.id desc`;
  return {
    rows: rows.flatMap(({ isFound, stoppedAt: _, ...row }) => (isFound ? [row as unknown as StaffOrderRow] : [])),
    stoppedAt: rows[0]?.stoppedAt ?? null,
  };
}
