import type { VirtualClock } from './virtual-clock.ts';

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly act: () => Promise<void>;
}

/** A seed of a few orders takes some hundred steps. This limit ends an endless loop. */
const MOST_STEPS = 200_000;

/** All future events of a simulation. They happen one at a time, in the order of their times; nothing runs in parallel. */
export class Agenda {
  private entries: Entry[] = [];
  private made = 0;
  private taken = 0;
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  get now(): number {
    return this.clock.now;
  }

  /** Sets the database's clock. Call it before any query. */
  tell(): Promise<void> {
    return this.clock.tell();
  }

  /** @returns a function that removes the entry. */
  at(moment: number, act: () => Promise<void>): () => void {
    this.made += 1;
    const entry = { at: Math.max(moment, this.now), order: this.made, act };
    this.entries.push(entry);
    return () => {
      this.entries = this.entries.filter((one) => one !== entry);
    };
  }

  in(ms: number, act: () => Promise<void>): () => void {
    return this.at(this.now + ms, act);
  }

  /** Runs everything that is due by then, including entries added meanwhile. */
  async runUntil(moment: number): Promise<void> {
    for (;;) {
      const due = this.entries.reduce<Entry | undefined>(
        (first, one) =>
          one.at <= moment &&
          (first === undefined || one.at < first.at || (one.at === first.at && one.order < first.order))
            ? one
            : first,
        undefined,
      );
      if (due === undefined) break;
      this.taken += 1;
      if (this.taken > MOST_STEPS) throw new Error(`the simulation does not end: more than ${MOST_STEPS} steps`);
      this.entries = this.entries.filter((one) => one !== due);
      // Every step takes at least a millisecond, so that no two happen at the same time.
      this.clock.moveTo(Math.max(due.at, this.now + 1));
      await due.act();
    }
    if (moment > this.now) this.clock.moveTo(moment);
    await this.tell();
  }
}
