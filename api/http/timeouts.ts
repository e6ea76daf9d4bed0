/** How long a request waits for one answer of the database, in milliseconds: what takes longer is not well. */
export const QUERY_MS = 2_500;

/** The same for a whole transaction that others may hold up. */
export const TRANSACTION_MS = 8_000;

/** How long figures are waited for that have to be worked out first. */
export const FIGURES_MS = 8_000;

/**
 * What a request gave up ends in the database as well: by being canceled where it reads, and in any case so many milliseconds
 * after its time.
 */
export const GRACE_MS = 500;

/** The same for the last look at a claim, when its caller has waited long enough already. */
export const LAST_LOOK_MS = 1_500;

/** What a scrape of the metrics shows when nobody could count: never a zero. */
export const NOT_KNOWN = Number.NaN;
