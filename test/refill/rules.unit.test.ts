import { describe, expect, it } from 'vitest';
import {
  belowStart,
  missingOf,
  type RefillFacts,
  type RefillTerms,
  refillStatus,
  refillUntil,
  whyNoRefill,
} from '../../domain/refill/rules.ts';

const DAY = 86_400_000;
const COMPLETED = Date.parse('2026-11-21T12:00:00Z');
const terms: RefillTerms = { days: 30, cap: 3, cooldownMs: DAY, fallback: 'review' };
const facts: RefillFacts = {
  status: 'Completed',
  completedAt: COMPLETED,
  delivered: 1000,
  underWay: false,
  taken: 0,
  lastEndedAt: null,
};
const denial = (more: Partial<RefillFacts> = {}, now = COMPLETED, how: Partial<RefillTerms> = {}) =>
  whyNoRefill({ ...facts, ...more }, { ...terms, ...how }, now);
const why = (...given: Parameters<typeof denial>) => denial(...given)?.reason;

describe('whether a refill may be had', () => {
  it('from the very moment of Completed to the last millisecond of the window', () => {
    expect(why()).toBeUndefined();
    expect(refillUntil(COMPLETED, terms)).toBe(COMPLETED + 30 * DAY);
    expect(why({}, COMPLETED + 30 * DAY - 1)).toBeUndefined();
    expect(why({}, COMPLETED + 30 * DAY)).toBe('the refill window ended at 2026-12-21T12:00:00.000Z');
  });

  it('from the millisecond in which the rest after the last one is over', () => {
    const lastEndedAt = COMPLETED + DAY;
    expect(why({ taken: 1, lastEndedAt }, lastEndedAt + DAY - 1)).toBe(
      'the next refill can be asked for at 2026-11-23T12:00:00.000Z',
    );
    expect(denial({ taken: 1, lastEndedAt }, lastEndedAt)?.from).toBe(lastEndedAt + DAY);
    expect(why({ taken: 1, lastEndedAt }, lastEndedAt + DAY)).toBeUndefined();
    expect(why({ taken: 1, lastEndedAt }, lastEndedAt, { cooldownMs: 0 })).toBeUndefined();
  });

  it('up to the cap', () => {
    expect(why({ taken: 2 })).toBeUndefined();
    expect(why({ taken: 3 })).toBe('the order has used all its refills (3)');
  });

  it.each<[string, Partial<RefillFacts>, Partial<RefillTerms>]>([
    ['this service is sold without refill', {}, { days: 0 }],
    ['only a Completed order is refilled; this one is Partial', { status: 'Partial', completedAt: null }, {}],
    ['nothing of it was delivered in the end', { status: 'Canceled', delivered: 0 }, {}],
    ['a refill is under way already', { underWay: true }, {}],
  ])('not when %s', (sentence, more, how) => {
    expect(why(more, COMPLETED, how)).toBe(sentence);
  });

  it('of what was Completed and corrected since, as long as something of it is left', () => {
    expect(why({ status: 'Partial', delivered: 1 })).toBeUndefined();
  });
});

describe('what is missing of a target', () => {
  it.each([
    [100, 1000, 1100, 0],
    [100, 1000, 1099, 1],
    [100, 1000, 700, 400],
    // It grew by itself.
    [100, 1000, 5000, 0],
    // It also lost items from before the order, which are not counted as missing.
    [100, 1000, 40, 1000],
    [0, 1, 0, 1],
    [100, 0, 50, 0],
  ])('%i before, %i delivered and %i now: %i', (start, delivered, count, missing) => {
    expect(missingOf(start, delivered, count)).toBe(missing);
  });
});

it('a target that shows less than before the order is for a person, and one that shows as much is not', () => {
  expect(belowStart(100, 99)).toBe('the target shows 99, fewer than the 100 that it had before the order');
  for (const count of [100, 101, 1100]) expect(belowStart(100, count)).toBeNull();
  expect(belowStart(0, 0)).toBeNull();
});

it('a refill is Pending until a provider is at it, and In progress whoever decides about it', () => {
  expect(refillStatus('asking', null)).toBe('Pending');
  for (const stage of ['tracked', 'resending', 'review'] as const)
    expect(refillStatus(stage, null)).toBe('In progress');
  expect(refillStatus('ended', 'Completed')).toBe('Completed');
  expect(refillStatus('ended', 'Rejected')).toBe('Rejected');
});
