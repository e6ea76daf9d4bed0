import { countOf, type Histogram, percentileOf } from './histogram.ts';

/** Orders without which neither the last day nor the weeks before say anything. */
const ENOUGH_LATELY = 10;
const ENOUGH_BEFORE = 50;
/** A service is slow at this many times its own time, and slow no longer below the other: so an alert does not come and go. */
const SLOW = 2;
const SLOW_NO_LONGER = 1.5;
/** Seconds above the usual that are no delay, however many times the usual they are. */
const LEAST_MORE = 60;

export interface ServiceTimes {
  /** Seconds to Completed of the last day, and of the weeks before it. */
  readonly lately: Histogram;
  readonly before: Histogram;
  /** Whether the service was slow when this was asked last. */
  readonly wasSlow: boolean;
}

/** Says that a service takes longer than in its own last weeks; undefined when it does not, or when too few orders ended. */
export function whySlow({ lately, before, wasSlow }: ServiceTimes): string | undefined {
  if (countOf(lately) < ENOUGH_LATELY || countOf(before) < ENOUGH_BEFORE) return undefined;
  const [now, usual] = [percentileOf(lately, 0.5) ?? 0, percentileOf(before, 0.5) ?? 0];
  const limit = Math.max(usual * (wasSlow ? SLOW_NO_LONGER : SLOW), usual + LEAST_MORE);
  if (now <= limit) return undefined;
  return `half of its orders of the last day took more than ${duration(now)} to Completed; in the weeks before ${duration(usual)}`;
}

/** Two digits are enough to see that something is slow, and do not change with every order. */
function duration(seconds: number): string {
  const minutes = Number((seconds / 60).toPrecision(2));
  return minutes < 120 ? `${minutes} min` : `${Number((minutes / 60).toPrecision(2))} h`;
}
