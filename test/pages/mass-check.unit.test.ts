import { expect, test } from 'vitest';
import { shownLines } from '../../api/pages/app/placing/mass-check.tsx';

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
