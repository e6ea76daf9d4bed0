import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordOf } from '../../activities/webhook/record.ts';
import {
  busySeconds,
  nextAttemptAt,
  RETRY_SECONDS,
  readEventName,
  retryAfterOf,
} from '../../domain/webhook/webhooks.ts';

const HOUR = 3_600_000;
const key = { event: 42, endpoint: 7 };

/** Times of all attempts after the first, when each fails at once and the receiver asks for `retryAfter` seconds. */
function attempts(of = key, retryAfter = 0): number[] {
  const all: number[] = [];
  for (let now = 0; ; ) {
    const next = nextAttemptAt({ ...of, begunAt: 0, now, retryAfter });
    if (next === null) return all;
    all.push(next);
    now = next;
  }
}

describe('an event that cannot be delivered', () => {
  it('is tried nine times more in about three days, each pause within a tenth of the schedule', () => {
    const all = attempts();
    expect(all).toHaveLength(9);
    const pauses = all.map((at, index) => at - (all[index - 1] ?? 0));
    for (const [index, pause] of pauses.entries()) {
      const planned = (RETRY_SECONDS[index] ?? 0) * 1_000;
      expect(Math.abs(pause - planned)).toBeLessThanOrEqual(planned * 0.1 + 1);
    }
    expect((all.at(-1) ?? 0) / HOUR).toBeGreaterThan(68);
    expect((all.at(-1) ?? 0) / HOUR).toBeLessThan(84);
  });

  it('has a schedule of its own, and always the same', () => {
    expect(attempts()).toEqual(attempts());
    const firsts = Array.from({ length: 200 }, (_, event) => attempts({ event: event + 1, endpoint: 7 })[2]);
    expect(new Set(firsts).size).toBeGreaterThan(190);
  });

  it('waits at least as long as it is asked to, and never beyond the end of its schedule', () => {
    const last = attempts().at(-1) ?? 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Math.ceil(last * 1.2) }),
        fc.integer({ min: 0, max: 10_000_000 }),
        (now, retryAfter) => {
          const next = nextAttemptAt({ ...key, begunAt: 0, now, retryAfter });
          if (now >= last) return next === null;
          return next !== null && next > now && next <= last && (next >= now + retryAfter * 1_000 || next === last);
        },
      ),
    );
    expect(attempts(key, 86_400).length).toBeLessThanOrEqual(4);
  });

  it('skips what passed while nobody could try', () => {
    const next = nextAttemptAt({ ...key, begunAt: 0, now: 10 * HOUR, retryAfter: 0 });
    expect(next).toBe(attempts().find((at) => at > 10 * HOUR));
  });
});

describe('a delivery whose receiver has no room', () => {
  const many = Array.from({ length: 1_000 }, (_, event) => ({ event: event + 1, endpoint: 7 }));
  /** How often a second they ask together. */
  const asks = (asked: number, waiting: number) =>
    many.slice(0, waiting).reduce((sum, of) => sum + 1 / busySeconds(of, asked, waiting), 0);

  it('asks again after seconds, then ever later, and within five minutes however long it and others have waited', () => {
    fc.assert(
      fc.property(
        fc.record({ event: fc.integer({ min: 1 }), endpoint: fc.integer({ min: 1, max: 2 ** 31 - 1 }) }),
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (of, asked, waiting) => {
          const wait = busySeconds(of, asked, waiting);
          return wait >= 1.5 && wait <= 300 && (asked < 8 || wait >= 150);
        },
      ),
    );
    const longest = [1, 2, 3, 4].map((asked) => Math.max(...many.map((of) => busySeconds(of, asked, 1))));
    expect(longest.map(Math.round)).toEqual([3, 6, 12, 24]);
  });

  it('asks less often when many wait, and not together with them', () => {
    expect(asks(1, 1_000)).toBeLessThan(20);
    expect(asks(8, 1_000)).toBeLessThan(7);
    expect(new Set(many.map((of) => Math.round(busySeconds(of, 1, 1_000)))).size).toBeGreaterThan(40);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  it.each([
    [429, '120', 120],
    [503, '0', 0],
    [503, 'Sat, 21 Nov 2026 12:01:30 GMT', 90],
    [429, 'Sat, 21 Nov 2026 11:00:00 GMT', 0],
    [429, 'soon', 0],
    [429, '-5', 0],
    [429, '99999999999999999999', 0],
    [429, undefined, 0],
    [500, '120', 0],
    [301, '120', 0],
  ])('of a %i that says %j is %i seconds', (status, header, seconds) => {
    expect(retryAfterOf(status, header, now)).toBe(seconds);
  });
});

describe('an attempt', () => {
  const record = (status: number, now = 0) => recordOf({ kind: 'answered', status, retryAfter: 0 }, key, 0, now).state;

  it('succeeds with 2xx and with nothing else', () => {
    expect([200, 201, 204, 299].map((status) => record(status))).toEqual(Array(4).fill('delivered'));
    expect([100, 199, 300, 301, 302, 307, 400, 404, 429, 500, 503].map((status) => record(status))).toEqual(
      Array(11).fill('retrying'),
    );
  });

  it('that hears 410 is the last, and so is the last of the schedule', () => {
    expect(record(410)).toBe('gone');
    expect(record(500, 100 * HOUR)).toBe('failed');
    expect(recordOf({ kind: 'failed', error: 'timeout' }, key, 0, 100 * HOUR)).toEqual({
      state: 'failed',
      status: null,
      error: 'timeout',
      nextAt: null,
    });
  });
});

it('an event is named as its receivers see it', () => {
  expect(readEventName('evt_42')).toBe(42);
  for (const text of ['42', 'evt_', 'evt_0', 'evt_-1', 'evt_1e3', 'evt_42 ', 'evt_9999999999999999']) {
    expect(readEventName(text)).toBeUndefined();
  }
});
