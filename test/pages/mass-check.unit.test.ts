import { expect, test } from 'vitest';
import { shownLines, whyNot } from '../../api/pages/app/placing/mass-check.tsx';

test('a check shows the lines to mend first, and not more than a page holds', () => {
  const lines = Array.from({ length: 500 }, (_, n) => ({
    line: n + 1,
    accepted: n % 100 !== 7,
    ...{ service: 1, totalQuantity: 10, price: '1', errors: [] },
  }));
  const shown = shownLines(lines);
  expect(shown).toHaveLength(200);
  expect(shown.slice(0, 7).map(({ line }) => line)).toEqual([8, 108, 208, 308, 408, 1, 2]);
});

test('a field that a line cannot have is not asked for there', () => {
  const error = (path: string | null) =>
    ({ code: 'invalid_request', title: 'A title', detail: 'a detail', path }) as const;
  expect(whyNot({ errors: [error('comments')] })).toBe(
    'comments – a line has no such field: order this service by itself',
  );
  expect(whyNot({ errors: [error('dripFeed.runs'), error(null)] })).toBe(
    'dripFeed.runs – A title: a detail; A title: a detail',
  );
});
