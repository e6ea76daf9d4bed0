import { describe, expect, it } from 'vitest';
import { undeliveredQuantity, whyNoReorder } from '../../domain/placement/reorder.ts';

describe('what can be ordered again', () => {
  it('is what an order did not deliver, of all its runs', () => {
    expect(undeliveredQuantity({ totalQuantity: 3_000, delivered: 1_200 })).toBe(1_800);
    expect(undeliveredQuantity({ totalQuantity: 1_000, delivered: 0 })).toBe(1_000);
  });

  it('is the rest of a Partial order, and the whole of a Canceled one, whatever ended it', () => {
    expect(whyNoReorder({ status: 'Partial', totalQuantity: 1_000, delivered: 999 })).toBeUndefined();
    expect(whyNoReorder({ status: 'Canceled', totalQuantity: 1_000, delivered: 0 })).toBeUndefined();
  });

  it.each(['Pending', 'Processing', 'In progress'] as const)('is nothing of an order that is %s', (status) => {
    expect(whyNoReorder({ status, totalQuantity: 1_000, delivered: 400 })).toEqual({
      code: 'order_open',
      reason: `the order has not ended: ${status}; what is left may still be delivered`,
    });
  });

  it('is nothing of a Completed order', () => {
    expect(whyNoReorder({ status: 'Completed', totalQuantity: 1_000, delivered: 1_000 })).toEqual({
      code: 'nothing_undelivered',
      reason: 'everything was delivered',
    });
  });
});
