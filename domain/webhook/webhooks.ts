/** What customers are told of, and how often it is tried. */

/** The same list is in SQL, `is_announced`; a test compares them. */
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

/** Sent on request only. */
export const TEST_EVENT = 'webhook.test';

/** Asks the reader of an address for their consent; the one mail that is sent without it. */
export const CONFIRM_EVENT = 'webhook.confirm';

/** The requests to a url are counted by its endpoint; those to the mail server together, as this one. */
export const MAIL_RECEIVER = 0;

/**
 * pending: the first attempt is to come; retrying: it failed, others follow; failed: all of them did, or the receiver said
 * that it is gone; stopped: the webhook was disabled or deleted meanwhile.
 */
export const DELIVERY_STATES = ['pending', 'retrying', 'delivered', 'failed', 'stopped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Seconds from one attempt to the next, as Standard Webhooks proposes: three days and a bit after the first, which failed. */
export const RETRY_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** Each pause is so much longer or shorter, so that what failed together does not come back together. */
const JITTER = 0.1;

/** Which delivery: jitter is its own, and the same whenever it is asked for. */
export interface DeliveryKey {
  readonly event: number;
  readonly endpoint: number;
}

/** One telling of an event; a replay is a round of its own, and what earlier rounds find out no longer counts. */
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

/** The moments of all retries, in milliseconds after the first attempt. */
function retryTimes(key: DeliveryKey): number[] {
  let at = 0;
  return RETRY_SECONDS.map((seconds, retry) => {
    at += Math.round(seconds * 1_000 * (1 + JITTER * (2 * fraction(key, retry) - 1)));
    return at;
  });
}

export interface FailedAttempt extends DeliveryKey {
  /** When the first attempt had failed; milliseconds since 1970, as all times here. */
  readonly begunAt: number;
  readonly now: number;
  /** Seconds the receiver asked to be left alone, 0 when it did not ask. */
  readonly retryAfter: number;
}

/**
 * When to try again after an attempt that failed; null when that was the last. The moments are absolute: what comes late, or
 * is asked to wait, skips some of them, and none lies after the last.
 */
export function nextAttemptAt({ begunAt, now, retryAfter, ...key }: FailedAttempt): number | null {
  const times = retryTimes(key).map((after) => begunAt + after);
  const next = times.find((at) => at > now);
  const last = times.at(-1);
  if (next === undefined || last === undefined) return null;
  return Math.max(next, Math.min(now + retryAfter * 1_000, last));
}

/** Characters of a date in a header. */
const LONGEST_RETRY_AFTER = 64;

/** Seconds that an answer asks to be left alone, 0 when it does not: only 429 and 503 may ask. */
export function retryAfterOf(status: number, header: string | undefined, now: number): number {
  if ((status !== 429 && status !== 503) || header === undefined || header.length > LONGEST_RETRY_AFTER) return 0;
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1_000;
  return Number.isFinite(seconds) ? Math.max(Math.ceil(seconds), 0) : 0;
}

/** An event as its receivers know it: the `webhook-id` of every telling of it. */
export const eventName = (event: number): string => `evt_${event}`;

/** Undefined for what cannot be one. */
export function readEventName(text: string): number | undefined {
  const [, digits] = /^evt_([1-9]\d{0,14})$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
