import { LIMITS } from '../../domain/limits.ts';
import { type Attention, isFinal, type OrderStatus } from '../../domain/order/status.ts';
import type { Sql } from '../client.ts';
import { allOf, type Fragment, type List, type ListPage, readListPage } from '../list-page.ts';
import { type ActionableOrder, actionableColumns } from './orders.ts';

export interface OrderFilter {
  /** Any of these; none: every status. */
  readonly status: readonly OrderStatus[];
  /** Any of these; none: whatever it is. */
  readonly attention?: readonly Attention[];
  readonly service?: number | undefined;
  readonly reference?: string | undefined;
  /** Exactly this target. */
  readonly link?: string | undefined;
  /** Whether the order has more than one run. */
  readonly dripFeed?: boolean | undefined;
  /** Whether the order is final: ended, with no refill or correction to follow. */
  readonly archived?: boolean | undefined;
  /** Only these orders, LIMITS.idsInList at most. */
  readonly ids?: readonly number[] | undefined;
  /** Created at this time or later. */
  readonly from?: Date | undefined;
  /** Created before this time. */
  readonly to?: Date | undefined;
  readonly sort: '-createdAt' | 'createdAt';
  /** Only orders behind this one, in the order of the list. */
  readonly after?: number | undefined;
}

/** Whether an order is archived: nothing that a provider or a customer says can change it any more. `order`: the table's alias. */
export const isArchived = (sql: Sql, order: string) => sql`
  (${sql(order)}.settled_at < now() - make_interval(hours => ${LIMITS.correctionHours})
    and coalesce(${sql(order)}.refill_until, ${sql(order)}.settled_at) < now()
    and not exists (select from refills where order_id = ${sql(order)}.id and stage <> 'ended')) is true`;

type Served = 'reference' | 'link' | 'attention' | 'status' | 'dripFeed' | 'service';

/** The filter that an index serves beside the account and the time: the one that leaves the fewest orders to read. */
function servedFilter({ reference, link, attention = [], status, dripFeed, service }: OrderFilter): Served | undefined {
  if (reference !== undefined) return 'reference';
  if (link !== undefined) return 'link';
  if (attention.length > 0 && !attention.includes('none')) return 'attention';
  // Few orders are open, and many have ended.
  if (status.length > 0 && !status.some(isFinal)) return 'status';
  if (dripFeed === true) return 'dripFeed';
  if (service !== undefined) return 'service';
  return status.length > 0 ? 'status' : undefined;
}

/** The conditions of the filters that are given, by the filter's name; several conditions: any of them. */
function conditionsOf(sql: Sql, filter: OrderFilter): Partial<Record<Served | 'archived', readonly Fragment[]>> {
  const { reference, link, attention = [], status, dripFeed, service, archived } = filter;
  return {
    ...(reference === undefined ? {} : { reference: [sql`o.reference = ${reference}`] }),
    ...(link === undefined ? {} : { link: [sql`link_hash(o.link) = link_hash(${link}) and o.link = ${link}`] }),
    ...(attention.length === 0 ? {} : { attention: attention.map((one) => sql`o.attention = ${one}`) }),
    ...(status.length === 0 ? {} : { status: status.map((one) => sql`o.status = ${one}`) }),
    ...(dripFeed === undefined ? {} : { dripFeed: [dripFeed ? sql`o.runs > 1` : sql`o.runs = 1`] }),
    ...(service === undefined ? {} : { service: [sql`o.service_id = ${service}`] }),
    ...(archived === undefined
      ? {}
      : { archived: [archived ? isArchived(sql, 'o') : sql`not ${isArchived(sql, 'o')}`] }),
  };
}

/** A page of an account's orders. */
export async function listOrders(
  sql: Sql,
  accountId: number,
  filter: OrderFilter,
  limit: number,
): Promise<ListPage<ActionableOrder>> {
  const { ids, from, to, sort, after } = filter;
  const served = ids === undefined ? servedFilter(filter) : undefined;
  const conditions = conditionsOf(sql, filter);
  const { [served ?? '']: by, ...rest } = conditions as Record<string, readonly Fragment[]>;
  const ofAccount = sql`o.account_id = ${accountId}`;
  const list: List = {
    table: 'orders',
    alias: 'o',
    columns: actionableColumns(sql),
    of: allOf(sql, [
      ofAccount,
      // The condition of the index.
      served === 'attention' ? sql`o.attention <> 'none'` : undefined,
    ]) as Fragment,
    ofCursor: ofAccount,
    few: ids && sql`o.id = any(${ids.map(String)}::bigint[])`,
    by: by && { anyOf: by },
    rest: allOf(
      sql,
      Object.values(rest).map((conditions) => anyOf(sql, conditions)),
    ),
    time: sql`o.created_at`,
    from: from && sql`${from}::timestamptz`,
    // An archived order was placed before it was settled.
    to: to && sql`${to}::timestamptz`,
    position: sql`o.id`,
    direction: sort === 'createdAt' ? 'asc' : 'desc',
    after,
  };
  return readListPage(sql, list, limit);
}

const anyOf = (sql: Sql, conditions: readonly Fragment[]): Fragment =>
  conditions.slice(1).reduce((all, one) => sql`(${all} or ${one})`, conditions[0] as Fragment);
