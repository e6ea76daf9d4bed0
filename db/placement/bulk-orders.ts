import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import type { Sql, Tx } from '../client.ts';

/** Why a line did not become an order. */
export interface StoredRefusal {
  readonly code: string;
  readonly detail?: string | undefined;
}

/** A line as its client sent it: its request, or why the line is unreadable. */
export interface NewLine {
  readonly line: number;
  readonly request?: OrderRequest;
  readonly error?: StoredRefusal;
}

/** The id of the account's list with this idempotency key; undefined when there is none. */
export async function bulkOrdersByKey(
  sql: Sql | Tx,
  accountId: number,
  idempotencyKey: string,
): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    select id::float8 as id from mass_placements where account_id = ${accountId} and idempotency_key = ${idempotencyKey}`;
  return row?.id;
}

/**
 * Stores a list; a repeat of the key finds the stored one. Returns its id.
 * @throws Refusal `too_many_lines` when too many lines of the account would wait, or be stored.
 */
export async function createBulkOrders(
  sql: Sql,
  accountId: number,
  idempotencyKey: string,
  lines: readonly NewLine[],
): Promise<number> {
  return sql.begin(async (tx) => {
    // Two requests at the same time would each count without the other. FOR UPDATE would wait for the account's orders.
    await tx`select from accounts where id = ${accountId} for no key update`;
    const [made] = await tx<{ id: number }[]>`
      insert into mass_placements (account_id, idempotency_key, total)
        values (${accountId}, ${idempotencyKey}, ${lines.length}) on conflict do nothing returning id::float8 as id`;
    if (made === undefined) {
      return (await bulkOrdersByKey(tx, accountId, idempotencyKey)) as number;
    }
    const [{ waiting, stored } = { waiting: 0, stored: 0 }] = await tx<{ waiting: number; stored: number }[]>`
      select (select count(*)::integer from mass_placements m join mass_lines l on l.mass_id = m.id
                where m.account_id = ${accountId} and m.ended_at is null and l.status = 'waiting') as waiting,
             -- With this list. A list has its counts once its lines are deleted.
             (select sum(total)::float8 from mass_placements where account_id = ${accountId} and placed is null) as stored`;
    if (stored > LIMITS.storedLines) {
      throw new Refusal(
        'too_many_lines',
        `at most ${LIMITS.storedLines} lines of an account are kept; those of a list for ${LIMITS.refusedDays} days after its end`,
        86_400,
      );
    }
    if (waiting + lines.filter(({ error }) => error === undefined).length > LIMITS.waitingLines) {
      const most = LIMITS.waitingLines;
      throw new Refusal(
        'too_many_lines',
        `at most ${most} lines of an account may wait to be placed, and ${waiting} wait`,
      );
    }
    await tx`
      insert into mass_lines (mass_id, line, request, error, status)
        select ${made.id}, l.line, l.request, l.error, case when l.error is null then 'waiting' else 'refused' end
          from jsonb_to_recordset(${tx.json(lines as never)}) as l(line integer, request jsonb, error jsonb)`;
    return made.id;
  });
}

/** A list and its progress. */
export interface BulkOrdersRow {
  readonly id: number;
  readonly total: number;
  readonly waiting: number;
  readonly placed: number;
  readonly refused: number;
  readonly canceled: number;
  readonly createdAt: Date;
}

/** A list of this account; undefined when it does not exist or belongs to another account. */
export async function findBulkOrders(sql: Sql, accountId: number, id: number): Promise<BulkOrdersRow | undefined> {
  const [row] = await sql<BulkOrdersRow[]>`
    select m.id::float8 as id, m.total, m.created_at as "createdAt",
           count(*) filter (where l.status = 'waiting')::integer as waiting,
           coalesce(m.placed, count(*) filter (where l.status = 'placed'))::integer as placed,
           coalesce(m.refused, count(*) filter (where l.status = 'refused'))::integer as refused,
           coalesce(m.canceled, count(*) filter (where l.status = 'canceled'))::integer as canceled
      from mass_placements m left join mass_lines l on l.mass_id = m.id
      where m.id = ${id} and m.account_id = ${accountId} group by m.id`;
  return row;
}

export const LINE_STATUSES = ['waiting', 'placed', 'refused', 'canceled'] as const;
type LineStatus = (typeof LINE_STATUSES)[number];

export interface BulkOrderLine {
  readonly line: number;
  readonly status: LineStatus;
  /** What the line asks for; null where it could not be read, or does not say it. */
  readonly service: number | null;
  readonly link: string | null;
  readonly quantity: number | null;
  readonly order: number | null;
  readonly error: StoredRefusal | null;
}

/** Which lines of a list to read. */
interface LineFilter {
  /** Only lines behind this one. */
  readonly after: number;
  readonly status?: LineStatus | undefined;
}

/** Lines of a list, in order. A list has LIMITS.listLines at most, so a filter needs no index. */
export async function bulkOrderLines(
  sql: Sql,
  id: number,
  { after, status }: LineFilter,
  limit: number,
): Promise<BulkOrderLine[]> {
  return sql<BulkOrderLine[]>`
    select line, status, (request->>'service')::float8 as service, request->>'link' as link,
           (request->>'quantity')::float8 as quantity, case when status = 'placed' then order_id::float8 end as "order", error
      from mass_lines
      where mass_id = ${id} and line > ${after}::bigint ${status === undefined ? sql`` : sql`and status = ${status}`}
      order by line limit ${limit}`;
}

/** Whether an order that may begin now has not begun. */
export async function waitsToBegin(sql: Sql, orderId: number): Promise<boolean> {
  const rows = await sql`
    select from orders where id = ${orderId} and status = 'Pending' and scheduled_at is null`;
  return rows.length > 0;
}

/** Cancels the waiting lines of a list; returns how many. */
export async function cancelBulkOrders(sql: Sql, id: number): Promise<number> {
  const rows = await sql`
    update mass_lines set status = 'canceled' where mass_id = ${id} and status = 'waiting' and order_id is null
      returning line`;
  return rows.length;
}

/** The account whose list it is; undefined when the list does not exist. */
export async function accountOfList(sql: Sql, id: number): Promise<number | undefined> {
  const [row] = await sql<{ account: number }[]>`
    select account_id as account from mass_placements where id = ${id}`;
  return row?.account;
}

/** The first waiting lines, at most `limit`. */
export async function waitingLines(sql: Sql, id: number, limit: number): Promise<number[]> {
  const rows = await sql<{ line: number }[]>`
    select line from mass_lines where mass_id = ${id} and status = 'waiting' order by line limit ${limit}`;
  return rows.map(({ line }) => line);
}

/** Ends a list. No line of it waits. */
export async function endBulkOrders(sql: Sql, id: number): Promise<void> {
  await sql`update mass_placements set ended_at = clock_timestamp() where id = ${id} and ended_at is null`;
}

/** Stores the claim of a line, once, and returns the id of its order; undefined when the line no longer waits. */
export async function openLine(sql: Sql, id: number, line: number): Promise<number | undefined> {
  const [row] = await sql<{ order: number | null }[]>`select open_mass_line(${id}, ${line})::float8 as "order"`;
  return row?.order ?? undefined;
}

export async function endLine(sql: Sql | Tx, id: number, line: number, error: StoredRefusal | null): Promise<void> {
  await sql`
    update mass_lines set status = ${error === null ? 'placed' : 'refused'}, error = ${error === null ? null : sql.json(error as never)}
      where mass_id = ${id} and line = ${line} and status = 'waiting'`;
}

/** Refuses a line that can never be placed (`why`: the error's name). A line whose order exists counts as placed. */
export async function refuseLine(sql: Sql, id: number, line: number, error: StoredRefusal, why: string): Promise<void> {
  await sql`select refuse_mass_line(${id}, ${line}, ${sql.json(error as never)}, ${why})`;
}

/** Lists that ended more than `days` days ago and still have their lines, the oldest first. */
export async function endedBulkOrders(sql: Sql, days: number, most: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id::float8 as id from mass_placements
      where placed is null and ended_at < now() - make_interval(days => ${days}) order by ended_at limit ${most}`;
  return rows.map(({ id }) => id);
}

/** Deletes the lines of an ended list, ends its key, and keeps the counts of the lines' results; returns how many lines. */
export async function deleteBulkLines(sql: Sql, id: number): Promise<number> {
  const [row] = await sql<{ lines: number }[]>`select forget_mass_lines(${id}) as lines`;
  return row?.lines ?? 0;
}

/** Deletes at most `most` lists without lines that ended more than `days` days ago; returns how many. */
export async function deleteOldLists(sql: Sql, days: number, most: number): Promise<number> {
  const { count } = await sql`
    delete from mass_placements where id = any (array(
      select id from mass_placements
        where placed is not null and ended_at < now() - make_interval(days => ${days})
        order by ended_at limit ${most} for update skip locked))`;
  return count;
}

/** Lists that have not ended: the first 1,000 with a higher id than `after`. */
export async function openBulkOrders(sql: Sql, after = 0): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id::float8 as id from mass_placements where ended_at is null and id > ${after} order by id limit 1000`;
  return rows.map(({ id }) => id);
}
