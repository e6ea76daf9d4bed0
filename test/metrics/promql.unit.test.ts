import { expect, test } from 'vitest';
import { readNames, scrapedNames } from '../support/reads/promql.ts';

test('the names in an expression are those of metrics, not of functions, words or labels', () => {
  const read = readNames(
    'histogram_quantile(0.95, sum by (le, queue) (rate(a_bucket{kind="b(c)", le!="1"}[5m]))) > 1e3 and on (job) absent(b >= 0) or time() - c offset 5m',
  );
  expect(read.metrics).toEqual(['a_bucket', 'b', 'c']);
  expect(read.matchers).toEqual([
    { metric: 'a_bucket', label: 'kind' },
    { metric: 'a_bucket', label: 'le' },
  ]);
  expect(read.groups).toEqual(['le', 'queue', 'job']);
});

test('the names in a scrape are those of series, and of metrics that have none yet', () => {
  const text = '# HELP a b\n# TYPE a histogram\n# TYPE c counter\nd{x="1",y="a} b"} NaN\ne 1\n';
  const names = [...scrapedNames([text])].map(([name, labels]) => [name, [...labels]]);
  expect(names).toEqual([
    ['a_bucket', []],
    ['a_sum', []],
    ['a_count', []],
    ['c', []],
    ['d', ['x', 'y']],
    ['e', []],
  ]);
});
