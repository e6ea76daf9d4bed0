import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ATTENTIONS, finalStatus, isFinal, ORDER_STATUSES, percentDelivered } from '../../domain/order/status.ts';
import { runs } from '../support/run/scale.ts';

describe('how an order ends', () => {
  it.each([
    [0, 1000, 'Canceled'],
    [1, 1000, 'Partial'],
    [999, 1000, 'Partial'],
    [1000, 1000, 'Completed'],
    [1, 1, 'Completed'],
  ] as const)('with %i of %i delivered it is %s', (delivered, total, status) => {
    expect(finalStatus(delivered, total)).toBe(status);
  });

  it('is in one of the statuses that it does not leave', () => {
    expect(ORDER_STATUSES.filter(isFinal)).toEqual(['Completed', 'Partial', 'Canceled']);
  });

  it('is the last to be shown of several attentions when nobody knows whether it was placed', () => {
    expect(ATTENTIONS.at(-1)).toBe('uncertain');
    expect(ATTENTIONS[0]).toBe('none');
  });
});

describe('percent delivered', () => {
  it.each([
    [0, 1000, 0],
    [1, 1000, 0],
    [10, 1000, 1],
    [999, 1000, 99],
    [1000, 1000, 100],
  ])('of %i of %i is %i', (delivered, total, percent) => {
    expect(percentDelivered(delivered, total)).toBe(percent);
  });

  it('is 100 only when everything is there, up to the largest order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 13 }), fc.nat({ max: 1000 }), (total, missing) => {
        const delivered = Math.max(total - missing, 0);
        expect(percentDelivered(delivered, total) === 100).toBe(delivered === total);
      }),
      { numRuns: runs(3_000) },
    );
  });
});
