import { describe, expect, it } from 'vitest';
import { createTurns } from '../../activities/placement/link-queue.ts';

describe('when only some can be asked about in one round', () => {
  it('each has its turn, wherever the first one begins', () => {
    const all = Array.from({ length: 23 }, (_, n) => n);
    for (const random of [0, 0.5, 0.999]) {
      const turns = createTurns(() => random);
      const seen = Array.from({ length: 3 }, () => turns.next('provider 1', all, 10));
      expect(seen.map(({ length }) => length)).toEqual([10, 10, 10]);
      expect(new Set(seen.flat()).size).toBe(23);
    }
  });

  it('all have, when there are no more than that', () => {
    expect(createTurns().next('provider 1', [1, 2, 3], 3)).toEqual([1, 2, 3]);
    expect(createTurns().next('provider 1', [], 3)).toEqual([]);
  });

  it('the turns of one provider are not those of another', () => {
    const turns = createTurns(() => 0);
    expect(turns.next('one', [1, 2, 3], 2)).toEqual([1, 2]);
    expect(turns.next('other', [1, 2, 3], 2)).toEqual([1, 2]);
    expect(turns.next('one', [1, 2, 3], 2)).toEqual([3, 1]);
  });

  it('those that have gone meanwhile are passed over', () => {
    const turns = createTurns(() => 0);
    turns.next('one', [1, 2, 3, 4, 5, 6], 4);
    expect(turns.next('one', [1, 2, 3], 2)).toEqual([2, 3]);
  });
});
