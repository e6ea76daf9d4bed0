/** What PostgreSQL says about its events and transactions at one moment. */
export interface EventMark {
  /** The highest id of an event that can be seen. */
  readonly newest: number;
  /** All transactions with an id below this one have ended. */
  readonly oldest: bigint;
  /** The id of the next transaction that begins. */
  readonly next: bigint;
}

/**
 * Finds up to which id the events are whole. An event gets its id before its transaction commits, so one with a higher id may be
 * seen first, and a reader who goes on after that one would never see the other. An event below a mark's `newest` that cannot be
 * seen belongs to a transaction that had begun by then: once all of these have ended, the events up to that mark are whole.
 */
export function createEventHorizon(): { readonly take: (mark: EventMark) => number } {
  let whole = 0;
  let pending: EventMark | undefined;
  return {
    /** Takes a new mark; returns the id up to which no further event can appear. It never falls. */
    take: (mark) => {
      if (pending !== undefined && mark.oldest >= pending.next) {
        whole = Math.max(whole, pending.newest);
        pending = undefined;
      }
      // No transaction is under way at all.
      if (mark.oldest >= mark.next) whole = Math.max(whole, mark.newest);
      else if (mark.newest > whole) pending ??= mark;
      return whole;
    },
  };
}
