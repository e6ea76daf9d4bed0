import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addUp, bucketOf, countOf, type Histogram, percentileOf, withOne } from '../../domain/report/histogram.ts';
import { runs } from '../support/run/scale.ts';

const of = (...durations: number[]): Histogram => durations.reduce<Histogram>(withOne, []);

test('a percentile is within a tenth or so of the exact one, whatever was counted', () => {
  const durations = fc.array(fc.double({ min: 1, max: 5_000_000, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95), (all, share) => {
      const exact = [...all].sort((a, b) => a - b)[Math.ceil(all.length * share) - 1] ?? 0;
      const said = percentileOf(of(...all), share) ?? 0;
      expect(said / exact).toBeGreaterThan(1 / 1.27);
      expect(said / exact).toBeLessThan(1.27);
    }),
    { numRuns: runs(2_000) },
  );
});

test('histograms add up as if everything had been counted in one', () => {
  expect(addUp(of(3, 90), of(90, 2_000_000))).toEqual(of(90, 3, 2_000_000, 90));
  expect(addUp([], of(5))).toEqual(of(5));
  expect(countOf(of(1, 2, 3))).toBe(3);
});

test('what is below one is in the first bucket, and what is too long for all of them in the last', () => {
  expect([bucketOf(0), bucketOf(0.9), bucketOf(1), bucketOf(2), bucketOf(1e12)]).toEqual([0, 0, 1, 4, 71]);
  expect(percentileOf([], 0.5)).toBeNull();
  expect(percentileOf([4], 0.5)).toBe(0.5);
});
