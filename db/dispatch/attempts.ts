import {
  type DispatchOutcome,
  type ErrorMeaning,
  isTrouble,
  pausesOf,
  SAME_TROUBLE_SECONDS,
  waitForPause,
} from '../../domain/dispatch/outcome.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import type { OrderFields } from '../../domain/placement/order-fields.ts';
import { USUAL_PROFILE } from '../../domain/provider/profile.ts';
import { storable } from '../../domain/text/storable.ts';
import type { Sql } from '../client.ts';

/** The detail of an attempt that a person has given up: it is not sent again. */
export const GIVEN_UP = 'given up';

/** A send that began this many seconds ago has ended. */
export const GIVEN_UP_AFTER_SECONDS = DEADLINES.send / 1_000 + 5;

export interface AttemptKey {
  readonly orderId: number;
  readonly batch: number;
  readonly attempt: number;
  /**
   * How often the attempt had been taken when the caller read it. A caller with an older number changes nothing; absent: no
   * check.
   */
  readonly sends?: number;
}

/** An attempt to make; the batch is written with its first attempt. */
export interface SendInput extends AttemptKey {
  readonly quantity: number;
  /** The batch whose missing part this one sends again. */
  readonly resends: number | null;
  /** When the next run is due, in milliseconds since 1970. */
  readonly nextRunAt: number | null;
}

/** An attempt with all that its send needs. */
export interface Attempt {
  readonly state: 'intent' | 'sending' | 'accepted' | 'refused' | 'unknown' | 'released';
  /** This call took it for sending: only its caller may send it. */
  readonly taken: boolean;
  /** How often the attempt was taken for sending; above zero with state `intent`, no request has left. */
  readonly sends: number;
  /** How long ago the attempt was last taken for sending, by the database's clock. */
  readonly sendingSeconds: number;
  readonly provider: number;
  readonly providerService: string;
  readonly providerOrder: string | null;
  readonly error: string | null;
  readonly detail: string | null;
  readonly decidedAt: Date | null;
  readonly url: string;
  readonly keyCipher: Buffer;
  /** How the provider deviates from others, as stored. */
  readonly profile: unknown;
  /** Whether an earlier attempt of this batch at the same provider was released: it was not placed, or it was given up. */
  readonly saidNotPlaced: boolean;
  /** Whether the provider was paused for this account and has taken no order since. */
  readonly inTrouble: boolean;
  readonly type: string;
  readonly link: string;
  readonly quantity: number;
  readonly fields: OrderFields;
  /** Seconds since the order was accepted, or since its scheduled time. */
  readonly dueSeconds: number;
  /** The counter to ask before this send; null when the target was counted, or when this is not the order's first send. */
  readonly countAt: string | null;
}

/**
 * Stores an attempt on the best route left, or reads the stored one; undefined when no attempt can be made now, see
 * `whyNotBegun`. `at` is the workflow's time. With `take` it also takes the attempt for sending, in the same commit, unless the
 * target must be counted first (`countAt`).
 */
export async function beginAttempt(
  sql: Sql,
  send: SendInput,
  at = new Date(),
  take = false,
): Promise<Attempt | undefined> {
  const { orderId, batch, attempt, quantity, resends, nextRunAt } = send;
  const [row] = await sql<Attempt[]>`
    select a.state, a.sends, coalesce(extract(epoch from clock_timestamp() - a.sending_at), 0)::float8 as "sendingSeconds", a.provider_id as provider, a.provider_service as "providerService",
           a.provider_order as "providerOrder", a.error, a.detail, a.decided_at as "decidedAt", p.url, begun.taken,
           p.key_cipher as "keyCipher", p.troubles > 0 and trouble_concerns(p, o.account_id) as "inTrouble", p.profile,
           exists (select from attempts x where x.order_id = a.order_id and x.batch = a.batch and x.provider_id = a.provider_id and x.state = 'released') as "saidNotPlaced", o.type, o.link, ${quantity}::float8 as quantity, o.fields,
           extract(epoch from clock_timestamp() - greatest(o.created_at, o.scheduled_at))::float8 as "dueSeconds",
           case when must_be_counted(a.order_id, a.batch, a.attempt) then o.counter_url end as "countAt"
      from begin_attempt(${orderId}, ${batch}, ${attempt}, ${quantity}, ${resends}, ${nextRunAt === null ? null : new Date(nextRunAt)}, ${at}, ${USUAL_PROFILE.maxParallelSends}, ${GIVEN_UP_AFTER_SECONDS}, ${take}) begun
      cross join lateral (select (begun.attempt).*) a
      join providers p on p.id = a.provider_id
      join orders o on o.id = a.order_id`;
  return row;
}

/** Why there is no attempt to make: the order is queued, a provider is full, all routes left are paused, or there is none. */
export async function whyNotBegun(
  sql: Sql,
  { orderId, batch }: AttemptKey,
  at = new Date(),
): Promise<DispatchOutcome | { readonly kind: 'full'; readonly provider: number }> {
  const [row] = await sql<{ queued: boolean; seconds: number | null; fullAt: number | null; failed: boolean }[]>`
    select queued, paused_seconds as seconds, full_at as "fullAt", failed
      from why_not_begun(${orderId}, ${batch}, ${at}, ${USUAL_PROFILE.maxParallelSends}, ${GIVEN_UP_AFTER_SECONDS})`;
  if (row?.queued === true) return { kind: 'queued' };
  if (row != null && row.fullAt !== null) return { kind: 'full', provider: row.fullAt };
  const seconds = row?.seconds ?? null;
  if (seconds === null) return { kind: 'exhausted' };
  return { kind: 'paused', seconds: waitForPause(seconds, orderId, row?.failed === true) };
}

/**
 * Takes an attempt for sending, in its own commit. On false the caller must not send: another worker sends it, the provider has
 * no room or is paused, or the batch need not be sent any more.
 */
export async function takeAttempt(
  sql: Sql,
  { orderId, batch, attempt, sends }: AttemptKey,
  at = new Date(),
): Promise<boolean> {
  const [row] = await sql<{ taken: boolean }[]>`
    select take_attempt(${orderId}, ${batch}, ${attempt}, ${sends ?? null}, ${at},
      ${USUAL_PROFILE.maxParallelSends}, ${GIVEN_UP_AFTER_SECONDS}) as taken`;
  return row?.taken === true;
}

/** Whether a batch may still be sent: neither its order nor its refill has ended. */
export async function isWanted(sql: Sql, { orderId, batch }: AttemptKey): Promise<boolean> {
  const [row] = await sql<{ wanted: boolean }[]>`select may_be_sent(${orderId}, ${batch}) as wanted`;
  return row?.wanted === true;
}

/** Stores that the request provably did not leave: the attempt may be taken again. */
export async function releaseAttempt(
  sql: Sql,
  { orderId, batch, attempt, sends }: AttemptKey,
  detail: string,
): Promise<void> {
  await sql`select release_attempt(${orderId}, ${batch}, ${attempt}, ${clip(detail)}, ${sends ?? null})`;
}

/**
 * Stores that the provider has the order of an attempt.
 * @returns false when the attempt was decided otherwise before, for example as unknown.
 * @throws PostgresError 23505 when the provider's order belongs to another batch.
 */
export async function attemptAccepted(
  sql: Sql,
  { orderId, batch, attempt, sends }: AttemptKey,
  providerOrder: string,
  at: Date,
  from: 'sending' | 'unknown' = 'sending',
): Promise<boolean> {
  const [row] = await sql<{ accepted: boolean }[]>`
    select attempt_accepted(${orderId}, ${batch}, ${attempt}, ${providerOrder}, ${at}, ${from}, ${sends ?? null}) as accepted`;
  return row?.accepted === true;
}

/**
 * Stores a provider's definite error. An error that means trouble pauses the provider, for `retryAfter` seconds at least; when
 * the order may be the cause, for its account alone until others fail too. When the provider takes other orders but not this one,
 * only this order waits. Returns whether an alert was raised, and what the error means.
 */
export async function attemptRefused(
  sql: Sql,
  { orderId, batch, attempt, sends }: AttemptKey,
  error: string,
  meaning: ErrorMeaning,
  at = new Date(),
  retryAfter = 0,
): Promise<{ readonly alerted: boolean; readonly meaning: ErrorMeaning }> {
  const pauses = isTrouble(meaning) ? pausesOf(meaning, retryAfter) : null;
  const [row] = await sql<{ alerted: boolean; meaning: ErrorMeaning }[]>`
    select alerted, meaning from attempt_refused(${orderId}, ${batch}, ${attempt}, ${clip(error)}, ${meaning}, ${sends ?? null}, ${at},
      ${pauses}, ${SAME_TROUBLE_SECONDS})`;
  return row ?? { alerted: false, meaning };
}

/**
 * Stores that a send's outcome is unknown. `breakAfter` is given when the provider gave no clear answer: after that many in a row
 * the provider is paused. Returns whether an alert was raised.
 */
export async function attemptUnknown(
  sql: Sql,
  { orderId, batch, attempt, sends }: AttemptKey,
  detail: string,
  breakAfter: number | null = null,
  at = new Date(),
): Promise<boolean> {
  const [row] = await sql<{ alerted: boolean }[]>`
    select attempt_unknown(${orderId}, ${batch}, ${attempt}, ${clip(detail)}, ${sends ?? null}, ${at},
      ${breakAfter}, ${pausesOf('trouble')}, ${SAME_TROUBLE_SECONDS}) as alerted`;
  return row?.alerted === true;
}

/** Stores the decision that an unknown attempt was not placed, or (`givenUp`) that it is given up. */
export async function attemptReleased(
  sql: Sql,
  { orderId, batch, attempt }: AttemptKey,
  why: string,
  givenUp: boolean,
): Promise<void> {
  await sql`select attempt_released(${orderId}, ${batch}, ${attempt}, ${clip(why)}, ${givenUp})`;
}

/** The provider an attempt was sent to. */
export async function readAttemptProvider(sql: Sql, { orderId, batch, attempt }: AttemptKey): Promise<number | null> {
  const [row] = await sql<{ provider: number }[]>`
    select provider_id as provider from attempts
      where order_id = ${orderId} and batch = ${batch} and attempt = ${attempt}`;
  return row?.provider ?? null;
}

const clip = (text: string): string => storable(text, LIMITS.providerText);
