import type { Sql, Tx } from '../client.ts';

/** A key without its secret; the public prefix names the key. */
export interface KeyRow {
  readonly id: number;
  readonly account: number;
  readonly prefix: string;
  readonly name: string;
  readonly scopes: string[];
  readonly createdAt: Date;
  /** Accurate to a minute. */
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const columns = (sql: Sql | Tx) => sql`
  id, account_id as account, prefix, name, scopes, created_at as "createdAt", last_used_at as "lastUsedAt",
  expires_at as "expiresAt", revoked_at as "revokedAt"`;

/** An account's keys with ids below `before`, newest first, expired and revoked ones too. */
export async function listKeys(
  sql: Sql,
  accountId: number,
  before: number | undefined,
  limit: number,
): Promise<KeyRow[]> {
  return sql<KeyRow[]>`
    select ${columns(sql)} from api_keys where account_id = ${accountId}
      ${before === undefined ? sql`` : sql`and id < ${before}::bigint`} order by id desc limit ${limit}`;
}

/** Revokes a key at once and for ever; a revoked key stays as it was. Undefined when it does not exist. */
export async function revokeKey(sql: Tx, id: number): Promise<KeyRow | undefined> {
  const [row] = await sql<KeyRow[]>`
    update api_keys set revoked_at = coalesce(revoked_at, clock_timestamp()) where id = ${id} returning ${columns(sql)}`;
  return row;
}
