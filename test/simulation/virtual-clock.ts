/**
 * One time for everything in this process and in its database: it stands still until it is moved. `Date` and
 * `performance.now()` follow it; in the database `clock_timestamp()` does, see simulated-database.ts.
 */
const RealDate = Date;
const realPerformanceNow = performance.now.bind(performance);

export interface VirtualClock {
  /** Milliseconds since 1970. */
  readonly now: number;
  moveTo(moment: number): Promise<void>;
  /** The real time again. */
  stop(): void;
}

/** `moved` is told of every move. */
export function virtualClock(start: number, moved: (now: number) => Promise<void>): VirtualClock {
  let now = start;
  class VirtualDate extends RealDate {
    constructor(...parts: [] | ConstructorParameters<typeof RealDate>) {
      super(...((parts.length === 0 ? [now] : parts) as ConstructorParameters<typeof RealDate>));
    }
    static override now(): number {
      return now;
    }
  }
  globalThis.Date = VirtualDate as DateConstructor;
  // Deadlines within an exchange are real ones, but a process that stood still for an hour has lost that hour.
  performance.now = () => realPerformanceNow() + (now - start);
  return {
    get now() {
      return now;
    },
    async moveTo(moment) {
      now = Math.max(moment, now);
      await moved(now);
    },
    stop() {
      globalThis.Date = RealDate;
      performance.now = realPerformanceNow;
    },
  };
}
