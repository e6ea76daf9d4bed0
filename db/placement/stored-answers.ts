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

/** The status of a slot that is taken and not filled yet: only the transaction that took the slot can see it. */
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

export async function fillSlot(
  tx: Tx,
  slot: AnswerSlot,
  status: number,
  answer: { readonly body: unknown } | { readonly bodyCipher: Buffer },
): Promise<void> {
  const [body, cipher] = 'body' in answer ? [tx.json(answer.body as never), null] : [null, answer.bodyCipher];
  await tx`
    update stored_answers set status = ${status}, body = ${body}, body_cipher = ${cipher}
      where account_id = ${slot.accountId} and route = ${slot.route} and idempotency_key = ${slot.idempotencyKey}`;
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
