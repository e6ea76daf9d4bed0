import { linkKey } from '../catalogue/link.ts';
import { isServiceType, ruleOf } from '../catalogue/service-types.ts';
import { DEADLINES } from '../limits.ts';
import type { ListedOrder, OddRow } from './order-listing.ts';

/** A send whose arrival is unknown, as it would look in its provider's list. Times: milliseconds since 1970. */
export interface Sought {
  readonly service: string;
  /** Whom or what it was for. */
  readonly target: string;
  /** Null where the provider's figure says nothing about ours. */
  readonly quantity: number | null;
  readonly sentAt: number;
}

/** What a provider's list showed, as far as it was read. */
export interface Listing {
  readonly orders: readonly ListedOrder[];
  /** Rows whose id cannot be read. */
  readonly odd: readonly OddRow[];
  /** Every order placed since then is among these; Infinity when that is not proved. */
  readonly completeSince: number;
}

/** What else there is on our side. */
export interface Surroundings {
  /** Orders of the provider that we know whose they are. */
  readonly owned: ReadonlySet<string>;
  /** When our other unknown sends for the same service and target left. */
  readonly rivals: readonly number[];
  readonly skewMs: number;
}

/** What a look showed. `none` is said only of a list that would have shown it. */
export type Finding =
  | { readonly kind: 'found'; readonly order: ListedOrder }
  | { readonly kind: 'candidates'; readonly orders: readonly ListedOrder[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear' };

/** How far back an order is still one that it may be: clocks that are set to another time zone are known. */
const FAR_OFF_MS = 24 * 3_600_000;

/** The service types whose listed quantity is ours. */
const COUNTED = ['given', 'comments', 'usernames'];

/** What is looked for. `quantity` is that of the batch. */
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

/** Nothing that is listed of it speaks against it being the one. */
const mayBe = (sought: Sought, { service, link, quantity }: OddRow): boolean =>
  (link === null || linkKey(link) === linkKey(sought.target)) &&
  (service === null || service === sought.service) &&
  (quantity === null || sought.quantity === null || quantity === sought.quantity);

/** Everything that can be listed of it says that it is the one. */
const isLike = (sought: Sought, { service, link, quantity }: OddRow): boolean =>
  service !== null && link !== null && (quantity !== null || sought.quantity === null);

/** Whether an order that was placed at that moment may come from a request that left at the other. */
const fits = (at: number | null, sentAt: number, skewMs: number): boolean =>
  at !== null && at >= sentAt - skewMs && at <= sentAt + DEADLINES.send + skewMs;

/**
 * Looks for a send among its provider's orders. It is found only when exactly one order there may be it, every field of that
 * order says so, no order of ours owns it, and no other of our sends may own it; all else is for a person. A row whose id cannot be read is
 * never it, but it may hide it: then the list does not prove that it is not there. One that says as much as the order that was
 * found is another that may be it.
 */
export function lookFor(sought: Sought, listing: Listing, { owned, rivals, skewMs }: Surroundings): Finding {
  const fitsIn = (row: OddRow) => mayBe(sought, row) && (row.at === null || row.at >= sought.sentAt - FAR_OFF_MS);
  const orders = listing.orders.filter((order) => !owned.has(order.providerOrder) && fitsIn(order));
  const hidden = listing.odd.filter(fitsIn);
  const [only] = orders;
  const isComplete = listing.completeSince <= sought.sentAt - skewMs;
  if (only === undefined) return { kind: isComplete && hidden.length === 0 ? 'none' : 'unclear' };
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
 * Since when a list that was read page by page is complete: it goes back to there without a gap when it is newest first. Some
 * rows without a time that can be read do not disturb that order; it has to show in the others, which must be the most.
 * `reachedEnd`: its last page was not a full one.
 */
export function completeSince(rows: readonly OddRow[], reachedEnd: boolean): number {
  if (reachedEnd) return Number.NEGATIVE_INFINITY;
  const times = rows.flatMap(({ at }) => at ?? []);
  const newestFirst = times.every((at, index) => at <= (times[index - 1] ?? Number.POSITIVE_INFINITY));
  const oldest = times.at(-1);
  // Others of the same moment may be on the page that was not read.
  return newestFirst && oldest !== undefined && 2 * times.length > rows.length ? oldest + 1 : Number.POSITIVE_INFINITY;
}

/** When to look next after so many looks, in milliseconds since 1970. */
export function nextLook(looksAfterSeconds: readonly number[], looks: number, sentAt: number, now: number): number {
  const planned = sentAt + (looksAfterSeconds[looks] ?? Number.POSITIVE_INFINITY) * 1_000;
  const last = looksAfterSeconds.at(-1) ?? 3_600;
  return Number.isFinite(planned) ? Math.max(planned, now + 1_000) : now + last * 1_000;
}
