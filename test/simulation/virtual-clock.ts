/**
 * One time for everything in this process and in its database: it stands still until it is moved. `Date` and
 * `performance.now()` follow it; in the database `clock_timestamp()` does, see simulated-database.ts.
 */
const RealDate = Date;
const realPerformanceNow = performance.now.bind(performance);

export interface VirtualClock {
  /** Milliseconds since 1970. */
  readonly now: number;
  moveTo(moment: number): void;
  /** The database is told what time it is, where it was not; to be awaited before it is asked for anything. */
  tell(): Promise<void>;
  /** The real time again. */
  stop(): void;
}

export function virtualClock(start: number, setTime: (now: number) => Promise<void>): VirtualClock {
  let [now, told] = [start, 0];
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
    moveTo(moment) {
      now = Math.max(moment, now);
    },
    async tell() {
      if (told === now) return;
      told = now;
      await setTime(now);
    },
    stop() {
      globalThis.Date = RealDate;
      performance.now = realPerformanceNow;
    },
  };
}
