/** When the runs of a drip-feed are due, in absolute times, so that nothing adds up to a drift over weeks. */

/** A send that is late by more than this was missed (a pause, an outage): the rest of the schedule shifts. */
const LATE_MS = 60_000;

/**
 * When the run after this one is due. On time, the schedule keeps its grid; after a run that was missed it starts again
 * from now, so that missed runs never come in a burst.
 */
export const nextDue = (due: number, sentAt: number, intervalMs: number): number =>
  (sentAt - due > LATE_MS ? sentAt : due) + intervalMs;

/**
 * When the run after one is due that no provider took for a while: on its grid, while there is at least half an interval
 * between them; else the schedule starts again from there, so that what waited does not come in a burst either.
 */
export const dueAfterWait = (nextDue: number, leftAt: number, intervalMs: number): number =>
  nextDue - leftAt < intervalMs / 2 ? leftAt + intervalMs : nextDue;
