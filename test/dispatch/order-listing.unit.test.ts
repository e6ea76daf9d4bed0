import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readListedOrders } from '../../domain/dispatch/order-listing.ts';

const read = (answer: unknown, status = 200) => readListedOrders(status, JSON.stringify(answer));
const ROW = { order: 501, service: 7, link: 'https://example.com/p/1', quantity: '1000', status: 'Pending' };
const READ = { providerOrder: '501', service: '7', link: ROW.link, quantity: 1000, status: 'Pending', at: null };

describe('a list of orders', () => {
  it.each([
    ['an array', [ROW]],
    ['an array under orders', { orders: [ROW] }],
    ['an array under data', { data: [ROW], total: 1 }],
    ['an array with a remark', { status: 'all', message: '1 order', error: '', orders: [ROW] }],
    ['rows by their ids', { 501: { ...ROW, order: undefined } }],
    ['rows with other names', [{ id: '501', service_id: '7', url: ROW.link, count: 1000, status: 'Pending' }]],
  ])('is read as %s', (_, answer) => {
    expect(read(answer)).toEqual({ orders: [READ], odd: [] });
  });

  it.each([
    ['2026-11-21T12:00:00Z', Date.parse('2026-11-21T12:00:00Z')],
    ['2026-11-21T14:00:00+02:00', Date.parse('2026-11-21T12:00:00Z')],
    [1_795_262_400, 1_795_262_400_000],
    ['1795262400', 1_795_262_400_000],
    [1_795_262_400_000, 1_795_262_400_000],
    // No time zone is given.
    ['2026-11-21 12:00:00', null],
    ['2026-11-21T12:00:00', null],
    ['yesterday', null],
  ])('says of %s when that was, or nothing', (created, at) => {
    expect(read([{ ...ROW, created }])?.orders).toEqual([{ ...READ, at }]);
  });

  it.each([
    `T${'T'.repeat(100_000)}`,
    `${'2026-11-21T12:00:00'.repeat(5_000)}Z`,
    `2026-11-21T12:00:00.${'0'.repeat(50)}Z`,
  ])('reads no time out of a text that is longer than any', (created) => {
    expect(read([{ ...ROW, created }])?.orders).toEqual([{ ...READ, at: null }]);
  });

  it('may be empty', () => {
    expect(read([])).toEqual({ orders: [], odd: [] });
    expect(read({ orders: [] })).toEqual({ orders: [], odd: [] });
    expect(read({ status: 'success', error: null, message: '', data: [] })).toEqual({ orders: [], odd: [] });
  });

  it('counts the rows that cannot be read, and is not spoilt by them', () => {
    const nothing = { service: null, link: null, quantity: null, at: null };
    const hidden = { ...nothing, service: '7', link: ROW.link };
    expect(read([ROW, 'Incorrect', { order: 0, service: 7, link: ROW.link }, null])).toEqual({
      orders: [READ],
      odd: [nothing, hidden, nothing],
    });
  });

  it.each<[string, object, object]>([
    ['a status with a NUL', { status: 'Pen\u0000ding' }, { status: 'Pen ding' }],
    ['a status with half a character', { status: 'Pending \ud83d' }, { status: 'Pending' }],
    ['a status of 100,000 characters', { status: 'x'.repeat(100_000) }, { status: 'x'.repeat(200) }],
    ['a status that is a list', { status: ['Pending'] }, { status: null }],
    ['a quantity that no order has', { quantity: 1e300 }, { quantity: null }],
    ['a quantity of a shape of its own', { quantity: { of: 1000 } }, { quantity: null }],
    ['a date beyond what a database holds', { created: 99_999_999_999_999 }, { at: null }],
    ['a date in the year 290,000', { created: '+290000-01-01T00:00:00Z' }, { at: null }],
    ['a date before there were panels', { created: -1e14 }, { at: null }],
  ])('is read without what cannot be stored: %s', (_, odd, expected) => {
    expect(read([{ ...ROW, ...odd }])?.orders).toEqual([{ ...READ, ...expected }]);
  });

  it.each(['12\u00003', 'x'.repeat(65), '\ud800', 1e300, { id: 1 }])(
    'does not take %j for the id of an order',
    (order) => {
      expect(read([{ ...ROW, order }])).toMatchObject({ orders: [], odd: [{ service: '7', link: ROW.link }] });
    },
  );

  it.each([
    [{ error: 'Incorrect request' }],
    [{ error: 'Rate limit', orders: [] }],
    [{ error: 'Rate limit', orders: [ROW] }],
    [{ status: 'fail', data: [] }],
    [{ status: 'unauthorized', orders: [] }],
    [{ status: false, data: [] }],
    [{ success: false, data: [] }],
    [{ status: 'success', message: 'Too many requests', orders: [] }],
    [{ data: { error: 'Rate limit' } }],
    [{ status: 'success' }],
    [{}],
    ['none'],
    [null],
    [3],
  ])('is not %j: a list that failed is not an empty one', (answer) => {
    expect(read(answer)).toBeUndefined();
  });

  it('is not what comes with an HTTP error, nor what is no JSON', () => {
    expect(read([ROW], 500)).toBeUndefined();
    expect(readListedOrders(200, '[{"order": 501')).toBeUndefined();
    expect(readListedOrders(200, '<html></html>')).toBeUndefined();
  });

  it('never throws, and lists only ids that can be sent again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (answer) => {
        for (const { providerOrder } of read(answer)?.orders ?? []) expect(providerOrder).toMatch(/^[\w-]{1,64}$/);
      }),
    );
  });
});
