import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  completeSince,
  type Listing,
  lookFor,
  nextLook,
  type Sought,
  showsOurs,
  soughtOf,
} from '../../domain/dispatch/find-unknown-send.ts';
import type { ListedOrder, OddRow } from '../../domain/dispatch/order-listing.ts';
import { runs } from '../support/run/scale.ts';

const SENT = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;
const SKEW = 5 * MINUTE;

const sought: Sought = { service: '7', target: 'https://www.example.com/p/1/', quantity: 1000, sentAt: SENT };
const listed = (more: Partial<ListedOrder> = {}): ListedOrder => ({
  providerOrder: '501',
  service: '7',
  link: 'http://example.com/p/1',
  quantity: 1000,
  at: SENT + 1_000,
  status: 'Pending',
  ...more,
});
const whole = (...orders: ListedOrder[]): Listing => ({
  orders,
  odd: [],
  completeSince: Number.NEGATIVE_INFINITY,
  showsOurs: true,
});
const alone = { owned: new Set<string>(), rivals: [], skewMs: SKEW };

describe('a send that is looked for in a list of orders', () => {
  it('is found when exactly one order there is like it, whatever way the link is written', () => {
    expect(lookFor(sought, whole(listed()), alone)).toEqual({ kind: 'found', order: listed() });
  });

  it.each<[string, Partial<ListedOrder>]>([
    ['another link', { link: 'https://example.com/p/2' }],
    ['another service', { service: '8' }],
    ['another quantity', { quantity: 999 }],
    ['a time two days before', { at: SENT - 2 * 24 * 60 * MINUTE }],
  ])('is not the order with %s', (_, more) => {
    expect(lookFor(sought, whole(listed(more)), alone)).toEqual({ kind: 'none' });
  });

  it.each<[string, Partial<ListedOrder>]>([
    ['no link', { link: null }],
    ['no service', { service: null }],
    ['no quantity', { quantity: null }],
    ['no time', { at: null }],
    ['a time long before', { at: SENT - SKEW - 1 }],
    ['a time long after', { at: SENT + 30_000 + SKEW + 1 }],
  ])('may be the order with %s, and a person says so', (_, more) => {
    expect(lookFor(sought, whole(listed(more)), alone)).toMatchObject({ kind: 'candidates' });
  });

  it('is for a person when two orders may be it, though one of them is far off', () => {
    const far = listed({ providerOrder: '400', at: SENT - 60 * MINUTE });
    expect(lookFor(sought, whole(listed(), far), alone)).toMatchObject({ kind: 'candidates', orders: [{}, {}] });
  });

  it('is for a person when another of our sends may own the order', () => {
    const near = { ...alone, rivals: [SENT - MINUTE] };
    expect(lookFor(sought, whole(listed()), near)).toMatchObject({ kind: 'candidates' });
    const longAgo = { ...alone, rivals: [SENT - 2 * SKEW - MINUTE] };
    expect(lookFor(sought, whole(listed()), longAgo)).toMatchObject({ kind: 'found' });
  });

  it('is never an order of which we know whose it is', () => {
    expect(lookFor(sought, whole(listed()), { ...alone, owned: new Set(['501']) })).toEqual({ kind: 'none' });
  });

  it('is not known to be missing, nor to be the only one, in a list that does not go back far enough', () => {
    const short = { odd: [], completeSince: SENT - SKEW + 1, showsOurs: true };
    expect(lookFor(sought, { orders: [], ...short }, alone)).toEqual({ kind: 'unclear' });
    expect(lookFor(sought, { orders: [listed()], ...short }, alone)).toMatchObject({ kind: 'candidates' });
  });

  it('is not known to be missing in a list that does not show our orders as we know them', () => {
    expect(lookFor(sought, { ...whole(), showsOurs: false }, alone)).toEqual({ kind: 'unclear' });
    expect(lookFor(sought, { ...whole(listed()), showsOurs: false }, alone)).toMatchObject({ kind: 'found' });
  });

  it.each<[string, Partial<OddRow>, string, string]>([
    ['says nothing', { service: null, link: null, quantity: null, at: null }, 'unclear', 'found'],
    ['says that it is like it', {}, 'unclear', 'candidates'],
    ['says that it is for another link', { link: 'https://example.com/p/2' }, 'none', 'found'],
    ['says that it is from long before', { at: SENT - 48 * 60 * MINUTE }, 'none', 'found'],
  ])('beside a row without an id that %s is %s when it is not there, and %s when it is', (_, said, without, withIt) => {
    const { providerOrder: _id, status: _status, ...like } = listed();
    const odd = [{ ...like, ...said }];
    expect(lookFor(sought, { ...whole(), odd }, alone).kind).toBe(without);
    expect(lookFor(sought, { ...whole(listed()), odd }, alone).kind).toBe(withIt);
  });

  it('of a package or a subscription is not compared by quantity', () => {
    const facts = { service: '7', link: 'https://example.com/p/1', username: 'ann', quantity: 3, sentAt: SENT };
    expect(soughtOf('Package', facts)).toMatchObject({ quantity: null, target: facts.link });
    expect(soughtOf('Subscriptions', facts)).toMatchObject({ quantity: null, target: 'ann' });
    expect(soughtOf('Custom Comments', facts)).toMatchObject({ quantity: 3 });
    expect(soughtOf('Default', facts)).toMatchObject({ quantity: 3 });
  });

  it('is found only where one order alone can be it, whatever is listed', () => {
    const order = fc.record({
      providerOrder: fc.constantFrom('1', '2', '3', '4'),
      service: fc.constantFrom('7', '8', null),
      link: fc.constantFrom('https://example.com/p/1', 'https://example.com/p/2', null),
      quantity: fc.constantFrom(1000, 999, null),
      at: fc.option(fc.integer({ min: SENT - 3 * SKEW, max: SENT + 3 * SKEW })),
      status: fc.constant('Pending'),
    });
    const surroundings = fc.record({
      owned: fc.subarray(['1', '2']).map((ids) => new Set(ids)),
      rivals: fc.array(fc.integer({ min: SENT - 3 * SKEW, max: SENT + 3 * SKEW }), { maxLength: 2 }),
      skewMs: fc.constant(SKEW),
    });
    fc.assert(
      fc.property(fc.array(order, { maxLength: 4 }), surroundings, fc.boolean(), (orders, around, isWhole) => {
        const since = isWhole ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
        const finding = lookFor(sought, { orders, odd: [], completeSince: since, showsOurs: true }, around);
        if (finding.kind !== 'found') return;
        const { order: it } = finding;
        expect([isWhole, around.owned.has(it.providerOrder), it.service, it.quantity]).toEqual([
          true,
          false,
          '7',
          1000,
        ]);
        expect(Math.abs((it.at ?? 0) - SENT)).toBeLessThanOrEqual(SKEW + 30_000);
        const like = orders.filter(
          (one) => !around.owned.has(one.providerOrder) && one.link !== 'https://example.com/p/2',
        );
        expect(like.filter(({ service, quantity }) => service !== '8' && quantity !== 999)).toEqual([it]);
      }),
      { numRuns: runs(2_000) },
    );
  });
});

describe('a list', () => {
  const other = listed({ providerOrder: '502', link: 'https://example.com/p/2' });
  const ours = new Map([
    ['501', sought],
    ['502', { ...sought, target: 'https://example.com/p/2' }],
  ]);

  it('shows our orders when it has one and each that it has is as we sent it', () => {
    expect(showsOurs([listed(), listed({ providerOrder: '9', service: '8' })], ours)).toBe(true);
    expect(showsOurs([listed({ link: null, quantity: null, at: null }), other], ours)).toBe(true);
  });

  it.each<[string, ListedOrder[]]>([
    ['is empty', []],
    ['has only the orders of others', [listed({ providerOrder: '9' })]],
    ['names services by name', [listed({ service: 'Followers' })]],
    ['writes links in its own way', [listed({ link: 'example.com/go?to=1' })]],
    ['counts otherwise', [listed({ quantity: 600 })]],
    ['has a clock that is days behind', [listed({ at: SENT - 48 * 60 * MINUTE })]],
    ['shows one of two otherwise', [listed(), { ...other, service: 'Followers' }]],
  ])('does not when it %s', (_, orders) => {
    expect(showsOurs(orders, ours)).toBe(false);
  });
});

describe('a list that was read page by page', () => {
  const at = (...times: (number | null)[]) => times.map((time) => listed({ at: time }));

  it('is whole at its end, and otherwise goes back to its oldest order', () => {
    expect(completeSince(at(3, 2, 1), true)).toBe(Number.NEGATIVE_INFINITY);
    expect(completeSince([], true)).toBe(Number.NEGATIVE_INFINITY);
    expect(completeSince(at(9, 5, 5, 3), false)).toBe(4);
  });

  it('is not disturbed by a row that does not say when', () => {
    expect(completeSince(at(9, null, 5, 3), false)).toBe(4);
    expect(completeSince(at(9, 5, 3, null), false)).toBe(4);
  });

  it.each([
    ['is not newest first', at(1, 2, 3)],
    ['says of half of it only when that was', at(3, null, 1, null)],
    ['is a full page of nothing', []],
  ])('proves nothing when it %s', (_, orders) => {
    expect(completeSince(orders, false)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the next look', () => {
  it('comes as planned, then at the last interval, and never in the past', () => {
    const plan = [60, 300, 900, 3_600];
    const next = (looks: number, after: number) => (nextLook(plan, looks, SENT, SENT + after) - SENT) / 1_000;
    expect([next(1, 61_000), next(2, 301_000), next(3, 901_000)]).toEqual([300, 900, 3_600]);
    expect(next(4, 3_601_000)).toBe(7_201);
    expect(next(1, 86_400_000)).toBe(86_401);
  });
});
