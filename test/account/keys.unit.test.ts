import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashOf, keyMatches, newKey, prefixOf } from '../../db/account/keys.ts';

test('a new key has its shape, and no two are the same', () => {
  const keys = Array.from({ length: 200 }, newKey);
  for (const key of keys) expect(key).toMatch(/^hf_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
  expect(new Set(keys.map(prefixOf)).size).toBe(200);
});

test('a key with any one character changed is not a key', () => {
  const key = newKey();
  fc.assert(
    fc.property(fc.nat(key.length - 1), fc.constantFrom(...'09AZaz_-'), (at, character) => {
      const mistyped = key.slice(0, at) + character + key.slice(at + 1);
      return mistyped === key || prefixOf(mistyped) === undefined;
    }),
  );
});

test('a key matches what is kept of it and of no other', () => {
  const key = newKey();
  expect(keyMatches(key, hashOf(key))).toBe(true);
  expect(keyMatches(key, hashOf(newKey()))).toBe(false);
  expect(keyMatches(key, undefined)).toBe(false);
});
