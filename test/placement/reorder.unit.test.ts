import { describe, expect, it } from 'vitest';
import { takersOf } from '../../api/placement/reorders.ts';
import type { ReorderOffer } from '../../db/placement/reorders.ts';
import { parseRate, type Rate } from '../../domain/ledger/money.ts';
import { reorderRequest, undeliveredQuantity, whyNoReorder } from '../../domain/placement/reorder.ts';

describe('what can be ordered again', () => {
  it('is what an order did not deliver, of all its runs', () => {
    expect(undeliveredQuantity({ totalQuantity: 3_000, delivered: 1_200 })).toBe(1_800);
    expect(undeliveredQuantity({ totalQuantity: 1_000, delivered: 0 })).toBe(1_000);
  });

  it('is the rest of a Partial order, and the whole of a Canceled one, whatever ended it', () => {
    expect(
      whyNoReorder({ status: 'Partial', totalQuantity: 1_000, delivered: 999, reorderedBy: null }),
    ).toBeUndefined();
    expect(whyNoReorder({ status: 'Canceled', totalQuantity: 1_000, delivered: 0, reorderedBy: null })).toBeUndefined();
  });

  it.each(['Pending', 'Processing', 'In progress'] as const)('is nothing of an order that is %s', (status) => {
    expect(whyNoReorder({ status, totalQuantity: 1_000, delivered: 400, reorderedBy: null })).toEqual({
      code: 'order_open',
      reason: `the order has not ended: ${status}; what is left may still be delivered`,
    });
  });

  it('is nothing of a Completed order', () => {
    expect(whyNoReorder({ status: 'Completed', totalQuantity: 1_000, delivered: 1_000, reorderedBy: null })).toEqual({
      code: 'nothing_undelivered',
      reason: 'everything was delivered',
    });
  });

  it('is nothing of an order whose rest was ordered again already', () => {
    expect(whyNoReorder({ status: 'Partial', totalQuantity: 1_000, delivered: 400, reorderedBy: 10_002 })).toEqual({
      code: 'already_reordered',
      reason: 'order 10002 orders the rest of this order',
    });
  });
});

describe('the request that orders the rest', () => {
  const link = 'https://example.com/p/1';
  const partial = { id: 7, status: 'Partial', totalQuantity: 4, delivered: 1, link, fields: {} } as const;

  it('names the order, the same target and what was not delivered', () => {
    expect(reorderRequest({ ...partial, type: 'Default' }, { service: 9, reference: 'again' })).toEqual({
      service: 9,
      reference: 'again',
      link,
      quantity: 3,
      reorderOf: 7,
    });
  });

  it('has the last lines of a list, whose number is the quantity', () => {
    const fields = { comments: 'one\ntwo\nthree\nfour' };
    expect(reorderRequest({ ...partial, type: 'Custom Comments', fields }, { service: 9 })).toEqual({
      service: 9,
      link,
      fields: { comments: 'two\nthree\nfour' },
      reorderOf: 7,
    });
  });

  it('keeps the other fields of its type, and is again one package', () => {
    const mentions = { ...partial, type: 'Mentions Hashtag', fields: { hashtag: '#sea' } };
    expect(reorderRequest(mentions, { service: 9 })).toMatchObject({ quantity: 3, fields: { hashtag: '#sea' } });
    const canceled = { ...partial, status: 'Canceled', type: 'Package', totalQuantity: 1, delivered: 0 } as const;
    expect(reorderRequest(canceled, { service: 9 })).toEqual({ service: 9, link, reorderOf: 7 });
  });

  it('follows the user name of a subscription for the posts that are left', () => {
    const fields = { username: 'ann', min: '10', max: '20', delay: '0', posts: '3', old_posts: '1' };
    expect(reorderRequest({ ...partial, type: 'Subscriptions', link: 'ann', fields }, { service: 9 })).toEqual({
      service: 9,
      fields: { username: 'ann', min: '10', max: '20', delay: '0', posts: '3' },
      reorderOf: 7,
    });
  });
});

describe('the offers that take the rest', () => {
  const offer = (id: number, more: Partial<ReorderOffer['service']> = {}): ReorderOffer => ({
    service: {
      ...{ id, name: `Service ${id}`, type: 'Custom Comments', rate: parseRate('2') as Rate, min: 1, max: 100 },
      ...{ unlimitedPosts: null, dripFeed: false, linkPattern: null, active: true, ignoredLinkParameters: [] },
      openRoutes: [{ min: null, max: null }],
      ...more,
    },
    averageSeconds: null,
    partialShare: null,
  });
  const order = { id: 7, status: 'Partial', totalQuantity: 4, delivered: 1, type: 'Custom Comments' } as const;
  const link = 'https://example.com/p/1';

  it('are those whose limits, step and pattern it keeps, the cheapest first', () => {
    const offers = [
      offer(1),
      offer(2, { min: 4 }),
      offer(3, { max: 2 }),
      offer(4, { step: 2 }),
      offer(5, { linkPattern: 'nothing' }),
      offer(6, { rate: parseRate('1') as Rate }),
    ];
    const takers = takersOf({ ...order, link, fields: { comments: 'one\ntwo\nthree\nfour' } }, offers);
    expect(takers.map(({ service, price }) => [service.id, price])).toEqual([
      [6, 300_000n],
      [1, 600_000n],
    ]);
  });

  it('read its comments as often for two hundred services as for one', () => {
    const readsFor = (services: number): number => {
      let reads = 0;
      const fields = {
        get comments(): string {
          reads += 1;
          return 'one\ntwo\nthree\nfour';
        },
      };
      const offers = Array.from({ length: services }, (_, at) => offer(at + 1));
      expect(takersOf({ ...order, link, fields }, offers)).toHaveLength(services);
      return reads;
    };
    expect(readsFor(200)).toBe(readsFor(1));
  });
});
