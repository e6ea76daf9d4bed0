import type { PendingQuery, Row } from 'postgres';
import { LIMITS } from '../domain/limits.ts';
import type { Sql } from './client.ts';

/** A part of a query. */
export type Fragment = PendingQuery<Row[]>;

/** A page of a list. */
export interface ListPage<T> {
  readonly rows: readonly T[];
  /**
   * The position of the last row that was read, when reading stopped at LIMITS.rowsRead before the page was full: the list goes on
   * there. Null when the page is full, or the list at its end.
   */
  readonly stoppedAt: number | null;
}

/** A list, and the index that it is read by: on the columns of `of`, the column of `by`, the time, and the position. */
export interface List {
  readonly table: string;
  /** The name of a row in the fragments below. */
  readonly alias: string;
  readonly columns: Fragment;
  /** Left joins for the columns. */
  readonly joins?: Fragment;
  /** What holds for every row of the list, and for the index when it is a partial one. */
  readonly of: Fragment;
  /**
   * The filter that the index serves. `anyOf`: conditions that exclude each other; the index serves each of them, and their rows are
   * merged.
   */
  readonly by?:
    | { readonly column: Fragment; readonly value: string | number }
    | { readonly anyOf: readonly Fragment[] }
    | undefined;
  /** Chooses a few hundred rows at most. They are read first and then sorted, so the list needs no index. */
  readonly few?: Fragment | undefined;
  /** The filters that it does not serve; undefined when there are none. */
  readonly rest?: Fragment | undefined;
  /** The column with the time that the list is sorted by; without it the position alone sorts. */
  readonly time?: Fragment;
  /** From this time, and before that time. */
  readonly from?: Fragment | undefined;
  readonly to?: Fragment | undefined;
  /** The column with the whole number that a cursor names; rows of one time are sorted by it. */
  readonly position: Fragment;
  readonly direction: 'asc' | 'desc';
  /** The position of the cursor: the page begins behind it. */
  readonly after?: number | undefined;
}

/**
 * Reads a page of a list in the order of its index. No index serves every combination of filters: the rest is judged row by row,
 * for at most LIMITS.rowsRead rows a page, so that no filter makes a page read a whole table. What was found and where reading
 * stopped come from one statement: between two, a row could change its place and be lost.
 */
export async function readListPage<T extends object>(sql: Sql, list: List, limit: number): Promise<ListPage<T>> {
  const { columns, joins = sql``, rest, position } = list;
  const [table, alias] = [sql(list.table), sql(list.alias)];
  const order = orderOf(sql, list);
  if (list.few !== undefined) {
    // Without the offset PostgreSQL could read the index of the list, and throw away all rows but the few.
    const chosen = sql`select * from ${table} as ${alias} where ${list.of} and ${list.few} offset 0`;
    const where = allOf(sql, [whereOf(sql, list), rest]) as Fragment;
    const rows = await sql<T[]>`
      select ${columns} from (${chosen}) as ${alias} ${joins} where ${where} order by ${order} limit ${limit}`;
    return { rows, stoppedAt: null };
  }
  const inOrder = sql`from ${rowsOf(sql, list, limit)} order by ${order}`;
  if (rest === undefined) {
    const rows = await sql<T[]>`
      select ${columns} from (select ${alias}.* ${inOrder} limit ${limit}) as ${alias} ${joins} order by ${order}`;
    return { rows, stoppedAt: null };
  }
  const rows = await sql<(T & { isFound: boolean; stoppedAt: number | null })[]>`
    with found as materialized (
      select * from (select * ${inOrder} limit ${LIMITS.rowsRead}) as ${alias} where ${rest} order by ${order} limit ${limit}
    ), stopped as (
      select case when (select count(*) from found) < ${limit}
        then (select ${position} ${inOrder} offset ${LIMITS.rowsRead - 1} limit 1) end::float8 as "stoppedAt"
    )
    select ${columns}, "stoppedAt", ${position} is not null as "isFound"
      from stopped left join found as ${alias} on true ${joins} order by ${order}`;
  return {
    rows: rows.flatMap(({ isFound, stoppedAt, ...row }) => (isFound ? [row as unknown as T] : [])),
    stoppedAt: rows[0]?.stoppedAt ?? null,
  };
}

/**
 * The order of the list. An index for a filter is declared `nulls first`, although its columns have no nulls: so only that index
 * has this order. Otherwise PostgreSQL would also read the index without the filter, where it expects most rows to match, and
 * throw rows away for as long as none does.
 */
function orderOf(sql: Sql, { by, time, position, direction }: List): Fragment {
  const way = direction === 'asc' ? sql`asc` : sql`desc`;
  const nulls = by === undefined ? sql`` : direction === 'asc' ? sql`nulls first` : sql`nulls last`;
  return time === undefined ? sql`${position} ${way} ${nulls}` : sql`${time} ${way} ${nulls}, ${position} ${way}`;
}

/** The rows of the list: from the table, or from several ranges of the index, which PostgreSQL merges. */
function rowsOf(sql: Sql, list: List, limit: number): Fragment {
  const [table, alias, where] = [sql(list.table), sql(list.alias), whereOf(sql, list)];
  const [first, ...more] = served(sql, list);
  if (first === undefined) return sql`${table} as ${alias} where ${where}`;
  if (more.length === 0) return sql`${table} as ${alias} where ${where} and ${first}`;
  // Each range says its order, because PostgreSQL merges only what is sorted. The whole reads no more rows of any.
  const order = orderOf(sql, list);
  const most = list.rest === undefined ? limit : LIMITS.rowsRead;
  const range = (one: Fragment) =>
    sql`(select * from ${table} as ${alias} where ${where} and ${one} order by ${order} limit ${most})`;
  return sql`(${more.reduce((all, one) => sql`${all} union all ${range(one)}`, range(first))}) as ${alias}`;
}

/** The conditions of the filter that the index serves. */
function served(sql: Sql, { by }: List): readonly Fragment[] {
  if (by === undefined) return [];
  return 'anyOf' in by ? by.anyOf : [sql`${by.column} = ${by.value}`];
}

/** The conditions that hold for every row, beside the filter that the index serves. */
function whereOf(sql: Sql, { table, alias, of, time, from, to, position, direction, after }: List): Fragment {
  const than = direction === 'asc' ? sql`>` : sql`<`;
  const start = sql`${after ?? null}::bigint`;
  const behind =
    time === undefined
      ? sql`${position} ${than} ${start}`
      : sql`(${time}, ${position}) ${than} ((select ${time} from ${sql(table)} as ${sql(alias)} where ${of} and ${position} = ${start}), ${start})`;
  return allOf(sql, [
    of,
    from && time && sql`${time} >= ${from}`,
    to && time && sql`${time} < ${to}`,
    after === undefined ? undefined : behind,
  ]) as Fragment;
}

/** All of these conditions; undefined when there are none. */
export const allOf = (sql: Sql, conditions: readonly (Fragment | undefined)[]): Fragment | undefined =>
  conditions.reduce((all, one) => {
    if (one === undefined) return all;
    return all === undefined ? one : sql`${all} and ${one}`;
  }, undefined);
