import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import type { Sql } from '../client.ts';

/** The state of a claim. Only `open` changes. */
export interface Claim {
  readonly orderId: number;
  readonly state: 'open' | 'order' | 'refused' | 'withdrawn';
  readonly refusal: { readonly code: string; readonly detail?: string } | null;
  /** SHA-256 of the request, in hex. */
  readonly fingerprint: string;
}

/** A claim to store. Its id is taken first, so that the claim can be looked up after any failure. */
export interface NewClaim {
  readonly orderId: number;
  readonly accountId: number;
  readonly idempotencyKey: string | null;
  readonly fingerprint: string;
  readonly request: OrderRequest;
  /** From this time on the claim can no longer become an order, by the database's clock; null: it never expires. */
  readonly expiresAt: string | null;
}

const columns = (sql: Sql) => sql`
  order_id::float8 as "orderId", state, refusal, encode(fingerprint, 'hex') as fingerprint`;

export async function findClaim(sql: Sql, accountId: number, idempotencyKey: string): Promise<Claim | undefined> {
  const [row] = await sql<Claim[]>`
    select ${columns(sql)} from claims where account_id = ${accountId} and idempotency_key = ${idempotencyKey}`;
  return row;
}

/** Whether the account has a claim with one of these keys. */
export async function isClaimed(sql: Sql, accountId: number, keys: readonly string[]): Promise<boolean> {
  const rows = await sql`
    select from claims where account_id = ${accountId} and idempotency_key = any(${keys as string[]}) limit 1`;
  return rows.length > 0;
}

export async function readClaim(sql: Sql, orderId: number): Promise<Claim | undefined> {
  const [row] = await sql<Claim[]>`select ${columns(sql)} from claims where order_id = ${orderId}`;
  return row;
}

/** Takes the id of a new order, and reads the time `expiresInMs` from now by the database's clock. */
export async function nextOrder(
  sql: Sql,
  expiresInMs: number,
): Promise<{ readonly orderId: number; readonly expiresAt: string }> {
  const [row] = await sql<{ orderId: number; expiresAt: string }[]>`
    select nextval('order_ids')::float8 as "orderId",
           (clock_timestamp() + make_interval(secs => ${expiresInMs / 1000}))::text as "expiresAt"`;
  return row as { orderId: number; expiresAt: string };
}

/**
 * Withdraws an open claim, so that it never becomes an order, and frees its key; a decided claim stays as it is. For an insert that
 * got no answer it stores a withdrawn claim with the same id, so that the insert does nothing if it comes late. Returns the claim
 * afterwards.
 */
export async function withdrawClaim(sql: Sql, claim: NewClaim): Promise<Claim> {
  const { orderId, accountId, fingerprint, request } = claim;
  await sql`
    insert into claims as c (order_id, account_id, fingerprint, request, state, decided_at)
      values (${orderId}, ${accountId}, ${Buffer.from(fingerprint, 'hex')}, ${sql.json(request as never)}, 'withdrawn',
        clock_timestamp())
      on conflict (order_id) do update set state = 'withdrawn', decided_at = clock_timestamp(), idempotency_key = null
        where c.state = 'open'`;
  const after = await readClaim(sql, orderId);
  if (after === undefined) throw new Error(`claim ${orderId} vanished`);
  return after;
}

/**
 * Deletes at most `most` claims that were refused or withdrawn more than `days` days ago; returns how many. Claims that became
 * orders stay as long as their orders.
 */
export async function deleteDecidedClaims(sql: Sql, days: number, most: number): Promise<number> {
  const { count } = await sql`
    delete from claims where order_id = any (array(
      select order_id from claims
        where state in ('refused', 'withdrawn') and decided_at < now() - make_interval(days => ${days})
        order by decided_at limit ${most} for update skip locked))`;
  return count;
}

/**
 * Ends at most `most` Idempotency-Keys of archived orders whose requests came more than `days` days ago; returns how many. From
 * then on a request with the key is a new request.
 */
export async function endOrderKeys(sql: Sql, days: number, most: number): Promise<number> {
  const { count } = await sql`
    update claims set idempotency_key = null where order_id = any (array(
      select order_id from claims
        where state = 'order' and request is null and idempotency_key is not null
          and created_at < now() - make_interval(days => ${days})
        order by created_at limit ${most} for update skip locked))`;
  return count;
}
