import { linkKey } from '../catalogue/link.ts';
import { isServiceType, ruleOf } from '../catalogue/service-types.ts';
import { DEADLINES } from '../limits.ts';
import type { ListedOrder, OddRow } from './order-listing.ts';

/** A send whose outcome is unknown, as it would appear in its provider's list. Times are milliseconds since 1970. */
export interface Sought {
  readonly service: string;
  /** The link or the user name. */
  readonly target: string;
  /** Null when the quantity in the provider's list cannot be compared with ours. */
  readonly quantity: number | null;
  readonly sentAt: number;
}

/** The part of a provider's list that was read. */
export interface Listing {
  readonly orders: readonly ListedOrder[];
  /** Rows without a readable id. */
  readonly odd: readonly OddRow[];
  /** The list has every order placed since then, in milliseconds since 1970; infinity when that is not proved. */
  readonly completeSince: number;
  /** Whether the list shows orders of ours as we sent them (`showsOurs`). */
  readonly showsOurs: boolean;
}

/** What our side knows about other orders and sends. */
export interface Surroundings {
  /** The provider's orders that already belong to one of our batches or late orders. */
  readonly owned: ReadonlySet<string>;
  /** When our other unknown sends for the same service and target left. */
  readonly rivals: readonly number[];
  readonly skewMs: number;
}

/** The result of a search. `none` is returned only for a list that would have shown the order. */
export type Finding =
  | { readonly kind: 'found'; readonly order: ListedOrder }
  | { readonly kind: 'candidates'; readonly orders: readonly ListedOrder[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear' };

/** How much earlier than the send a matching order may be dated: some panels write times of another time zone. */
const FAR_OFF_MS = 24 * 3_600_000;

/** The quantity rules of service types for which providers list the quantity that we sent. */
const COUNTED = ['given', 'comments', 'usernames'];

/** The send to search for. `quantity` is that of the batch. */
export function soughtOf(
  type: string,
  {
    service,
    link,
    username,
    quantity,
    sentAt,
  }: Omit<Sought, 'target' | 'quantity'> & {
    readonly link: string;
    readonly username: string | null;
    readonly quantity: number;
  },
): Sought {
  const rule = isServiceType(type) ? ruleOf(type) : undefined;
  return {
    service,
    target: rule?.target === 'username' ? (username ?? link) : link,
    quantity: rule === undefined || COUNTED.includes(rule.quantity) ? quantity : null,
    sentAt,
  };
}

/** Whether no field of the row contradicts the send. */
const mayBe = (sought: Sought, { service, link, quantity }: OddRow): boolean =>
  (link === null || linkKey(link) === linkKey(sought.target)) &&
  (service === null || service === sought.service) &&
  (quantity === null || sought.quantity === null || quantity === sought.quantity);

/** Whether the row may be the send, by its fields and its time. */
const fitsIn = (sought: Sought, row: OddRow): boolean =>
  mayBe(sought, row) && (row.at === null || row.at >= sought.sentAt - FAR_OFF_MS);

/**
 * Whether the list shows at least one order of ours, and each of them so that a search for its own send would find it. Without
 * that, a missing order proves nothing: the list may be of another account, or write services and links in its own way. `ours`
 * has the sends of our known orders, by the provider's id.
 */
export function showsOurs(orders: readonly ListedOrder[], ours: ReadonlyMap<string, Sought>): boolean {
  const known = orders.flatMap((order) => {
    const sent = ours.get(order.providerOrder);
    return sent === undefined ? [] : [fitsIn(sent, order)];
  });
  return known.length > 0 && known.every((fits) => fits);
}

/** Whether the row has every field that can be compared with the send. */
const isLike = (sought: Sought, { service, link, quantity }: OddRow): boolean =>
  service !== null && link !== null && (quantity !== null || sought.quantity === null);

/** Whether an order placed at `at` can come from a request that left at `sentAt`. */
const fits = (at: number | null, sentAt: number, skewMs: number): boolean =>
  at !== null && at >= sentAt - skewMs && at <= sentAt + DEADLINES.send + skewMs;

/**
 * Searches for a send among its provider's orders. It is found only when exactly one order there may be it, every field of that
 * order matches, the order belongs to none of our batches, and none of our other unknown sends may be it. Otherwise a person
 * decides. A row without a readable id is never the result. But it may be the send, so the list does not prove that the send is
 * missing; and if all of its fields match, it is a second possible order, so nothing is found.
 */
export function lookFor(sought: Sought, listing: Listing, { owned, rivals, skewMs }: Surroundings): Finding {
  const orders = listing.orders.filter((order) => !owned.has(order.providerOrder) && fitsIn(sought, order));
  const hidden = listing.odd.filter((row) => fitsIn(sought, row));
  const [only] = orders;
  const isComplete = listing.completeSince <= sought.sentAt - skewMs;
  if (only === undefined) {
    return { kind: isComplete && listing.showsOurs && hidden.length === 0 ? 'none' : 'unclear' };
  }
  const isIt =
    orders.length === 1 &&
    !hidden.some((row) => isLike(sought, row)) &&
    isComplete &&
    isLike(sought, only) &&
    fits(only.at, sought.sentAt, skewMs) &&
    !rivals.some((sentAt) => fits(only.at, sentAt, skewMs));
  return isIt ? { kind: 'found', order: only } : { kind: 'candidates', orders };
}

/**
 * Since when a list that was read page by page is complete, in milliseconds since 1970; infinity when that is not proved. A list
 * that is newest first has no gap down to its oldest row. Rows without a readable time are skipped, but more than half must have
 * one. `reachedEnd`: the last page was not full, so the whole list was read.
 */
export function completeSince(rows: readonly OddRow[], reachedEnd: boolean): number {
  if (reachedEnd) return Number.NEGATIVE_INFINITY;
  const times = rows.flatMap(({ at }) => at ?? []);
  const newestFirst = times.every((at, index) => at <= (times[index - 1] ?? Number.POSITIVE_INFINITY));
  const oldest = times.at(-1);
  // The next page, which was not read, may have other orders of the same millisecond.
  return newestFirst && oldest !== undefined && 2 * times.length > rows.length ? oldest + 1 : Number.POSITIVE_INFINITY;
}

/** When to search next after `looks` searches, in milliseconds since 1970. */
export function nextLook(looksAfterSeconds: readonly number[], looks: number, sentAt: number, now: number): number {
  const planned = sentAt + (looksAfterSeconds[looks] ?? Number.POSITIVE_INFINITY) * 1_000;
  const last = looksAfterSeconds.at(-1) ?? 3_600;
  return Number.isFinite(planned) ? Math.max(planned, now + 1_000) : now + last * 1_000;
}
