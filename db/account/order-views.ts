import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Sql, Tx } from '../client.ts';

/** Filters of the list of orders under a name. `query` is the query string of the list. */
export interface OrderViewRow {
  readonly id: number;
  readonly name: string;
  readonly query: string;
}

/** The views of an account, by name. */
export async function listOrderViews(sql: Sql, accountId: number): Promise<OrderViewRow[]> {
  return sql<OrderViewRow[]>`
    select id::float8 as id, name, query from order_views where account_id = ${accountId} order by name`;
}

/**
 * Keeps a view, in place of the account's view with the same name.
 * @throws Refusal `too_many_views`
 */
export async function keepOrderView(tx: Tx, accountId: number, view: Omit<OrderViewRow, 'id'>): Promise<OrderViewRow> {
  const { name, query } = view;
  // Two requests at the same time would each count without the other. FOR UPDATE would wait for the account's orders.
  await tx`select from accounts where id = ${accountId} for no key update`;
  const [{ others } = { others: 0 }] = await tx<{ others: number }[]>`
    select count(*)::integer as others from order_views where account_id = ${accountId} and name <> ${name}`;
  if (others >= LIMITS.orderViews) {
    throw new Refusal('too_many_views', `an account may have at most ${LIMITS.orderViews}`);
  }
  const [row] = await tx<OrderViewRow[]>`
    insert into order_views (account_id, name, query) values (${accountId}, ${name}, ${query})
      on conflict (account_id, name) do update set query = excluded.query
      returning id::float8 as id, name, query`;
  return row as OrderViewRow;
}

/** The view that was deleted; undefined when the account has none with this id. */
export async function deleteOrderView(sql: Sql, accountId: number, id: number): Promise<OrderViewRow | undefined> {
  const [row] = await sql<OrderViewRow[]>`
    delete from order_views where account_id = ${accountId} and id = ${id} returning id::float8 as id, name, query`;
  return row;
}
