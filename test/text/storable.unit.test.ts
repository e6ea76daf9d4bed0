import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAddAnswer } from '../../domain/provider/answers.ts';
import { storable } from '../../domain/text/storable.ts';

/** What PostgreSQL refuses in text or jsonb. */
const UNSTORABLE = /\0|\p{Cs}/u;

it('whatever text comes from outside can be stored afterwards, and is no longer than was said', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.integer({ min: 0, max: 0xffff })), (text, units) => {
      const given = text + String.fromCharCode(...units);
      const kept = storable(given, 40);
      expect(UNSTORABLE.test(kept)).toBe(false);
      expect(kept.length).toBeLessThanOrEqual(40);
    }),
  );
});

it('a zero byte, half a character, a line feed and a turned direction become a space; an emoji stays whole', () => {
  expect(storable('a\0b\ud800c\r\nd\u202ee', 100)).toBe('a b c d e');
  expect(storable('👩‍👩‍👧 ünï', 100)).toBe('👩‍👩‍👧 ünï');
  expect(storable('ab👍', 3)).toBe('ab');
});

it('a provider’s error text holds nothing that cannot be stored', () => {
  const error = 'bad\0link \ud800';
  expect(readAddAnswer(200, JSON.stringify({ error }))).toMatchObject({ error: 'bad link' });
});
