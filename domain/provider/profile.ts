import type { ProviderStatus } from '../delivery/words.ts';
import { type ErrorMeaning, mayBeQuoted } from '../dispatch/outcome.ts';
import { type OwnWords, withoutOwnWords } from '../dispatch/own-words.ts';
import { LIMITS } from '../limits.ts';

/** How a provider lists its orders, and how far the list can be trusted. */
export interface OrderListing {
  /** The action of its panel API. The call has `limit` and `offset`. */
  readonly action: string;
  /** Orders on one page. */
  readonly pageSize: number;
  /** The largest difference between its times and our clock. */
  readonly skewSeconds: number;
  /** Seconds after an unknown send at which the list is searched. The last of these waits is repeated. */
  readonly looksAfterSeconds: readonly number[];
  /** Whether two whole lists without an order, `graceSeconds` apart, prove that it was not placed. */
  readonly authoritative: boolean;
  readonly graceSeconds: number;
}

/** The meaning of an error that contains this text, in any case. `unknown`: the error proves nothing. */
export interface KnownError {
  readonly text: string;
  readonly means: ErrorMeaning | 'unknown';
}

/** How a provider deviates from other panels. Staff set this data with the provider. */
export interface ProviderProfile {
  /** Checked before the built-in table of errors. */
  readonly definiteErrors: readonly KnownError[];
  /** HTTP statuses that mean: asked too often, and certainly not acted on. */
  readonly throttleStatuses: readonly number[];
  /** Null: the provider cannot list its orders. Most cannot. */
  readonly listsOrders: OrderListing | null;
  /** The provider refuses a second order for a service and link only while one of our orders for them is running there. */
  readonly duplicateGuard: boolean;
  /** The provider is paused after this many sends in a row without a clear answer. */
  readonly breakAfter: number;
  /** Most sends in flight at the same time, across all workers. */
  readonly maxParallelSends: number;
  /** The provider may be called without TLS, although the call carries our key. */
  readonly allowPlainHttp: boolean;
  /** The meaning of its status words, for orders and refills alike. Checked before the built-in table. */
  readonly statusWords: Readonly<Record<string, ProviderStatus>>;
  /** Whether one call can ask about many (`orders=`, `refills=`); null: its answers will show it. */
  readonly lists: boolean | null;
}

/** The calls that can ask about many orders or refills at once. */
export const LIST_ACTIONS = ['status', 'refill_status'] as const;
export type ListAction = (typeof LIST_ACTIONS)[number];

/** When a provider's answers last showed that it knows no lists, by call, in PostgreSQL's time format. */
export type NoLists = Readonly<Partial<Record<ListAction, string>>>;

/** The calls that must ask about each order by itself. Where only the answers showed it, lists are tried again after a day. */
export function callsWithoutLists({ lists }: ProviderProfile, noLists: NoLists, now: number): Set<ListAction> {
  if (lists !== null) return new Set(lists ? [] : LIST_ACTIONS);
  const isRecent = (at: string | undefined) =>
    at !== undefined && now - Date.parse(at) < LIMITS.noListsHours * 3_600_000;
  return new Set(LIST_ACTIONS.filter((action) => isRecent(noLists[action])));
}

export const USUAL_LISTING: OrderListing = {
  action: 'orders',
  pageSize: 100,
  skewSeconds: 300,
  looksAfterSeconds: [60, 300, 900, 3_600],
  authoritative: false,
  graceSeconds: 600,
};

export const USUAL_PROFILE: ProviderProfile = {
  definiteErrors: [],
  throttleStatuses: [429],
  listsOrders: null,
  duplicateGuard: false,
  breakAfter: 3,
  maxParallelSends: 20,
  allowPlainHttp: false,
  statusWords: {},
  lists: null,
};

/** A stored profile, which the API has validated, with the usual value for each missing field. */
export function readProfile(stored: unknown): ProviderProfile {
  const said = (stored ?? {}) as Partial<ProviderProfile>;
  const { listsOrders } = said;
  return {
    definiteErrors: said.definiteErrors ?? USUAL_PROFILE.definiteErrors,
    throttleStatuses: said.throttleStatuses ?? USUAL_PROFILE.throttleStatuses,
    listsOrders: listsOrders == null ? null : { ...USUAL_LISTING, ...listsOrders },
    duplicateGuard: said.duplicateGuard ?? USUAL_PROFILE.duplicateGuard,
    breakAfter: said.breakAfter ?? USUAL_PROFILE.breakAfter,
    maxParallelSends: said.maxParallelSends ?? USUAL_PROFILE.maxParallelSends,
    allowPlainHttp: said.allowPlainHttp ?? USUAL_PROFILE.allowPlainHttp,
    statusWords: said.statusWords ?? USUAL_PROFILE.statusWords,
    lists: said.lists ?? USUAL_PROFILE.lists,
  };
}

/**
 * The meaning of an error text by the profile; undefined when the profile has none. Quotes of the order's `own` words do not
 * count.
 */
export function knownMeaning(
  { definiteErrors }: ProviderProfile,
  error: string,
  own: OwnWords = [],
): KnownError['means'] | undefined {
  const said = withoutOwnWords(error, own);
  const isSaid = ({ text, means }: KnownError) =>
    said.includes(text.toLowerCase()) && !mayBeQuoted(means, text.toLowerCase(), own);
  return definiteErrors.find(isSaid)?.means;
}
