/** When the runs of a drip-feed are due. Times are absolute, so that small delays do not add up to a drift over weeks. */

/** A run that is sent later than this was missed (a pause, an outage), and shifts the rest of the schedule. */
const LATE_MS = 60_000;

/** The shortest time for which a run is held: each time costs events. */
const HELD_MS = 600_000;

/** When a run that could not begin at `now` is due again. */
export const dueAfterHold = (now: number, intervalMs: number): number => now + Math.max(intervalMs, HELD_MS);

/**
 * When the run after this one is due. After a run on time, the schedule keeps its grid. After a missed run the schedule starts
 * again from now, so that missed runs never come in a burst.
 */
export const nextDue = (due: number, sentAt: number, intervalMs: number): number =>
  (sentAt - due > LATE_MS ? sentAt : due) + intervalMs;

/**
 * When the next run is due after a run that waited for a provider until `leftAt`. It stays on the grid if at least half an
 * interval is left between them. Otherwise the schedule starts again from `leftAt`, so that delayed runs never come in a burst.
 */
export const dueAfterWait = (nextDue: number, leftAt: number, intervalMs: number): number =>
  nextDue - leftAt < intervalMs / 2 ? leftAt + intervalMs : nextDue;
