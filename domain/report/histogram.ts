/**
 * How often a duration fell into each of a few buckets, so that counts of any length of time need little room and can be added up.
 * Bucket 0 has what is below 1; from there three buckets double the duration, so a percentile is exact to about a tenth. The unit
 * is the caller's. db/functions/report/histogram.sql has the same buckets.
 */
export type Histogram = readonly number[];

/** Enough for 100 days in seconds. What is longer is counted in the last bucket. */
const BUCKETS = 72;
const PER_DOUBLING = 3;

/** The bucket of a duration. */
export const bucketOf = (duration: number): number =>
  duration < 1 ? 0 : Math.min(1 + Math.floor(Math.log2(duration) * PER_DOUBLING), BUCKETS - 1);

/** Both histograms together; the shorter one has zeros at its end. */
export const addUp = (one: Histogram, other: Histogram): Histogram =>
  Array.from({ length: Math.max(one.length, other.length) }, (_, at) => (one[at] ?? 0) + (other[at] ?? 0));

/** The histogram with one more duration. */
export const withOne = (counts: Histogram, duration: number): Histogram =>
  addUp(counts, [...Array.from({ length: bucketOf(duration) }, () => 0), 1]);

export const countOf = (counts: Histogram): number => counts.reduce((sum, count) => sum + count, 0);

/** The duration that a share (0 to 1) of all does not exceed; null when there are none. */
export function percentileOf(counts: Histogram, share: number): number | null {
  const wanted = countOf(counts) * share;
  if (wanted === 0) return null;
  let before = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && before + count >= wanted) return within(bucket, (wanted - before) / count);
    before += count;
  }
  return null;
}

/** The duration at a part of the way through a bucket. */
const within = (bucket: number, part: number): number =>
  bucket === 0 ? part : 2 ** ((bucket - 1 + part) / PER_DOUBLING);
