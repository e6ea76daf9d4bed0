import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readListedOrders } from '../../domain/order-listing.ts';

const read = (answer: unknown, status = 200) => readListedOrders(status, JSON.stringify(answer));
const ROW = { order: 501, service: 7, link: 'https://example.com/p/1', quantity: '1000', status: 'Pending' };
const READ = { providerOrder: '501', service: '7', link: ROW.link, quantity: 1000, status: 'Pending', at: null };

describe('a list of orders', () => {
  it.each([
    ['an array', [ROW]],
    ['an array under orders', { orders: [ROW] }],
    ['an array under data', { data: [ROW], total: 1 }],
    ['rows by their ids', { 501: { ...ROW, order: undefined } }],
    ['rows with other names', [{ id: '501', service_id: '7', url: ROW.link, count: 1000, status: 'Pending' }]],
  ])('is read as %s', (_, answer) => {
    expect(read(answer)).toEqual({ orders: [READ], odd: 0 });
  });

  it.each([
    ['2026-11-21T12:00:00Z', Date.parse('2026-11-21T12:00:00Z')],
    ['2026-11-21T14:00:00+02:00', Date.parse('2026-11-21T12:00:00Z')],
    [1_795_262_400, 1_795_262_400_000],
    ['1795262400', 1_795_262_400_000],
    [1_795_262_400_000, 1_795_262_400_000],
    // Of which zone, nobody says.
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
    expect(read([])).toEqual({ orders: [], odd: 0 });
    expect(read({ orders: [] })).toEqual({ orders: [], odd: 0 });
  });

  it('counts the rows that cannot be read, and is not spoilt by them', () => {
    expect(read([ROW, 'Incorrect', { order: 0 }, null])).toEqual({ orders: [READ], odd: 3 });
  });

  it.each([[{ error: 'Incorrect request' }], [{ status: 'success' }], [{}], ['none'], [null], [3]])(
    'is not %j: a list that failed is not an empty one',
    (answer) => {
      expect(read(answer)).toBeUndefined();
    },
  );

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
