import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidRequest, problemOf } from '../../api/http/problems.ts';
import {
  canonicalJson,
  fingerprintOf,
  keyedFingerprintOf,
  keyedFingerprintOfList,
} from '../../api/idempotency/fingerprint.ts';
import { idempotencyKey } from '../../api/idempotency/idempotency.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../api/v1/cursor.ts';
import { Refusal } from '../../domain/errors.ts';

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return undefined;
};

test('the order in which fields are written changes nothing', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const turned = Object.fromEntries(Object.entries(object).reverse());
      return canonicalJson(object) === canonicalJson(turned);
    }),
  );
});

test('another value, another order in a list, or another route is another request', () => {
  const one = fingerprintOf('POST /v1/orders', { service: 1, tags: ['a', 'b'] });
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(fingerprintOf('POST /v1/orders', { tags: ['a', 'b'], service: 1 })).toBe(one);
  expect(fingerprintOf('POST /v1/orders', { service: '1', tags: ['a', 'b'] })).not.toBe(one);
  expect(fingerprintOf('POST /v1/orders', { service: 1, tags: ['b', 'a'] })).not.toBe(one);
  expect(fingerprintOf('v2 add', { service: 1, tags: ['a', 'b'] })).not.toBe(one);
});

test('the fingerprint of a long list is that of any request, so that a list is recognised after a change of versions', async () => {
  const key = Buffer.alloc(32, 1);
  const list = Array.from({ length: 1_201 }, (_, line) => ({ line, content: { service: 1, link: 'ä\ud800' } }));
  for (const lines of [list, list.slice(0, 1), list.slice(0, 500)])
    expect(await keyedFingerprintOfList(key, 'POST /v1/orders/batch', lines)).toBe(
      keyedFingerprintOf(key, 'POST /v1/orders/batch', lines),
    );
});

test('a cursor leads back to its place', () => {
  fc.assert(fc.property(fc.nat(2 ** 31 - 1), (position) => decodeCursor(encodeCursor(position)) === position));
});

test.each(['', 'x', '!!', 'after-', 'after--1', 'after-1 or 1', `after-${'9'.repeat(16)}`])(
  'what is no cursor is refused: %j',
  (text) => {
    expect(codeOf(() => decodeCursor(text))).toBe('invalid_request');
  },
);

test('a page tells whether there are more', () => {
  const same = (row: number) => row;
  expect(pageOf([9, 8, 7], 2, same, same)).toEqual({ data: [9, 8], nextCursor: encodeCursor(8) });
  expect(pageOf([9, 8], 2, same, same)).toEqual({ data: [9, 8], nextCursor: null });
  expect(pageOf([], 2, same, same)).toEqual({ data: [], nextCursor: null });
});

test('an Idempotency-Key is the same in quotes and without', () => {
  expect(idempotencyKey('order 1')).toBe('order 1');
  expect(idempotencyKey('"order 1"')).toBe('order 1');
  expect(idempotencyKey('"a \\"b\\" \\\\"')).toBe('a "b" \\');
  expect(idempotencyKey('k'.repeat(255))).toHaveLength(255);
});

test.each([
  [undefined, 'idempotency_key_missing'],
  ['  ', 'idempotency_key_missing'],
  ['""', 'idempotency_key_invalid'],
  ['k'.repeat(256), 'idempotency_key_invalid'],
  [`"${'k'.repeat(254)}"`, 'idempotency_key_invalid'],
  ['ключ', 'idempotency_key_invalid'],
])('%j is no Idempotency-Key', (header, code) => {
  expect(codeOf(() => idempotencyKey(header))).toBe(code);
});

test('a problem says what is wrong, by a stable code', () => {
  expect(problemOf(new Refusal('insufficient_funds'), 'r-1')).toEqual({
    type: 'urn:holdfast:problem:insufficient_funds',
    title: "The wallet's balance is below the price",
    status: 402,
    detail: "The wallet's balance is below the price",
    code: 'insufficient_funds',
    request_id: 'r-1',
  });
  const errors = [{ path: 'dripFeed.runs', message: 'too many' }];
  expect(problemOf(new InvalidRequest(errors), 'r-2')).toMatchObject({
    status: 422,
    detail: 'dripFeed.runs: too many',
    errors,
  });
});
