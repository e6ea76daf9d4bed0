import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOf } from '../../api/http/client-address.ts';
import { TokenBuckets } from '../../api/limits/token-buckets.ts';

test('a burst is let through at once, then as many a second as agreed', () => {
  const buckets = new TokenBuckets({ perSecond: 10, burst: 20 });
  const taken = (atMs: number) =>
    Array.from({ length: 40 }, () => buckets.take('one', atMs)).filter(({ allowed }) => allowed).length;
  expect([taken(0), taken(0), taken(1_000), taken(1_100), taken(60_000)]).toEqual([20, 0, 10, 1, 20]);
  expect(buckets.take('other', 60_000)).toEqual({ allowed: true, remaining: 19, fullIn: 1 });
});

test('however it is asked, nobody gets more than the burst and what time has given back', () => {
  const asks = fc.array(fc.nat(400), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(asks, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (pauses, perSecond, burst) => {
      const buckets = new TokenBuckets({ perSecond, burst });
      let now = 0;
      let allowed = 0;
      for (const pause of pauses) {
        now += pause;
        if (buckets.take('one', now).allowed) allowed += 1;
      }
      return allowed <= burst + (now / 1_000) * perSecond + 1e-6;
    }),
  );
});

test('what is remembered has a bound, and who asks most lately is not forgotten', () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 100);
  expect(buckets.take('busy', 0).allowed).toBe(true);
  for (let name = 0; name < 1_000; name += 1) {
    buckets.take(`guest ${name}`, 0);
    if (name % 50 === 0) expect(buckets.take('busy', 0).allowed).toBe(false);
  }
  expect(buckets.take('guest 0', 0).allowed).toBe(true);
  expect(buckets.take('guest 999', 0).allowed).toBe(false);
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::'],
  ['2001:db8:1:2:bbbb::9', '2001:db8:1:2::'],
  ['nowhere', 'unknown'],
])('an address counts for its place: %s', (address, place) => {
  expect(placeOf(address)).toBe(place);
});
