import { describe, expect, it } from 'vitest';
import { agrees, disagreement } from '../../domain/delivery/verification.ts';
import { readCountAnswer } from '../../domain/provider/answers.ts';

const shows = (gained: number) => ({ kind: 'counted', start: 5_000, count: 5_000 + gained }) as const;

describe('a target', () => {
  it.each<[number, number, number, boolean]>([
    [1000, 1000, 0, true],
    [999, 1000, 0, false],
    [950, 1000, 5, true],
    [949, 1000, 5, false],
    [1200, 1000, 5, true],
    [-20, 1000, 5, false],
    // For few items the tolerance is less than one item.
    [9, 10, 5, false],
    [0, 1, 99, false],
    [0, 1000, 100, true],
  ])('that shows %i of %i with a tolerance of %i %%: %s', (gained, delivered, tolerance, agreed) => {
    expect(agrees(shows(gained), delivered, tolerance)).toBe(agreed);
  });

  it('that nobody could count agrees with nothing', () => {
    expect(agrees({ kind: 'unanswered' }, 1, 100)).toBe(false);
    expect(agrees({ kind: 'none' }, 1, 100)).toBe(false);
  });

  it('that disagrees is put in words with both numbers', () => {
    expect(disagreement(shows(420), 1000)).toBe('the provider says 1000, the target shows 420');
    expect(disagreement({ kind: 'unanswered' }, 1000)).toBe('the provider says 1000, the target could not be counted');
  });
});

describe('the answer of a counter source', () => {
  it.each([
    ['{"count": 1234}', 1234],
    ['{"count": "1234", "of": "x"}', 1234],
    ['\uFEFF{"count": 0}', 0],
  ])('%s is read', (body, count) => {
    expect(readCountAnswer(200, body)).toBe(count);
  });

  it.each([
    [200, ''],
    [200, '1234'],
    [200, '{"count": -1}'],
    [200, '{"count": 1.5}'],
    [200, '{"count": null}'],
    [200, '{"error": "rate limit"}'],
    [200, '<html>'],
    [302, '{"count": 1}'],
    [500, '{"count": 1}'],
  ])('%i %s says nothing', (status, body) => {
    expect(readCountAnswer(status, body)).toBeNull();
  });
});
