/** Seconds since `since` (a `Date.now()` value), for a terminal: `5.8`. */
export const secondsSince = (since: number): string => ((Date.now() - since) / 1000).toFixed(1);
