/** Milliseconds a request waits for one query; a healthy PostgreSQL answers sooner. */
export const QUERY_MS = 2_500;

/** Milliseconds a request waits for a whole transaction, which may wait for locks. */
export const TRANSACTION_MS = 8_000;

/** Milliseconds a request waits for figures that must be computed first. */
export const FIGURES_MS = 8_000;

/** Milliseconds after a request gave up until PostgreSQL itself ends the statement. */
export const GRACE_MS = 500;

/** Milliseconds for the last read of a claim, after the caller's deadline has passed. */
export const LAST_LOOK_MS = 1_500;

/** The value of a metric that could not be counted: never zero. */
export const NOT_KNOWN = Number.NaN;
