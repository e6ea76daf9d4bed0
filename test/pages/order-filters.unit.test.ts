import { describe, expect, it, test } from 'vitest';
import { whyNot } from '../../api/pages/app/order/order-actions.ts';
import { idsAmong, idsIn, queryFor } from '../../api/pages/app/orders/order-filters.tsx';

describe('a search', () => {
  it('for ids takes whatever is between them, and each id once', () => {
    expect(idsIn(' 10001, 10002;10003\n#10001 | 10004')).toEqual([10_001, 10_002, 10_003, 10_004]);
    expect(idsIn('10001, an order')).toEqual([]);
    expect(idsIn('')).toEqual([]);
  });

  it('for pasted ids takes any text between them', () => {
    expect(idsAmong('Order 10001: done\n- 10002 (again: 10001), 0, 99999999999999999999')).toEqual([10_001, 10_002]);
    expect(idsAmong('no number')).toEqual([]);
  });

  it('looks for ids, a link, or a reference', () => {
    expect(queryFor({ find: '1 2' })).toEqual({ ids: '1,2' });
    expect(queryFor({ find: 'https://example.com/p' })).toEqual({ link: 'https://example.com/p' });
    expect(queryFor({ find: 'sale-17' })).toEqual({ reference: 'sale-17' });
    expect(queryFor({ reference: '45678', link: '@shop' })).toEqual({ reference: '45678', link: '@shop' });
  });
});

test('filters are those that v1 knows, and other words are left out', () => {
  expect(queryFor({ status: 'open', archived: 'false', sort: 'createdAt' })).toEqual({
    status: ['Pending', 'Processing', 'In progress'],
    archived: 'false',
    sort: 'createdAt',
  });
  expect(queryFor({ status: 'Gone', attention: 'x', service: 'x', dripFeed: 'maybe' })).toEqual({});
});

test('a day is whole, in UTC, and text that is no day stays for v1 to refuse', () => {
  expect(queryFor({ from: '2026-11-27', to: '2026-11-27' })).toEqual({
    from: '2026-11-27T00:00:00.000Z',
    to: '2026-11-28T00:00:00.000Z',
  });
  expect(queryFor({ from: '2026-02-31x' })).toEqual({ from: '2026-02-31x' });
});

test('an action that is not possible says why, and from when it is', () => {
  const no = { allowed: false, reason: 'a refill ended lately', from: '2026-11-27T06:56:06.000Z' };
  const yes = { allowed: true };
  const can = { cancel: yes, pause: { allowed: false, reason: 'paused' }, resume: yes, reorder: yes, refill: no };
  expect(whyNot({ can }, 'cancel')).toBeUndefined();
  expect(whyNot({ can }, 'pause')).toBe('paused');
  expect(whyNot({ can }, 'refill')).toBe('a refill ended lately (possible from 2026-11-27 06:56:06 UTC)');
  const asked = {
    ...no,
    reason: 'refused at 2026-11-27T06:46:06Z; it can be asked again from 2026-11-27T06:56:06Z on',
  };
  expect(whyNot({ can: { ...can, cancel: asked } }, 'cancel')).toBe(
    'refused at 2026-11-27 06:46:06 UTC; it can be asked again from 2026-11-27 06:56:06 UTC on',
  );
});
