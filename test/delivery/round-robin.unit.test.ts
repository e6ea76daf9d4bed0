import { describe, expect, it } from 'vitest';
import { createRoundRobin } from '../../activities/delivery/round-robin.ts';

describe('when only some can be asked about in one round', () => {
  it('each has its turn, wherever the first one begins', () => {
    const all = Array.from({ length: 23 }, (_, n) => n);
    for (const random of [0, 0.5, 0.999]) {
      const roundRobin = createRoundRobin(() => random);
      const seen = Array.from({ length: 3 }, () => roundRobin.next('provider 1', all, 10));
      expect(seen.map(({ length }) => length)).toEqual([10, 10, 10]);
      expect(new Set(seen.flat()).size).toBe(23);
    }
  });

  it('all have, when there are no more than that', () => {
    expect(createRoundRobin().next('provider 1', [1, 2, 3], 3)).toEqual([1, 2, 3]);
    expect(createRoundRobin().next('provider 1', [], 3)).toEqual([]);
  });

  it('the turns of one provider are not those of another', () => {
    const roundRobin = createRoundRobin(() => 0);
    expect(roundRobin.next('one', [1, 2, 3], 2)).toEqual([1, 2]);
    expect(roundRobin.next('other', [1, 2, 3], 2)).toEqual([1, 2]);
    expect(roundRobin.next('one', [1, 2, 3], 2)).toEqual([3, 1]);
  });

  it('those that have gone meanwhile are passed over', () => {
    const roundRobin = createRoundRobin(() => 0);
    roundRobin.next('one', [1, 2, 3, 4, 5, 6], 4);
    expect(roundRobin.next('one', [1, 2, 3], 2)).toEqual([2, 3]);
  });
});
