import { LIMITS } from '../limits.ts';
import { type OwnWords, withoutOwnWords } from './own-words.ts';

/**
 * The outcome of one attempt to place a batch with a provider. Panel API v2 has no idempotency key, so money and orders stay
 * right only if "provably not placed" and "may have been placed" are told apart. The provider's text is not included: it may
 * quote a link, so it stays in PostgreSQL.
 */
export type DispatchOutcome =
  | {
      readonly kind: 'accepted';
      readonly provider: number;
      readonly providerOrder: string;
      /** When the provider accepted, in milliseconds since 1970. */
      readonly at: number;
    }
  /** The provider definitely refused: the next attempt goes to the next route. */
  | { readonly kind: 'refused'; readonly provider: number }
  /** The provider definitely did not take the batch now, but may take it later: the batch is tried again after a wait. */
  | { readonly kind: 'wait'; readonly provider: number; readonly seconds: number }
  /** The batch may or may not have been placed: a person or evidence decides. */
  | { readonly kind: 'unknown'; readonly provider: number }
  /** The providers of the remaining routes are paused or full. Nothing was sent; the same attempt is made again later. */
  | { readonly kind: 'paused'; readonly seconds: number }
  /** An earlier order for the link has not ended. Nothing was sent. */
  | { readonly kind: 'queued' }
  /** No route is left. */
  | { readonly kind: 'exhausted' };

/** The kinds of a provider's trouble: our balance there, our key, too many calls, no connection, or another. */
const TROUBLES = ['funds', 'key', 'throttled', 'unreachable', 'trouble'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** The meanings of a provider's definite error: the order is refused, it must wait, or the provider is in trouble. */
export const ERROR_MEANINGS = ['refused', 'wait', ...TROUBLES] as const;
export type ErrorMeaning = (typeof ERROR_MEANINGS)[number];

export const isTrouble = (meaning: string): meaning is Trouble => (TROUBLES as readonly string[]).includes(meaning);

/** Lower-case error texts that prove that no order was placed: as the whole text, its beginning, or any part of it. */
interface DefiniteError {
  readonly means: ErrorMeaning;
  readonly is?: readonly string[];
  readonly begins?: readonly string[];
  readonly has?: readonly string[];
}

const both = (firsts: readonly string[], seconds: readonly string[]): string[] =>
  firsts.flatMap((first) => seconds.map((second) => `${first} ${second}`));

/**
 * The first match counts. The texts are specific on purpose: a loose match could decide about money. They are plain text, not
 * patterns, so that a hostile answer of any length costs at most one pass for each.
 */
const DEFINITE: readonly DefiniteError[] = [
  // An order for the same target is still running there: not a refusal, the order waits until it has ended.
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
  // The provider refuses the order itself.
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
 * The meaning of a provider's error text that proves "no order was placed"; undefined for any other text, whose outcome is
 * unknown. Only the part of the text that is stored is checked, without quotes of the order's `own` words.
 */
export function meaningOfError(text: string, own: OwnWords = []): ErrorMeaning | undefined {
  const said = withoutOwnWords(text.slice(0, LIMITS.providerText), own).trim();
  return DEFINITE.find(({ means, is = [], begins = [], has = [] }) => {
    const says = (part: string, isThere: boolean) => isThere && !mayBeQuoted(means, part, own);
    return (
      is.some((part) => says(part, said === part)) ||
      begins.some((part) => says(part, said.startsWith(part))) ||
      has.some((part) => says(part, said.includes(part)))
    );
  })?.means;
}

/**
 * Whether a text that means trouble may be a quote of the order in a form that is not recognised. One order's words must not
 * decide about the orders of others, so the text then does not count.
 */
export const mayBeQuoted = (means: string, part: string, own: OwnWords): boolean =>
  isTrouble(means) && own.some((word) => word.includes(part));

/** Seconds to wait before the next try: from 5 s, doubled with each try, to 5 min. */
export const waitBeforeRetry = (tries: number): number => Math.min(5 * 2 ** Math.max(tries - 1, 0), 300);

/** The longest automatic pause of a provider, in seconds. A waiting order tries again at least this often. */
const LONGEST_PAUSE = 900;

/** The first pause for each trouble, in seconds. Throttling ends soonest; the other troubles usually need a person. */
const FIRST_PAUSE: Readonly<Record<Trouble, number>> = {
  funds: 30,
  key: 30,
  throttled: 5,
  unreachable: 30,
  trouble: 30,
};

/** A pause that begins within this time after the last one continues its series of growing pauses. */
export const SAME_TROUBLE_SECONDS = 3_600;

/**
 * The lengths of a provider's pauses in a row, in seconds: each is twice the one before, and the last repeats. None is shorter
 * than the provider's Retry-After, up to the longest pause.
 */
export function pausesOf(trouble: Trouble, askedFor = 0): number[] {
  const pauses = [FIRST_PAUSE[trouble]];
  for (let last = FIRST_PAUSE[trouble]; last < LONGEST_PAUSE; pauses.push(last))
    last = Math.min(2 * last, LONGEST_PAUSE);
  return pauses.map((pause) => Math.max(pause, Math.min(askedFor, LONGEST_PAUSE)));
}

/** Seconds over which the orders that wait for a provider are spread. */
const SPREAD_SECONDS = 10;

/**
 * Seconds until a waiting order tries again, when the first pause of its providers ends in `seconds`. Orders come back one after
 * the other, so that the first failure pauses the provider again before the others are sent. Orders that have failed there come
 * last, because they themselves may be the cause. No wait is longer than the longest pause, because staff may end a pause early.
 */
export const waitForPause = (seconds: number, orderId: number, hasFailed = false): number =>
  Math.ceil(Math.min(Math.max(seconds, 0), LONGEST_PAUSE)) +
  1 +
  (orderId % SPREAD_SECONDS) +
  (hasFailed ? SPREAD_SECONDS : 0);

/** How long a send asks whether a full provider has room. Afterwards the order itself waits, and its review clock runs. */
export const FULL_PATIENCE_SECONDS = 30;

/** Target rate, over all orders that wait for one full provider. Each asks again whether there is room. */
const ASKS_A_SECOND = 40;

/** Seconds until a send asks again for room, when `waiting` orders wait for the provider. Differs by order, to spread them. */
export const waitForRoom = (asked: number, waiting: number, orderId: number): number =>
  Math.min(Math.max(Math.min(2 ** Math.max(asked - 1, 0), 4), waiting / ASKS_A_SECOND), 60) *
  (0.5 + (orderId % SPREAD_SECONDS) / SPREAD_SECONDS);

/** Seconds that an order itself waits for a provider that had no room for FULL_PATIENCE_SECONDS. */
export const waitForFull = (waiting: number, orderId: number): number =>
  Math.ceil(Math.min(Math.max((2 * waiting) / ASKS_A_SECOND, 15), 120)) + (orderId % SPREAD_SECONDS);
