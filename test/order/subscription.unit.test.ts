import { describe, expect, it } from 'vitest';
import { reportOf, verdict } from '../../domain/delivery/verdict.ts';
import type { Attention, OrderStatus } from '../../domain/order/status.ts';
import { isExpired, subscriptionWord } from '../../domain/order/subscription.ts';
import { readReport } from '../../domain/provider/answers.ts';

describe('the word of a subscription', () => {
  const now = new Date('2027-02-01T00:00:00Z');
  it.each<[string, OrderStatus, Attention, Date | null, string | null]>([
    ['Active', 'Pending', 'none', null, null],
    ['Active', 'In progress', 'none', null, '31/01/2027'],
    ['Active', 'In progress', 'review', null, null],
    ['Paused', 'In progress', 'paused', null, null],
    ['Completed', 'Completed', 'none', now, '31/01/2027'],
    ['Expired', 'Partial', 'none', now, '31/01/2027'],
    ['Expired', 'Canceled', 'none', now, '1/1/2027'],
    ['Canceled', 'Partial', 'none', now, '01/02/2027'],
    ['Canceled', 'Partial', 'none', now, null],
  ])('is %s when the order is %s, %s', (word, status, attention, settledAt, expiry) => {
    expect(subscriptionWord({ status, attention, settledAt }, expiry)).toBe(word);
  });

  it('does not expire before the end of its last day', () => {
    expect(isExpired('31/01/2027', now.getTime())).toBe(true);
    expect(isExpired('31/01/2027', now.getTime() - 1)).toBe(false);
  });
});

describe('what a provider says of a subscription', () => {
  const said = (status: string, posts: unknown, more: object = {}) =>
    reportOf(readReport({ status, expiry: '31/01/2027', posts, orders: [], ...more }) as never, 10);

  it.each([
    ['Active', '3', { kind: 'running' }],
    ['Paused', '3', { kind: 'running' }],
    ['Completed', '10', { kind: 'ended', delivered: 10 }],
    ['Completed', 12, { kind: 'ended', delivered: 10 }],
    ['Expired', '3', { kind: 'ended', delivered: 3 }],
    ['Expired', '0', { kind: 'ended', delivered: 0 }],
    ['Canceled', '3', { kind: 'ended', delivered: 3 }],
  ])('%s with %j posts done of 10 is read by its posts', (status, posts, expected) => {
    expect(verdict(said(status, posts), 10)).toEqual(expected);
  });

  it('that contradicts itself, or says no number, is decided by nobody but a person', () => {
    expect(verdict(said('Completed', '4'), 10).kind).toBe('conflict');
    expect(verdict(said('Expired', 'many'), 10).kind).toBe('conflict');
    expect(verdict(said('Expired', -1), 10).kind).toBe('conflict');
  });

  it('goes by what remains when that is said', () => {
    expect(said('Active', '3', { remains: '8' }).remains).toBe(8);
    expect(said('Active', '3', { remains: 'Unknown' }).remains).toBeNull();
  });
});
