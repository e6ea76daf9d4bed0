import type { Sql, Tx } from '../client.ts';

/** Where the answer to an idempotent request is kept. */
export interface AnswerSlot {
  readonly accountId: number;
  readonly route: string;
  readonly idempotencyKey: string;
}

export interface StoredAnswer {
  /** The keyed hash of the request, in hex. */
  readonly fingerprint: string;
  readonly status: number;
  /** The answer, or null when it is kept encrypted. */
  readonly body: unknown;
  readonly bodyCipher: Buffer | null;
}

/** The route of lists of orders, which have keys of their own (see forget_mass_lines). */
const LIST_ROUTE = 'POST /v1/orders/batch';

/** The status of a slot that is taken and has no answer yet. */
const BEING_MADE = 0;

/**
 * Takes the slot for this transaction; false when the slot has an answer. Waits while another transaction holds the slot.
 */
export async function takeSlot(tx: Tx, slot: AnswerSlot, fingerprint: string): Promise<boolean> {
  const rows = await tx`
    insert into stored_answers (account_id, route, idempotency_key, fingerprint, status, body)
      values (${slot.accountId}, ${slot.route}, ${slot.idempotencyKey}, ${Buffer.from(fingerprint, 'hex')}, ${BEING_MADE}, 'null')
      on conflict do nothing returning status`;
  return rows.length === 1;
}

/** Takes the slot at once, unless a request has it; returns the fingerprint of that request, and its answer when it has one. */
export async function bindSlot(
  sql: Sql,
  slot: AnswerSlot,
  fingerprint: string,
): Promise<{ readonly fingerprint: string; readonly answer: { readonly body: unknown } | undefined }> {
  const [row] = await sql<{ fingerprint: string; status: number; body: unknown }[]>`
    insert into stored_answers as a (account_id, route, idempotency_key, fingerprint, status, body)
      values (${slot.accountId}, ${slot.route}, ${slot.idempotencyKey}, ${Buffer.from(fingerprint, 'hex')}, ${BEING_MADE}, 'null')
      on conflict (account_id, route, idempotency_key) do update set status = a.status
      returning encode(fingerprint, 'hex') as fingerprint, status, body`;
  if (row === undefined) throw new Error('a slot could not be taken');
  return { fingerprint: row.fingerprint, answer: row.status === BEING_MADE ? undefined : { body: row.body } };
}

/** Gives up a slot that this request has bound, unless it has an answer. */
export async function freeSlot(sql: Sql, slot: AnswerSlot, fingerprint: string): Promise<void> {
  await sql`
    delete from stored_answers
      where account_id = ${slot.accountId} and route = ${slot.route} and idempotency_key = ${slot.idempotencyKey}
        and fingerprint = ${Buffer.from(fingerprint, 'hex')} and status = ${BEING_MADE}`;
}

/** Stores the answer of the request that has the slot. */
export async function fillSlot(
  sql: Sql | Tx,
  slot: AnswerSlot,
  fingerprint: string,
  status: number,
  answer: { readonly body: unknown } | { readonly bodyCipher: Buffer },
): Promise<void> {
  const [body, cipher] = 'body' in answer ? [sql.json(answer.body as never), null] : [null, answer.bodyCipher];
  await sql`
    update stored_answers set status = ${status}, body = ${body}, body_cipher = ${cipher}
      where account_id = ${slot.accountId} and route = ${slot.route} and idempotency_key = ${slot.idempotencyKey}
        and fingerprint = ${Buffer.from(fingerprint, 'hex')}`;
}

export async function readSlot(sql: Sql | Tx, slot: AnswerSlot): Promise<StoredAnswer | undefined> {
  const [row] = await sql<StoredAnswer[]>`
    select encode(fingerprint, 'hex') as fingerprint, status, body, body_cipher as "bodyCipher" from stored_answers
      where account_id = ${slot.accountId} and route = ${slot.route} and idempotency_key = ${slot.idempotencyKey}`;
  return row;
}

/**
 * Deletes at most `most` answers that were stored more than `days` days ago; returns how many. The answer to a list of orders stays
 * for as long as the list knows its key: another list with the key would be answered with the old one.
 */
export async function deleteOldAnswers(sql: Sql, days: number, most: number): Promise<number> {
  // A count is looked up by the key of each list; for `not exists` PostgreSQL may read all lists.
  const { count } = await sql`
    delete from stored_answers where ctid = any (array(
      select ctid from stored_answers a
        where created_at < now() - make_interval(days => ${days})
          and (route <> ${LIST_ROUTE} or (select count(*) from mass_placements m
            where m.account_id = a.account_id and m.idempotency_key = a.idempotency_key) = 0)
        order by created_at limit ${most} for update skip locked))`;
  return count;
}
