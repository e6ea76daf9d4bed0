import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { isProved, proofOf } from '../../net/ask-proof.ts';

const KEY = randomBytes(32);
const asked = { orderId: 42, update: 'cancel', message: { by: 'account 7', reason: 'too slow' } };
const proof = proofOf(KEY, asked, 2_000);

it('the API is known by its proof, also when the message has it in it and in another order of its fields', () => {
  expect(isProved(KEY, asked, proof, 1_000)).toBe(true);
  const sent = { ...asked, message: { proof, reason: 'too slow', by: 'account 7' } };
  expect(isProved(KEY, sent, proof, 2_000)).toBe(true);
});

it.each([
  ['another order', { ...asked, orderId: 43 }],
  ['another update', { ...asked, update: 'pause' }],
  ['another actor', { ...asked, message: { ...asked.message, by: 'account 8' } }],
  ['another reason', { ...asked, message: { ...asked.message, reason: '' } }],
  ['something more', { ...asked, message: { ...asked.message, batch: 1 } }],
])('a proof shows nothing for %s', (_, other) => {
  expect(isProved(KEY, other, proof, 1_000)).toBe(false);
});

it.each([
  ['is too old', proof, 2_001],
  ['was made with another key', proofOf(randomBytes(32), asked, 2_000), 1_000],
  ['says another time', proof.replace(/^\d+/, '9999999999999'), 1_000],
  ['is none', 'x', 1_000],
  ['is empty', '', 1_000],
])('a proof that %s shows nothing', (_, other, at) => {
  expect(isProved(KEY, asked, other, at)).toBe(false);
});
