import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Sql, Tx } from '../client.ts';
import { type CreatedKey, createKey, type NewKey, type Scope } from './accounts.ts';

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
  /** The customer's key that made it; null: staff made it. */
  readonly madeBy: number | null;
}

const columns = (sql: Sql | Tx) => sql`
  id, account_id as account, prefix, name, scopes, created_at as "createdAt", last_used_at as "lastUsedAt",
  expires_at as "expiresAt", revoked_at as "revokedAt", made_by as "madeBy"`;

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

/**
 * Revokes a key at once and for ever; a revoked key stays as it was. Undefined when it does not exist, or, with an account, is
 * another account's.
 */
export async function revokeKey(sql: Tx, id: number, accountId?: number): Promise<KeyRow | undefined> {
  const [row] = await sql<KeyRow[]>`
    update api_keys set revoked_at = coalesce(revoked_at, clock_timestamp())
      where id = ${id} ${accountId === undefined ? sql`` : sql`and account_id = ${accountId}`} returning ${columns(sql)}`;
  return row;
}

export interface OwnKey extends Omit<NewKey, 'madeBy'> {
  readonly scopes: readonly Scope[];
  readonly madeBy: number;
}

/** A key that a customer has made. It expires no later than the key that made it. */
export interface CreatedOwnKey extends CreatedKey {
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
}

/**
 * Makes a key with another key of the account.
 * @returns `outlives` when it would expire after the key that makes it: a key that ends must leave none behind.
 * @throws Refusal `too_many_keys`; `rate_limited` when the account has made too many in a day: a revoked key is kept for ever.
 */
export async function createOwnKey(tx: Tx, { expiresAt, ...wanted }: OwnKey): Promise<CreatedOwnKey | 'outlives'> {
  const { accountId, madeBy, scopes } = wanted;
  // Two requests at the same time would each count without the other. FOR UPDATE would wait for the account's orders.
  await tx`select from accounts where id = ${accountId} for no key update`;
  const [row] = await tx<{ valid: number; lately: number; until: Date | null }[]>`
    select (select expires_at from api_keys where id = ${madeBy}) as until,
           (select count(*)::integer from api_keys where account_id = ${accountId} and revoked_at is null
              and (expires_at is null or expires_at > clock_timestamp())) as valid,
           (select count(*)::integer from (
              select created_at from api_keys where account_id = ${accountId} and made_by is not null
                order by id desc limit ${LIMITS.keysADay}) newest
              where created_at > clock_timestamp() - interval '1 day') as lately`;
  const { valid = 0, lately = 0, until = null } = row ?? {};
  if (valid >= LIMITS.keys) throw new Refusal('too_many_keys', `an account may have at most ${LIMITS.keys}`);
  if (lately >= LIMITS.keysADay)
    throw new Refusal('rate_limited', `an account may make at most ${LIMITS.keysADay} keys in a day`, 86_400);
  if (until !== null && expiresAt !== undefined && expiresAt > until) return 'outlives';
  const ends = expiresAt ?? until ?? undefined;
  const made = await createKey(tx, { ...wanted, expiresAt: ends });
  return { ...made, scopes, expiresAt: ends ?? null };
}
