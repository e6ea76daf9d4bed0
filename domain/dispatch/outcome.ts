import { LIMITS } from '../limits.ts';

/**
 * What became of one attempt to place a batch with a provider; without the provider's words, which may quote a link and stay
 * in PostgreSQL. Panel API v2 has no idempotency key, so the difference
 * between "it provably did not happen" and "it may have happened" decides whether money and orders stay right.
 */
export type DispatchOutcome =
  | {
      readonly kind: 'accepted';
      readonly provider: number;
      readonly providerOrder: string;
      /** When the provider accepted, in milliseconds since 1970. */
      readonly at: number;
    }
  /** The provider refused, definitely: the next attempt goes to the next route. */
  | { readonly kind: 'refused'; readonly provider: number }
  /** The provider cannot take it now, definitely: the same may be tried again later. */
  | { readonly kind: 'wait'; readonly provider: number; readonly seconds: number }
  /** It may or may not have been placed: a person, or evidence, decides. */
  | { readonly kind: 'unknown'; readonly provider: number }
  /** Routes are left, but their providers are paused: nothing was tried, the same attempt is made again later. */
  | { readonly kind: 'paused'; readonly seconds: number }
  /** An earlier order for the link has not ended: this one has not begun. */
  | { readonly kind: 'queued' }
  /** There is no route (left) to try. */
  | { readonly kind: 'exhausted' };

/** What a provider is in trouble with: our balance there, our key, too many calls, no connection, or something else. */
const TROUBLES = ['funds', 'key', 'throttled', 'unreachable', 'trouble'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** How a definite error of a provider is to be taken: the order is not wanted, not now, or the provider has a trouble. */
export const ERROR_MEANINGS = ['refused', 'wait', ...TROUBLES] as const;
export type ErrorMeaning = (typeof ERROR_MEANINGS)[number];

export const isTrouble = (meaning: string): meaning is Trouble => (TROUBLES as readonly string[]).includes(meaning);

/** Texts in lower case that say for certain that there is no order: the whole text, its beginning, or any part of it. */
interface DefiniteError {
  readonly means: ErrorMeaning;
  readonly is?: readonly string[];
  readonly begins?: readonly string[];
  readonly has?: readonly string[];
}

const both = (firsts: readonly string[], seconds: readonly string[]): string[] =>
  firsts.flatMap((first) => seconds.map((second) => `${first} ${second}`));

/**
 * The first that fits counts. Fewer characters than this in common would let a stray word decide about money. They are compared
 * as text, because a provider may say anything at any length: no text takes more than one pass for each.
 */
const DEFINITE: readonly DefiniteError[] = [
  // The same target is still running there: not a refusal, the order waits for it to end.
  { means: 'wait', is: ['neworder.error.link_duplicate'], has: ['active order with this link'] },
  // The provider's account or key is at fault, not the order.
  {
    means: 'funds',
    has: [
      ...['not_enough_funds', 'insufficient_funds', 'insufficient_balance'],
      ...both(['not enough', 'insufficient'], ['funds', 'balance']),
    ],
  },
  {
    means: 'key',
    is: both(['invalid', 'incorrect'], ['key']),
    begins: both(['invalid', 'incorrect', 'wrong'], ['api key']),
  },
  { means: 'throttled', has: ['rate limit', 'too many requests'] },
  // The order itself is not wanted.
  {
    means: 'refused',
    is: ['error.incorrect_service_id'],
    begins: ['neworder.error.'],
    has: [
      ...both(['incorrect', 'invalid', 'unknown', 'inactive'], ['service']),
      ...both(['service', 'service is'], ['disabled', 'inactive', 'not found']),
      ...both(['incorrect', 'invalid', 'bad', 'wrong'], ['link']),
      ...both(['link', 'link is'], ['invalid', 'incorrect', 'not found']),
      ...both(['quantity'], ['less than', 'more than']),
      ...both(['less than', 'more than'], ['minimal', 'minimum', 'maximum']),
      ...both(
        ['incorrect', 'invalid'],
        ['quantity', 'comments', 'username', 'hashtag', 'answer', 'media', 'request', 'action'],
      ),
    ],
  },
];

/**
 * What an error text of a provider means, when it is one that is known to say "no order was placed"; undefined for every
 * other text, and then the outcome is unknown. Of a longer text than is kept only the beginning is looked at.
 */
export function meaningOfError(text: string): ErrorMeaning | undefined {
  const said = text.slice(0, LIMITS.providerText).trim().toLowerCase();
  return DEFINITE.find(
    ({ is = [], begins = [], has = [] }) =>
      is.includes(said) || begins.some((part) => said.startsWith(part)) || has.some((part) => said.includes(part)),
  )?.means;
}

/** Seconds to wait before the next try, growing from 5 s to 5 min with the number of tries already made. */
export const waitBeforeRetry = (tries: number): number => Math.min(5 * 2 ** Math.max(tries - 1, 0), 300);

/** Seconds of the longest pause a provider gets by itself; an order that waits looks again at least this often. */
const LONGEST_PAUSE = 900;

/** Throttling ends soonest; other troubles end when a person acts. */
const FIRST_PAUSE: Readonly<Record<Trouble, number>> = {
  funds: 30,
  key: 30,
  throttled: 5,
  unreachable: 30,
  trouble: 30,
};

/** A pause that begins within so many seconds after the last one is a longer one. */
export const SAME_TROUBLE_SECONDS = 3_600;

/**
 * Seconds of a provider's pauses in a row, each twice the one before; the last is that of all further ones. None is shorter
 * than the provider itself has asked for, within the longest.
 */
export function pausesOf(trouble: Trouble, askedFor = 0): number[] {
  const pauses = [FIRST_PAUSE[trouble]];
  for (let last = FIRST_PAUSE[trouble]; last < LONGEST_PAUSE; pauses.push(last))
    last = Math.min(2 * last, LONGEST_PAUSE);
  return pauses.map((pause) => Math.max(pause, Math.min(askedFor, LONGEST_PAUSE)));
}

/** The orders that wait for a provider come back over so many seconds. */
const SPREAD_SECONDS = 10;

/**
 * Seconds until an order looks again whether a provider takes it, when the first pause ends in `seconds`. Orders come back
 * one after the other: the first that fails pauses the provider again before the others are sent. Those that have failed there
 * come last: it may be their own fault. Staff may end a long pause early, so no order sleeps through all of it.
 */
export const waitForPause = (seconds: number, orderId: number, hasFailed = false): number =>
  Math.ceil(Math.min(Math.max(seconds, 0), LONGEST_PAUSE)) +
  1 +
  (orderId % SPREAD_SECONDS) +
  (hasFailed ? SPREAD_SECONDS : 0);

/** So long a send asks again and again whether its provider has room; then the order itself waits, and its cap runs. */
export const FULL_PATIENCE_SECONDS = 30;

/** The orders that wait for room at a provider ask about so many times a second, all together. */
const ASKS_A_SECOND = 40;

/** Seconds until a send asks again whether its provider has room, when so many wait for it: each order its own. */
export const waitForRoom = (asked: number, waiting: number, orderId: number): number =>
  Math.min(Math.max(Math.min(2 ** Math.max(asked - 1, 0), 4), waiting / ASKS_A_SECOND), 60) *
  (0.5 + (orderId % SPREAD_SECONDS) / SPREAD_SECONDS);

/** Seconds that an order waits for a provider that has had no room for all the time above. */
export const waitForFull = (waiting: number, orderId: number): number =>
  Math.ceil(Math.min(Math.max((2 * waiting) / ASKS_A_SECOND, 15), 120)) + (orderId % SPREAD_SECONDS);
