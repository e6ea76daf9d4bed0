import type { Sql, Tx } from '../client.ts';
import { allOf, type List, type ListPage, readListPage } from '../list-page.ts';

/** An act of staff, or a message from staff to an order. */
export interface AuditEntry {
  /** Null for acts in the Temporal UI, which have no key. */
  readonly accountId: number | null;
  readonly keyId: number | null;
  readonly actor: string;
  /** The route. */
  readonly action: string;
  /** The object: the path under /v1/admin/. */
  readonly subject: string;
  /** The id of the made or changed object, if any. */
  readonly object: number | null;
  /** The request, without secrets. */
  readonly detail: unknown;
  readonly requestId: string;
}

export interface AuditRow extends AuditEntry {
  readonly id: number;
  readonly at: Date;
}

export async function writeAudit(sql: Sql | Tx, entry: AuditEntry): Promise<void> {
  const { accountId, keyId, actor, action, subject, object, detail, requestId } = entry;
  await sql`
    insert into audit (account_id, key_id, actor, action, subject, object, detail, request_id)
      values (${accountId}, ${keyId}, ${actor}, ${action}, ${subject}, ${object}, ${sql.json(detail as never)}, ${requestId})`;
}

export interface AuditFilter {
  readonly key?: number | undefined;
  readonly action?: string | undefined;
  /** Includes everything below: `accounts/1001` finds `accounts/1001/keys` too. */
  readonly subject?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only ids below this one. */
  readonly before?: number | undefined;
}

/** A page of the acts of staff, newest first. */
export async function listAudit(sql: Sql, filter: AuditFilter, limit: number): Promise<ListPage<AuditRow>> {
  const { key, action, subject, from, to, before } = filter;
  const filters = [
    ...(subject === undefined ? [] : [partOf(sql, subject)]),
    ...(key === undefined ? [] : [{ column: sql`a.key_id`, value: key }]),
    ...(action === undefined ? [] : [{ column: sql`a.action`, value: action }]),
  ];
  const [by, ...others] = filters;
  const list: List = {
    table: 'audit',
    alias: 'a',
    columns: sql`
      id::float8 as id, at, account_id as "accountId", key_id as "keyId", actor, action, subject, object::float8 as object, detail,
      request_id as "requestId"`,
    of: sql`true`,
    by,
    rest: allOf(sql, [
      ...others.map(({ column, value }) => sql`${column} = ${value}`),
      subject === undefined ? undefined : sql`(subject = ${subject} or starts_with(subject, ${`${subject}/`}))`,
    ]),
    time: sql`a.at`,
    from: from && sql`${from}::timestamptz`,
    to: to && sql`${to}::timestamptz`,
    position: sql`a.id`,
    direction: 'desc',
    after: before,
  };
  return readListPage(sql, list, limit);
}

/** The part of a subject that an index serves: one or two of its words. */
function partOf(sql: Sql, subject: string) {
  const [first = '', second] = subject.split('/');
  return second === undefined
    ? { column: sql`split_part(a.subject, '/', 1)`, value: first }
    : {
        column: sql`(split_part(a.subject, '/', 1) || '/' || split_part(a.subject, '/', 2))`,
        value: `${first}/${second}`,
      };
}
