/** How long a request waits for one answer of the database, in milliseconds: what takes longer is not well. */
export const QUERY_MS = 2_500;

/** The same for a whole transaction that others may hold up. */
export const TRANSACTION_MS = 8_000;
