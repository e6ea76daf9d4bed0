/** The events that webhooks receive, and the schedule of retries. */

/** The SQL function `is_announced` has the same list; a test compares them. */
export const WEBHOOK_EVENTS = [
  'order.accepted',
  'order.in_progress',
  'order.stalled',
  'order.review',
  'order.completed',
  'order.partial',
  'order.canceled',
  'order.corrected',
  'refill.requested',
  'refill.in_progress',
  'refill.completed',
  'refill.rejected',
] as const;

/** Sent only when a customer asks for a test. */
export const TEST_EVENT = 'webhook.test';

/** Asks the owner of an address for consent. It is the only mail that is sent to an unconfirmed address. */
export const CONFIRM_EVENT = 'webhook.confirm';

/** The receiver id under which all requests to the mail server are counted. Requests to a url are counted by its webhook. */
export const MAIL_RECEIVER = 0;

/**
 * `pending`: before the first attempt. `retrying`: an attempt failed and another follows. `failed`: all attempts failed, or the
 * receiver answered that it is gone. `stopped`: the webhook was disabled or deleted before the delivery ended.
 */
export const DELIVERY_STATES = ['pending', 'retrying', 'delivered', 'failed', 'stopped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Seconds from each failed attempt to the next, as Standard Webhooks proposes: a little more than three days in all. */
export const RETRY_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** Each wait is up to this share longer or shorter, so that deliveries that failed together are not retried together. */
const JITTER = 0.1;

/** The key of a delivery. Its jitter is derived from the key, so it is the same every time. */
export interface DeliveryKey {
  readonly event: number;
  readonly endpoint: number;
}

/** One round of sending an event to a webhook. A replay starts a new round, and results of earlier rounds no longer count. */
export interface DeliveryRound extends DeliveryKey {
  readonly round: number;
}

/** A number from 0 to 1 that looks random (the finalizer of MurmurHash3). */
function fraction({ event, endpoint }: DeliveryKey, retry: number): number {
  let mixed = (event ^ Math.imul(endpoint, 0x9e37_79b1) ^ Math.imul(retry + 1, 0x85eb_ca6b)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** The times of all retries, in milliseconds after the first attempt. */
function retryTimes(key: DeliveryKey): number[] {
  let at = 0;
  return RETRY_SECONDS.map((seconds, retry) => {
    at += Math.round(seconds * 1_000 * (1 + JITTER * (2 * fraction(key, retry) - 1)));
    return at;
  });
}

export interface FailedAttempt extends DeliveryKey {
  /** When the first attempt failed, in milliseconds since 1970, like all times here. */
  readonly begunAt: number;
  readonly now: number;
  /** Seconds from the receiver's Retry-After; 0 without one. */
  readonly retryAfter: number;
}

/**
 * When to try again after a failed attempt; null after the last. The times are absolute: a late attempt or a long Retry-After
 * skips some of them, and no attempt is later than the last of them.
 */
export function nextAttemptAt({ begunAt, now, retryAfter, ...key }: FailedAttempt): number | null {
  const times = retryTimes(key).map((after) => begunAt + after);
  const next = times.find((at) => at > now);
  const last = times.at(-1);
  if (next === undefined || last === undefined) return null;
  return Math.max(next, Math.min(now + retryAfter * 1_000, last));
}

/** Seconds until a delivery that found no room at its receiver asks again: the first time, which doubles, and at most. */
export const BUSY_SECONDS = { first: 3, longest: 300 } as const;

/** Target rate in one process, over all deliveries that wait for one receiver. Each asks again whether there is room. */
const ASKS_A_SECOND = 10;

/**
 * Seconds until a delivery asks its receiver for room again, after it has asked `asked` times, while `waiting` deliveries wait for
 * that receiver. A delivery waits at most BUSY_SECONDS.longest, so that a receiver that answers again soon gets everything. Each
 * wait is up to half shorter, so that the deliveries do not ask together.
 */
export function busySeconds(key: DeliveryKey, asked: number, waiting: number): number {
  const grown = Math.max(BUSY_SECONDS.first * 2 ** Math.max(asked - 1, 0), waiting / ASKS_A_SECOND);
  return Math.min(grown, BUSY_SECONDS.longest) * (1 - fraction(key, asked) / 2);
}

/** Longest Retry-After header that is read: a date needs fewer characters. */
const LONGEST_RETRY_AFTER = 64;

/** Seconds of an answer's Retry-After; 0 without one. Only 429 and 503 may have it. */
export function retryAfterOf(status: number, header: string | undefined, now: number): number {
  if ((status !== 429 && status !== 503) || header === undefined || header.length > LONGEST_RETRY_AFTER) return 0;
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1_000;
  return Number.isFinite(seconds) ? Math.max(Math.ceil(seconds), 0) : 0;
}

/** The public id of an event: the `webhook-id` header of every delivery of it. */
export const eventName = (event: number): string => `evt_${event}`;

/** Reads a public event id; undefined when the text is not one. */
export function readEventName(text: string): number | undefined {
  const [, digits] = /^evt_([1-9]\d{0,14})$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
