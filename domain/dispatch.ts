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
  /** There is no route (left) to try. */
  | { readonly kind: 'exhausted' };

/** How a definite error of a provider is to be taken. */
export type ErrorMeaning = 'refused' | 'wait' | 'providerTrouble';

/** Fewer characters than this in common would let a stray word decide about money. */
const DEFINITE: readonly (readonly [RegExp, ErrorMeaning])[] = [
  // The same target is still running there: not a refusal, the order waits for it to end.
  [/^neworder\.error\.link_duplicate$|active order with this link/i, 'wait'],
  // The provider's account or key is at fault, not the order.
  [
    /not_enough_funds|insufficient_(funds|balance)|not enough (funds|balance)|insufficient (funds|balance)/i,
    'providerTrouble',
  ],
  [/^(invalid|incorrect|wrong) api key|^(invalid|incorrect) key$/i, 'providerTrouble'],
  [/rate limit|too many requests/i, 'providerTrouble'],
  // The order itself is not wanted.
  [/^neworder\.error\./i, 'refused'],
  [
    /^error\.incorrect_service_id$|(incorrect|invalid|unknown|inactive) service|service (is )?(disabled|inactive|not found)/i,
    'refused',
  ],
  [/(incorrect|invalid|bad|wrong) link|link (is )?(invalid|incorrect|not found)/i, 'refused'],
  [
    /quantity (less than|more than)|(less|more) than (minimal|minimum|maximum)|(incorrect|invalid) quantity/i,
    'refused',
  ],
  [/(incorrect|invalid) (comments|username|usernames|hashtag|answer|media|request|action)/i, 'refused'],
];

/**
 * What an error text of a provider means, when it is one that is known to say "no order was placed"; undefined for every
 * other text, and then the outcome is unknown.
 */
export const meaningOfError = (text: string): ErrorMeaning | undefined =>
  DEFINITE.find(([pattern]) => pattern.test(text.trim()))?.[1];

/** Seconds to wait before the next try, growing from 5 s to 5 min with the number of tries already made. */
export const waitBeforeRetry = (tries: number): number => Math.min(5 * 2 ** Math.max(tries - 1, 0), 300);
