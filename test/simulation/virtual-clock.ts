/**
 * One clock for this process and its database. It stands still until it is moved. `Date` and `performance.now()` follow it, and
 * so does `clock_timestamp()` in the database, see simulated-database.ts.
 */
const RealDate = Date;
const realPerformanceNow = performance.now.bind(performance);

export interface VirtualClock {
  /** Milliseconds since 1970. */
  readonly now: number;
  moveTo(moment: number): void;
  /** Sets the database's clock if it is behind. Await it before any query. */
  tell(): Promise<void>;
  /** Restores the real clock. */
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
  // Deadlines inside an exchange run in real time. But a process that was frozen for an hour must see that hour pass.
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
