import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Sql, Tx } from '../client.ts';
import type { Fragment } from '../list-page.ts';
import { hashOf, keyMatches, newKey, prefixOf } from './keys.ts';

/**
 * What a key may do; a customer's key made without scopes has all customer scopes. A key keeps the scopes that it was made with:
 * a scope that is added here is in new keys only.
 */
export const CUSTOMER_SCOPES = [
  'orders:read',
  'orders:write',
  'wallet:read',
  'webhooks:manage',
  'keys:manage',
] as const;
export const SCOPES = [...CUSTOMER_SCOPES, 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

const STAFF_ACCOUNT = 'Operations';

/** Makes an account with an empty wallet; returns its id. */
export async function createAccount(sql: Sql | Tx, name: string): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    with account as (insert into accounts (name) values (${name}) returning id)
    insert into wallets (account_id) select id from account returning account_id as id`;
  return (row as { id: number }).id;
}

export async function accountExists(sql: Sql | Tx, id: number): Promise<boolean> {
  const [row] = await sql`select 1 from accounts where id = ${id}`;
  return row !== undefined;
}

export interface NewKey {
  readonly accountId: number;
  readonly name: string;
  readonly scopes?: readonly Scope[] | undefined;
  /** When the key expires; absent: never. */
  readonly expiresAt?: Date | undefined;
  /** The customer's key that makes it; absent: staff make it. */
  readonly madeBy?: number | undefined;
}

/** A key and its id. The key itself is not stored and cannot be shown again. */
export interface CreatedKey {
  readonly id: number;
  readonly key: string;
}

export async function createKey(sql: Sql | Tx, wanted: NewKey): Promise<CreatedKey> {
  return insertKey(sql, newKey(), wanted);
}

async function insertKey(
  sql: Sql | Tx,
  key: string,
  { accountId, name, scopes = CUSTOMER_SCOPES, expiresAt, madeBy }: NewKey,
): Promise<CreatedKey> {
  const prefix = prefixOf(key);
  if (prefix === undefined) throw new Error('the key given is not an API key of Holdfast');
  const [row] = await sql<{ id: number }[]>`
    insert into api_keys (account_id, name, prefix, hash, scopes, expires_at, made_by, limited_as)
      values (${accountId}, ${name}, ${prefix}, ${hashOf(key)}, ${[...scopes]}, ${expiresAt ?? null},
        ${madeBy ?? null}, (select coalesce(limited_as, id) from api_keys where id = ${madeBy ?? null})) returning id`;
  return { id: (row as { id: number }).id, key };
}

export interface StaffKeyOptions {
  /** An existing key. It is inserted when the database lacks it, so that a local stack keeps its key. */
  readonly key?: string;
  readonly name?: string;
}

/**
 * Makes a key with the staff scope for the account "Operations", and that account if it is missing. `key` is inserted instead of
 * a new key.
 * @throws Error when `key` is not an API key, belongs to a customer, or was revoked.
 */
export async function createStaffKey(
  sql: Sql,
  { key = newKey(), name = 'staff' }: StaffKeyOptions = {},
): Promise<CreatedKey> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${ADVISORY_LOCKS.staffAccounts})`;
    const [before] = await tx<{ id: number; hash: Buffer; staff: boolean; revoked: boolean }[]>`
      select id, hash, 'admin' = any(scopes) as staff, revoked_at is not null as revoked
        from api_keys where prefix = ${prefixOf(key) ?? ''}`;
    if (before !== undefined) {
      if (!keyMatches(key, before.hash) || !before.staff) throw new Error('the key given is not a staff key');
      if (before.revoked) throw new Error('the staff key given has been revoked; leave it out to make a new one');
      return { id: before.id, key };
    }
    const [account] = await tx<{ id: number }[]>`
      select a.id from accounts a join api_keys k on k.account_id = a.id
        where a.name = ${STAFF_ACCOUNT} and 'admin' = any(k.scopes) order by a.id limit 1`;
    const accountId = account?.id ?? (await createAccount(tx, STAFF_ACCOUNT));
    return insertKey(tx, key, { accountId, name, scopes: ['admin'] });
  });
}

/** The account and key behind a request. */
export interface Caller {
  readonly accountId: number;
  readonly keyId: number;
  /** The key whose limits count the requests of this one. */
  readonly limitedAs: number;
  /** What the key is called. */
  readonly keyName: string;
  readonly scopes: readonly string[];
}

/**
 * The caller with this key; undefined when the key is wrong, expired or revoked. Read at every request, so a revoked key ends at
 * once.
 */
export async function findCaller(sql: Sql, key: string): Promise<Caller | undefined> {
  const prefix = prefixOf(key);
  const row = prefix === undefined ? undefined : await validKey(sql, sql`prefix = ${prefix}`);
  return keyMatches(key, row?.hash) && row !== undefined ? used(sql, row) : undefined;
}

/** The caller with this key, for a session that was opened with it; undefined when the key has expired or was revoked. */
export async function findCallerByKeyId(sql: Sql, keyId: number): Promise<Caller | undefined> {
  const row = await validKey(sql, sql`id = ${keyId}`);
  return row && used(sql, row);
}

type ValidKey = Caller & { readonly hash: Buffer; readonly usedLately: boolean };

async function validKey(sql: Sql, which: Fragment): Promise<ValidKey | undefined> {
  const [row] = await sql<ValidKey[]>`
    select account_id as "accountId", id as "keyId", coalesce(limited_as, id) as "limitedAs", name as "keyName", scopes, hash,
           coalesce(last_used_at > clock_timestamp() - interval '1 minute', false) as "usedLately"
      from api_keys
      where ${which} and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`;
  return row;
}

function used(sql: Sql, { accountId, keyId, limitedAs, keyName, scopes, usedLately }: ValidKey): Caller {
  if (!usedLately) {
    // This update is neither awaited nor reported: a request must not fail, or wait for a row lock, because of it.
    sql`update api_keys set last_used_at = clock_timestamp() where id = ${keyId}`.catch(() => {});
  }
  return { accountId, keyId, limitedAs, keyName, scopes };
}
