import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readFieldsOf, type ServiceType } from '../../domain/catalogue/service-types.ts';
import { type ErrorCode, Refusal } from '../../domain/errors.ts';
import { formatMoney, MAX_PRICE, parseRate, type Rate } from '../../domain/ledger/money.ts';
import { judgeOrder, type OrderRequest, orderTerms, type ServiceTerms } from '../../domain/placement/order-terms.ts';
import { runs } from '../support/run/scale.ts';

const followers: ServiceTerms = {
  type: 'Default',
  rate: parseRate('0.90') as Rate,
  min: 10,
  max: 100_000,
  unlimitedPosts: null,
  dripFeed: true,
  linkPattern: null,
  active: true,
  openRoutes: [{ min: null, max: null }],
};
const request: OrderRequest = { service: 1, link: 'https://example.com/p/1', quantity: 1000 };

function refusal(asked: Partial<OrderRequest>, service: Partial<ServiceTerms> = {}): ErrorCode | 'no refusal' {
  try {
    orderTerms({ ...request, ...asked }, { ...followers, ...service });
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'no refusal';
}

describe('an order that fits its service', () => {
  it('is priced by the rate per 1000', () => {
    const terms = orderTerms(request, followers);
    expect(terms).toMatchObject({ quantity: 1000, runs: 1, intervalMinutes: null, totalQuantity: 1000 });
    expect(formatMoney(terms.price)).toBe('0.9');
    expect(formatMoney(terms.unitPrice)).toBe('0.0009');
  });

  it('may be of any quantity that one of the routes takes', () => {
    const openRoutes = [
      { min: 1, max: 999 },
      { min: 1_000, max: 1_000 },
    ];
    expect(refusal({}, { openRoutes })).toBe('no refusal');
  });

  it('of a service with a step is a multiple of it, in each run', () => {
    const dripFeed = { runs: 3, intervalMinutes: 30 };
    expect(refusal({ quantity: 1000 }, { step: 250 })).toBe('no refusal');
    expect(refusal({ quantity: 1001 }, { step: 250 })).toBe('quantity_not_multiple');
    expect(refusal({ quantity: 250, dripFeed }, { step: 250 })).toBe('no refusal');
    // The sum of all runs would be a multiple.
    expect(refusal({ quantity: 100, dripFeed }, { step: 300 })).toBe('quantity_not_multiple');
    expect(refusal({ quantity: undefined }, { type: 'Package', min: 1, max: 1, step: 10 })).toBe('no refusal');
  });

  it('needs a route that takes multiples which it is one of', () => {
    expect(refusal({ quantity: 1000 }, { openRoutes: [{ min: null, max: null, step: 300 }] })).toBe('no_route');
    expect(refusal({ quantity: 900 }, { openRoutes: [{ min: null, max: null, step: 300 }] })).toBe('no refusal');
  });

  it('as a drip-feed costs every run', () => {
    const terms = orderTerms({ ...request, dripFeed: { runs: 5, intervalMinutes: 30 } }, followers);
    expect(terms).toMatchObject({ quantity: 1000, runs: 5, intervalMinutes: 30, totalQuantity: 5000 });
    expect(formatMoney(terms.price)).toBe('4.5');
  });

  it('of a package is one, with or without saying so', () => {
    const type: Partial<ServiceTerms> = { type: 'Package', rate: parseRate('12.5') as Rate, min: 1, max: 1 };
    for (const quantity of [undefined, 1]) {
      const terms = orderTerms({ ...request, quantity }, { ...followers, ...type });
      expect(terms.totalQuantity).toBe(1);
      expect(formatMoney(terms.price)).toBe('12.5');
    }
  });

  it('may be exactly at the minimum, the maximum and the caller’s own limit', () => {
    expect(refusal({ quantity: 10 })).toBe('no refusal');
    expect(refusal({ quantity: 100_000 })).toBe('no refusal');
    expect(refusal({ maxCharge: '90000000' })).toBe('no refusal');
  });
});

describe('an order is refused', () => {
  it.each<[string, ErrorCode, Partial<OrderRequest>, Partial<ServiceTerms>?]>([
    ['when its service is not sold any more', 'unknown_service', {}, { active: false }],
    ['when no route carries it', 'no_route', {}, { openRoutes: [] }],
    [
      'when no route carries so many, one less and one more',
      'no_route',
      {},
      {
        openRoutes: [
          { min: 1, max: 999 },
          { min: 1_001, max: null },
        ],
      },
    ],
    ['when the type of its service cannot be ordered', 'unsupported_type', {}, { type: 'Livestream' }],
    ['when the type is a word of the language only', 'unsupported_type', {}, { type: 'constructor' }],
    ['when its link is none', 'invalid_link', { link: 'somebody' }],
    ['when its link does not fit the pattern', 'invalid_link', {}, { linkPattern: '@\\w+' }],
    ['without a quantity', 'invalid_quantity', { quantity: undefined }],
    ['for nothing', 'invalid_quantity', { quantity: 0 }],
    ['for less than nothing', 'invalid_quantity', { quantity: -1000 }],
    ['for half an item', 'invalid_quantity', { quantity: 1000.5 }],
    ['for what is no number', 'invalid_quantity', { quantity: Number.NaN }],
    ['for more than a number can say', 'invalid_quantity', { quantity: Number.MAX_SAFE_INTEGER + 1 }],
    ['below the minimum', 'quantity_below_min', { quantity: 9 }],
    ['above the maximum', 'quantity_above_max', { quantity: 100_001 }],
    ['for a package with a quantity', 'unexpected_field', { quantity: 2 }, { type: 'Package' }],
    [
      'as a drip-feed where there is none',
      'drip_feed_unavailable',
      { dripFeed: { runs: 2, intervalMinutes: 1 } },
      { dripFeed: false },
    ],
    [
      'when its price is above 90 billion',
      'price_too_large',
      { dripFeed: { runs: 10_000, intervalMinutes: 1 }, quantity: 100_000 },
      { rate: parseRate('100000') as Rate },
    ],
    ['when it costs more than the caller wants to pay', 'charge_above_max', { maxCharge: '89999999' }],
    [
      'when there are more items than an order may have',
      'quantity_above_max',
      { quantity: 2_000_000_000, dripFeed: { runs: 10_000, intervalMinutes: 1 } },
      { max: 2_000_000_000, rate: 0n as Rate },
    ],
  ])('%s', (_, code, asked, service) => {
    expect(refusal(asked, service)).toBe(code);
  });

  it('or has a price that is the product, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.record({ quantity: fc.integer(), runs: fc.integer({ min: 1, max: 10_000 }) }),
        fc.record({ rate: fc.bigInt({ min: 0n, max: 10n ** 14n - 1n }), type: fc.constantFrom('Default', 'Package') }),
        ({ quantity, runs }, { rate, type }) => {
          const asked = { ...request, quantity, dripFeed: { runs, intervalMinutes: 1 } };
          try {
            const terms = orderTerms(asked, { ...followers, type, rate: rate as Rate, min: 1, max: 2 ** 31 - 1 });
            expect(terms.price).toBe(terms.unitPrice * BigInt(terms.totalQuantity));
            expect(terms.price <= MAX_PRICE).toBe(true);
            expect(terms.totalQuantity).toBe(terms.quantity * terms.runs);
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
          }
        },
      ),
      { numRuns: runs(5_000) },
    );
  });
});

describe('every fault of a request is named', () => {
  const faults = (asked: OrderRequest, service: Partial<ServiceTerms> = {}) =>
    judgeOrder(asked, { ...followers, ...service }).faults.map(({ code, detail }) => detail ?? code);

  it('and the first of them is the one that refuses the order', () => {
    const asked = { ...request, link: 'nowhere', quantity: 7, maxCharge: '1', fields: { comments: 'a', posts: '3' } };
    const dripFeed = { runs: 2, intervalMinutes: 5 };
    expect(faults({ ...asked, dripFeed }, { dripFeed: false, openRoutes: [] })).toEqual([
      'a link begins with https:// or http://',
      'comments',
      'posts',
      'the minimum is 10',
      'drip_feed_unavailable',
    ]);
    expect(faults({ ...asked, link: 'https://', quantity: 10 }, { openRoutes: [] })).toEqual([
      'invalid_link',
      'comments',
      'posts',
      'no_route',
      'charge_above_max',
    ]);
    expect(refusal(asked)).toBe('invalid_link');
  });

  it('beside the price of a known quantity', () => {
    const { cost, faults } = judgeOrder({ service: 1, quantity: 1000 }, followers);
    expect([faults[0]?.code, cost && formatMoney(cost.price)]).toEqual(['invalid_link', '0.9']);
    expect(judgeOrder({ ...request, quantity: 9 }, followers).cost).toBeUndefined();
  });

  it('for all fields of a type, and for how they fit together', () => {
    const subscription = { type: 'Subscriptions', unlimitedPosts: 100 };
    const fields = { min: '5', max: '200000', delay: '7', expiry: 'soon' };
    expect(faults({ service: 1, link: 'https://example.com/p/1', fields }, subscription)).toEqual([
      expect.stringMatching(/^username: is required/),
      expect.stringMatching(/^delay: one of/),
      expect.stringMatching(/^expiry: a date/),
      'the minimum of a post is 10',
      'the maximum of a post is 100000',
      'link: a subscription has no link',
    ]);
  });

  it('but nothing more of a service that is not sold', () => {
    expect(faults({ service: 1 }, { active: false })).toEqual(['unknown_service']);
    expect(faults({ service: 1 }, { type: 'Livestream' })).toEqual(['the type is Livestream']);
  });
});

test.each<[ServiceType, Record<string, string>]>([
  ['Default', { comments: 'one' }],
  ['Package', {}],
  ['Custom Comments', { comments: 'one\n\ntwo\nthree' }],
  ['Custom Comments', {}],
  ['Comment Replies', { username: 'ann', comments: 'one\ntwo' }],
  ['Mentions Custom List', { usernames: 'ann\nbob' }],
  ['Subscriptions', { username: 'ann', min: '10', max: '20', delay: '0', old_posts: '2' }],
  ['Web Traffic', { country: 'DE', device: '1', type_of_traffic: '1', google_keyword: 'sea' }],
])(
  'a request for the type %s whose fields were read before is judged as ever, and they are not read again',
  (type, fields) => {
    const known = readFieldsOf(type, fields);
    const asked = { ...request, quantity: undefined, fields };
    const unreadable = {
      ...asked,
      get fields(): Record<string, string> {
        throw new Error('the fields are read again');
      },
    };
    const unlimitedPosts = type === 'Subscriptions' ? 100 : null;
    for (const limits of [{}, { min: 1, max: 2 }, { min: 15, max: 19 }, { min: 1, step: 3 }]) {
      const service = { ...followers, unlimitedPosts, ...limits, type };
      expect(judgeOrder(unreadable, service, known)).toEqual(judgeOrder(asked, service));
    }
  },
);
