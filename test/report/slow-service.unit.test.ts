import { expect, test } from 'vitest';
import { type Histogram, withOne } from '../../domain/report/histogram.ts';
import { whySlow } from '../../domain/report/slow-service.ts';

const of = (orders: number, seconds: number): Histogram =>
  Array.from({ length: orders }, () => seconds).reduce<Histogram>(withOne, []);
const judged = (lately: Histogram, before: Histogram, wasSlow = false) => whySlow({ lately, before, wasSlow });

test('a service is slow when half of its orders take more than twice its own usual time', () => {
  expect(judged(of(10, 4_000), of(50, 1_200))).toMatch(
    /^half of its orders of the last day took more than \d+ min to Completed; in the weeks before \d+ min$/,
  );
  expect(judged(of(10, 1_900), of(50, 1_200))).toBeUndefined();
  expect(judged(of(10, 100_000), of(50, 1_200))).toContain(' h to Completed');
});

test('too few orders say nothing, and nor do some seconds', () => {
  expect(judged(of(9, 4_000), of(50, 1_200))).toBeUndefined();
  expect(judged(of(10, 4_000), of(49, 1_200))).toBeUndefined();
  expect(judged(of(10, 40), of(50, 5))).toBeUndefined();
  expect(judged([], [])).toBeUndefined();
});

test('a slow service stays slow until it is clearly faster', () => {
  const better = of(10, 2_100);
  expect([judged(better, of(50, 1_200)), judged(better, of(50, 1_200), true)]).toEqual([undefined, expect.any(String)]);
  expect(judged(of(10, 1_500), of(50, 1_200), true)).toBeUndefined();
});
