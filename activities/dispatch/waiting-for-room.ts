/** An order that has not asked for this long waits in another process, or no longer waits. */
const FORGOTTEN_MS = 180_000;

/**
 * Counts what waits in this process for room at each peer: orders at a provider, deliveries at a receiver. The more of them wait,
 * the less often each asks.
 */
export class WaitingForRoom {
  readonly #forgottenMs: number;
  readonly #asked = new Map<number | string, Map<number | string, number>>();

  /** `forgottenMs`: longer than the longest wait from one question to the next. */
  constructor(forgottenMs = FORGOTTEN_MS) {
    this.#forgottenMs = forgottenMs;
  }

  /** Adds an asker that found no room; returns how many wait at the peer, this one included. */
  add(peer: number | string, asker: number | string, now = Date.now()): number {
    this.#forget(now - this.#forgottenMs);
    const askers = this.#asked.get(peer) ?? new Map<number | string, number>();
    this.#asked.set(peer, askers);
    // The askers that asked last are at the end.
    askers.delete(asker);
    askers.set(asker, now);
    return askers.size;
  }

  /** Removes an asker that no longer waits. */
  delete(asker: number | string): void {
    for (const [peer, askers] of this.#asked) {
      if (askers.delete(asker) && askers.size === 0) this.#asked.delete(peer);
    }
  }

  /** Removes all that have not asked since `until`, in milliseconds. */
  #forget(until: number): void {
    for (const [peer, askers] of this.#asked) {
      for (const [asker, at] of askers) {
        if (at > until) break;
        askers.delete(asker);
      }
      if (askers.size === 0) this.#asked.delete(peer);
    }
  }
}
