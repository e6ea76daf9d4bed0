import { describe, expect, it } from 'vitest';
import {
  type ErrorMeaning,
  meaningOfError,
  pausesOf,
  waitBeforeRetry,
  waitForFull,
  waitForPause,
  waitForRoom,
} from '../../domain/dispatch/outcome.ts';
import { ERRORS, type ErrorCode } from '../../domain/errors.ts';

describe('an error text of a provider', () => {
  it.each<[string, ErrorMeaning]>([
    // The old English texts.
    ['Invalid API key', 'key'],
    ['Incorrect API key', 'key'],
    ['Incorrect request', 'refused'],
    ['Incorrect request or API key', 'refused'],
    ['Invalid action', 'refused'],
    ['Incorrect action', 'refused'],
    ['Incorrect service ID', 'refused'],
    ['Incorrect link', 'refused'],
    ['Bad link', 'refused'],
    ['Quantity less than minimal 200', 'refused'],
    ['Quantity more than maximum 1000', 'refused'],
    ['Incorrect comments', 'refused'],
    ['Not enough funds on balance', 'funds'],
    ['You have active order with this link. Please wait until order being completed.', 'wait'],
    ['Rate limit exceeded', 'throttled'],
    // Today's error keys.
    ['error.incorrect_service_id', 'refused'],
    ['neworder.error.link', 'refused'],
    ['neworder.error.invalid_link', 'refused'],
    ['neworder.error.link_not_found', 'refused'],
    ['neworder.error.min_quantity', 'refused'],
    ['neworder.error.max_quantity', 'refused'],
    ['neworder.error.comment', 'refused'],
    ['neworder.error.not_enough_funds', 'funds'],
    ['neworder.error.insufficient_balance', 'funds'],
    ['neworder.error.link_duplicate', 'wait'],
    // With odd case and white space, as providers send them.
    ['  NEWORDER.ERROR.LINK_DUPLICATE\n', 'wait'],
    ['not enough funds', 'funds'],
    ['Too many requests', 'throttled'],
  ])('%j means %s', (text, meaning) => {
    expect(meaningOfError(text)).toBe(meaning);
  });

  it.each([
    '',
    'Error',
    'Something went wrong',
    'Timeout',
    'Gateway timeout, your order may have been placed',
    'Internal server error',
    'Please try again later',
    'Order created',
    'null',
    'Ошибка',
    '<html>502 Bad Gateway</html>',
    'SQLSTATE[40001]: Serialization failure',
  ])('%j proves nothing', (text) => {
    expect(meaningOfError(text)).toBeUndefined();
  });

  it.each<[ErrorCode, ErrorMeaning]>([
    ['unauthorized', 'key'],
    ['forbidden', 'key'],
    ['insufficient_funds', 'funds'],
    ['rate_limited', 'throttled'],
    ['duplicate_link', 'wait'],
    ['unknown_service', 'refused'],
    ['unsupported_type', 'refused'],
    ['invalid_link', 'refused'],
    ['invalid_quantity', 'refused'],
    ['quantity_below_min', 'refused'],
    ['quantity_above_max', 'refused'],
    ['price_too_large', 'refused'],
    ['unexpected_field', 'refused'],
  ])('when the provider is another Holdfast, its %s means %s', (code, meaning) => {
    expect(meaningOfError(ERRORS[code].v2)).toBe(meaning);
  });
});

describe('the next try', () => {
  it('comes later each time, from 5 seconds to 5 minutes', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 100].map(waitBeforeRetry)).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('is never in the past or at once', () => {
    expect([0, -1, 2000].map(waitBeforeRetry)).toEqual([5, 5, 300]);
  });
});

describe('the pauses of a provider in trouble', () => {
  it('grow from half a minute to a quarter of an hour', () => {
    for (const trouble of ['funds', 'key', 'unreachable', 'trouble'] as const) {
      expect(pausesOf(trouble)).toEqual([30, 60, 120, 240, 480, 900]);
    }
  });

  it('begin shorter when it only had too many calls', () => {
    expect(pausesOf('throttled')).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900]);
  });
});

describe('an order that waits for a pause to end', () => {
  it('looks again a little after it, and no two neighbours at once', () => {
    const waits = Array.from({ length: 10 }, (_, order) => waitForPause(29.4, 10_001 + order));
    expect(Math.min(...waits)).toBeGreaterThan(29.4);
    expect(Math.max(...waits)).toBeLessThanOrEqual(40);
    expect(new Set(waits).size).toBe(10);
  });

  it('looks again now and then during a long one, which somebody may end', () => {
    expect(waitForPause(7 * 86_400, 10_000)).toBe(901);
  });

  it('never looks again at once', () => {
    expect([0, -5].map((seconds) => waitForPause(seconds, 10_000))).toEqual([1, 1]);
  });
});

describe('an order that waits for room at its provider', () => {
  it('asks again after a time that grows to 4 seconds, and is its own up to half of that more or less', () => {
    expect([1, 2, 3, 4, 100].map((asked) => waitForRoom(asked, 1, 10_005))).toEqual([1, 2, 4, 4, 4]);
    const waits = Array.from({ length: 10 }, (_, order) => waitForRoom(9, 1, 10_000 + order));
    expect([Math.min(...waits), new Set(waits).size]).toEqual([2, 10]);
    expect(Math.max(...waits)).toBeLessThan(6);
  });

  it('asks more seldom the more others wait: all together about 40 times a second, each once in 1.5 minutes at least', () => {
    expect([40, 400, 2_000, 1_000_000].map((waiting) => waitForRoom(1, waiting, 10_005))).toEqual([1, 10, 50, 60]);
    expect(waitForRoom(1, 1_000_000, 10_009)).toBeLessThan(90);
  });

  it('waits by itself for a quarter of a minute or longer, two minutes at most, when there has been none for long', () => {
    expect([1, 1_000, 1_000_000].map((waiting) => waitForFull(waiting, 10_000))).toEqual([15, 50, 120]);
    expect(new Set(Array.from({ length: 10 }, (_, order) => waitForFull(1, 10_000 + order))).size).toBe(10);
  });
});
