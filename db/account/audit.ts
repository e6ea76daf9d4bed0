import type { Sql, Tx } from '../client.ts';

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

/** Acts of staff, newest first. */
export async function listAudit(sql: Sql, filter: AuditFilter, limit: number): Promise<AuditRow[]> {
  const { key, action, subject, from, to, before } = filter;
  return sql<AuditRow[]>`
    select id::float8 as id, at, account_id as "accountId", key_id as "keyId", actor, action, subject, object::float8 as object, detail,
           request_id as "requestId"
      from audit where true
      ${key === undefined ? sql`` : sql`and key_id = ${key}`}
      ${action === undefined ? sql`` : sql`and action = ${action}`}
      ${subject === undefined ? sql`` : sql`and (subject = ${subject} or starts_with(subject, ${`${subject}/`}))`}
      ${from === undefined ? sql`` : sql`and at >= ${from}`}
      ${to === undefined ? sql`` : sql`and at < ${to}`}
      ${before === undefined ? sql`` : sql`and id < ${before}`}
      order by id desc limit ${limit}`;
}
