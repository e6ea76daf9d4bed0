/** Seconds since a moment of `Date.now()`, for a person at the terminal: `5.8`. */
export const secondsSince = (since: number): string => ((Date.now() - since) / 1000).toFixed(1);
