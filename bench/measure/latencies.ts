/** Milliseconds of many waits. */
export interface Latencies {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** @throws Error when there are none. */
export function latenciesOf(milliseconds: readonly number[]): Latencies {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  return {
    count: sorted.length,
    p50: percentile(sorted, 50),
    p95: percentile(sorted, 95),
    p99: percentile(sorted, 99),
    max: percentile(sorted, 100),
  };
}

/** The smallest value that so many percent of the values do not exceed. */
function percentile(sorted: readonly number[], percent: number): number {
  const value = sorted[Math.max(Math.ceil((sorted.length * percent) / 100), 1) - 1];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

/** Runs `act` and measures how long it takes. */
export async function timed<T>(act: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const from = performance.now();
  const result = await act();
  return { result, ms: performance.now() - from };
}
