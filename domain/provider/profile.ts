import type { ProviderStatus } from '../delivery/words.ts';
import type { ErrorMeaning } from '../dispatch/outcome.ts';
import { LIMITS } from '../limits.ts';

/** How a provider's orders can be listed, and how far that may be trusted. */
export interface OrderListing {
  /** The action of its panel API; it is sent `limit` and `offset`. */
  readonly action: string;
  /** Orders on one page. */
  readonly pageSize: number;
  /** How far its clock, and the times it writes, may be from ours. */
  readonly skewSeconds: number;
  /** When it is looked through after a send whose outcome is not known; the last of these waits is repeated. */
  readonly looksAfterSeconds: readonly number[];
  /** Whether what its whole list does not show, twice and so long apart, was not placed. */
  readonly authoritative: boolean;
  readonly graceSeconds: number;
}

/** An error that contains this text, whatever its case, means this; `unknown`: it proves nothing. */
export interface KnownError {
  readonly text: string;
  readonly means: ErrorMeaning | 'unknown';
}

/** How a provider deviates from the others: data that staff give with the provider. */
export interface ProviderProfile {
  /** Asked before what is known of the errors of all panels. */
  readonly definiteErrors: readonly KnownError[];
  /** HTTP statuses with which it says that it was asked too often, and then surely has not acted. */
  readonly throttleStatuses: readonly number[];
  /** Null: it cannot list its orders, as most cannot. */
  readonly listsOrders: OrderListing | null;
  /** It refuses a second order for a service and link while one of ours is running there, and for no other reason. */
  readonly duplicateGuard: boolean;
  /** Sends in a row without a clear answer after which it is in trouble. */
  readonly breakAfter: number;
  /** Sends it may have in flight at the same time, of all workers together. */
  readonly maxParallelSends: number;
  /** It may be reached without TLS, our key there included. */
  readonly allowPlainHttp: boolean;
  /** What its words for a status mean, of orders and refills alike; asked before what is known of all panels. */
  readonly statusWords: Readonly<Record<string, ProviderStatus>>;
  /** Whether it can be asked about many in one call (`orders=`, `refills=`); null: that shows by its answers. */
  readonly lists: boolean | null;
}

/** Calls about many orders, or refills. */
export const LIST_ACTIONS = ['status', 'refill_status'] as const;
export type ListAction = (typeof LIST_ACTIONS)[number];

/** When a provider showed last that it knows no lists in a call, as PostgreSQL writes times. */
export type NoLists = Readonly<Partial<Record<ListAction, string>>>;

/** The calls in which a provider is asked about each order by itself. What showed by its answers is tried again after a day. */
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

/** A profile as it was stored, which the border has checked; what it does not say is as usual. */
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

/** What the profile itself says of an error text. */
export const knownMeaning = ({ definiteErrors }: ProviderProfile, error: string): KnownError['means'] | undefined =>
  definiteErrors.find(({ text }) => error.toLowerCase().includes(text.toLowerCase()))?.means;
