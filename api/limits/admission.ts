import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { FairSlots } from './fair-slots.ts';

/** An order that an account wants to place. `key`: its Idempotency-Key; null when the request cannot be repeated. */
interface Wanted {
  readonly account: number;
  readonly key: string | null;
}

interface Placing extends Wanted {
  readonly began: number;
}

/** Milliseconds between two decisions about orders, until they have been measured. Counts as much as `PRIOR` measurements. */
const USUAL_GAP_MS = 60;
const PRIOR = 2;

/** The last measurements that count. */
const MEASUREMENTS = 16;

/**
 * Waits are thought to be longer than measured by this factor: more orders at once make the engines slower, and an estimate that is
 * too low costs a caller five seconds for a refusal.
 */
const CAUTION = 1.25;

/** With fewer orders in the line, the engines wait for orders, and the time between two says nothing about them. */
const BUSY = 8;

/** Without a decision for so many milliseconds, the engines may have stopped. Then an order is let in so often, to find out. */
const STOPPED_MS = 2_000;
const PROBE_MS = 500;

/**
 * Refuses to place an order that would wait too long, before anything is written: then the caller knows that there is no order.
 * Each API process measures for itself how much time passes from one decision about an order to the next while many wait. The
 * orders of other processes make that longer, so they count too.
 */
export class Admission {
  readonly #placing = new Set<Placing>();
  /**
   * Engines that get more orders at once finish no more of them, and lose some: a Temporal server abandons a hand-out that takes
   * longer than a second, and repeats it only after the task's timeout. An order that waits for something of its own must not keep
   * out others, so its slot ends.
   */
  readonly #slots = new FairSlots({ atOnce: LIMITS.placingAtOnce, slotMs: LIMITS.placingSlotMs });
  readonly #now: () => number;
  readonly #gaps: number[] = [];
  /** When an order was last decided, or the line last began to form. */
  #lastProgress = 0;
  #lastProbe = 0;

  /** `now`: a clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @throws Refusal `overloaded` when an order of this account would wait too long now. */
  require(account: number): void {
    const now = this.#now();
    const { length, own } = this.#line(account, now);
    if (length < LIMITS.placingAlways) return;
    const isFew = own < LIMITS.placingFew;
    const waitMs = (length + 1) * this.#gapMs() * CAUTION;
    const mostMs = isFew ? LIMITS.placingWaitFewMs : LIMITS.placingWaitMs;
    if (waitMs > mostMs || !(isFew || this.#mayFindOut(now))) {
      throw new Refusal('overloaded', undefined, retryAfter(waitMs - mostMs));
    }
  }

  /** Whether the engines work, or it is time to try. That none is decided can also be because those in the line hang. */
  #mayFindOut(now: number): boolean {
    if (now - this.#lastProgress <= STOPPED_MS) return true;
    if (now - this.#lastProbe < PROBE_MS) return false;
    this.#lastProbe = now;
    return true;
  }

  /**
   * Runs `work`, which places an order, when the account's turn comes. `isDecided` says whether the engines have decided about the
   * order. Returns undefined without running it when the turn does not come in `waitMs`.
   */
  async inTurn<T>(
    wanted: Wanted,
    waitMs: number,
    work: () => Promise<T>,
    isDecided: (result: T) => boolean,
  ): Promise<{ readonly result: T } | undefined> {
    const began = this.#now();
    if (this.#placing.size === 0) this.#lastProgress = began;
    const placing = { ...wanted, began };
    this.#placing.add(placing);
    try {
      return await this.#slots.run(wanted.account, waitMs, async () => {
        const result = await work();
        if (isDecided(result)) this.#decided();
        return result;
      });
    } finally {
      this.#placing.delete(placing);
    }
  }

  /** Whether one of these keys of the account is being placed now. */
  isPlacing(account: number, keys: readonly string[]): boolean {
    for (const { account: other, key } of this.#placing)
      if (other === account && key !== null && keys.includes(key)) return true;
    return false;
  }

  #decided(): void {
    const now = this.#now();
    if (this.#placing.size >= BUSY && this.#gaps.push(now - this.#lastProgress) > MEASUREMENTS) this.#gaps.shift();
    this.#lastProgress = now;
  }

  #gapMs(): number {
    const sum = this.#gaps.reduce((all, gap) => all + gap, USUAL_GAP_MS * PRIOR);
    return sum / (this.#gaps.length + PRIOR);
  }

  /**
   * The orders that a new one of this account waits for: those that the engines have, and of those that wait for a slot the ones
   * whose turns come before. An order that waits for longer than any may, waits for something of its own.
   */
  #line(account: number, now: number): { readonly length: number; readonly own: number } {
    const { all, before } = this.#slots.waiting(account);
    let [length, own] = [before - all, 0];
    for (const { account: other, began } of this.#placing) {
      if (now - began > LIMITS.placingWaitFewMs) continue;
      length += 1;
      if (other === account) own += 1;
    }
    return { length, own };
  }
}

/** Whole seconds, from 1 to 10, until the line is short enough. */
const retryAfter = (ms: number): number => Math.min(Math.max(Math.ceil(ms / 1_000), 1), 10);
