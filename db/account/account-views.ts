import { isFinal, ORDER_STATUSES, type OrderStatus } from '../../domain/order/status.ts';
import type { Sql } from '../client.ts';
import { type List, readListPage } from '../list-page.ts';

/** An account and what its wallet holds, in units of 1e-8. */
export interface AccountRow {
  readonly id: number;
  readonly name: string;
  readonly balance: bigint;
  readonly createdAt: Date;
}

/**
 * A page of accounts, newest first. `search` narrows them to one account by its id, or by the beginning of their name in any case
 * of letters, by name.
 */
export async function listAccounts(
  sql: Sql,
  { search, after }: { readonly search?: string | undefined; readonly after?: number | undefined },
  limit: number,
): Promise<readonly AccountRow[]> {
  const common = {
    table: 'accounts',
    alias: 'a',
    columns: sql`a.id, a.name, coalesce(w.balance, 0)::bigint as balance, a.created_at as "createdAt"`,
    joins: sql`left join wallets w on w.account_id = a.id`,
    position: sql`a.id`,
    after,
  };
  const name = sql`lower(a.name) collate "C"`;
  const beginning = search?.toLowerCase();
  const list: List =
    beginning === undefined
      ? { ...common, of: sql`true`, direction: 'desc' }
      : /^[1-9]\d{0,8}$/.test(beginning)
        ? { ...common, of: sql`a.id = ${Number(beginning)}`, direction: 'desc' }
        : {
            ...common,
            of: sql`true`,
            time: name,
            from: sql`${beginning}`,
            // Every name that begins so is below this one.
            to: sql`${`${beginning}\u{10FFFF}`}`,
            direction: 'asc',
          };
  return (await readListPage(sql, list, limit)).rows as readonly AccountRow[];
}

/** An account with what staff need to know about it. */
export interface AccountFile extends AccountRow {
  /** What is held for its open orders. */
  readonly held: bigint;
  /** Orders of each status, each counted up to `most`. */
  readonly orders: Readonly<Record<OrderStatus, number>>;
}

/** An account; undefined when there is none. A status with more orders than `most` is counted no further. */
export async function readAccount(sql: Sql, id: number, most: number): Promise<AccountFile | undefined> {
  const [row] = await sql<(Omit<AccountFile, 'held'> & { held: string })[]>`
    select a.id, a.name, a.created_at as "createdAt", coalesce(w.balance, 0)::bigint as balance,
           (select coalesce(sum(o.price), 0)::text from orders o
              where o.account_id = a.id and o.status = any(${ORDER_STATUSES.filter((status) => !isFinal(status))})) as held,
           (select jsonb_object_agg(s.status, (select count(*) from (
                select from orders o where o.account_id = a.id and o.status = s.status limit ${most}) counted))
              from unnest(${[...ORDER_STATUSES]}::text[]) as s(status)) as orders
      from accounts a left join wallets w on w.account_id = a.id where a.id = ${id}`;
  return row && { ...row, held: BigInt(row.held) };
}
