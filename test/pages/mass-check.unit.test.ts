import { expect, test } from 'vitest';
import { shownLines, whyNot } from '../../api/pages/app/placing/mass-check.tsx';
import { resultsOf, unplacedFirst } from '../../api/pages/app/placing/mass-lines.tsx';
import { outcomeOf } from '../../api/pages/app/placing/mass-progress.tsx';

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

test('results have the text of their lines, and those to mend come first', () => {
  const line = (number: number, status: 'placed' | 'refused') => ({ line: number, status, order: null, error: null });
  const lines = [line(1, 'placed'), line(3, 'refused'), line(4, 'placed')];
  const shown = unplacedFirst(resultsOf({ placed: 2, refused: 1, unknown: 0, lines }, '1|a|10\n\n1|b|x\r\n1|c|10'));
  expect(shown.map(({ line: number, text }) => [number, text])).toEqual([
    [3, '1|b|x'],
    [1, '1|a|10'],
    [4, '1|c|10'],
  ]);
});

test('a list is done well only when each of its lines was placed', () => {
  const ended = { status: 'ended', total: 120, refused: 0, canceled: 0 } as const;
  expect(outcomeOf({ ...ended, status: 'placing' })).toEqual({ tint: 'in-progress', word: 'placing' });
  expect(outcomeOf(ended)).toEqual({ tint: 'completed', word: 'ended' });
  expect(outcomeOf({ ...ended, refused: 117 })).toEqual({ tint: 'partial', word: 'ended: 117 refused of 120' });
  expect(outcomeOf({ ...ended, refused: 1, canceled: 2 }).word).toBe('ended: 1 refused and 2 canceled of 120');
  expect(outcomeOf({ ...ended, refused: 120 }).tint).toBe('refused');
});
