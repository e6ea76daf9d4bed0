import { expect, test } from 'vitest';
import { confirmationMail, eventMail } from '../../domain/webhook/mail.ts';
import { confirmationCode, isConfirmationCode } from '../../net/confirmation.ts';

const order = {
  id: 10_001,
  status: 'Partial',
  attention: 'none',
  delivered: 600,
  totalQuantity: 1000,
  charge: '0.54',
  refunded: '0.36',
  currency: 'USD',
  link: 'https://example.com/\nSubject: evil',
};
const event = { type: 'order.partial', timestamp: '2026-11-21T12:00:00.000Z', data: { version: 7, order } };

test('a mail of an event says in words how the order stands, and has all its data', () => {
  const { subject, text } = eventMail(7, event);
  expect(subject).toBe('order.partial: order 10001');
  expect(text).toContain(
    'Order 10001 is Partial.\n600 of 1000 delivered.\nCharged: 0.54 USD. Refunded: 0.36 USD.\n\norder.partial, as',
  );
  expect(JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}\n') + 1))).toEqual(event);
  expect(text).toContain('DELETE /v1/webhooks/7 ends it.');
  expect(eventMail(7, { ...event, data: { order: { ...order, attention: 'stalled' } } }).text).toContain(
    'Order 10001 is Partial (stalled).',
  );
});

test('a mail that asks for consent has the code, and how it is used', () => {
  const { text } = confirmationMail(7, 'AAAA-BBBB-CCCC-DDDD', 72);
  expect(text).toContain('within 72 hours with this code:\n\n    AAAA-BBBB-CCCC-DDDD\n');
  expect(text).toContain('POST /v1/webhooks/7/confirm as {"code": "AAAA-BBBB-CCCC-DDDD"}');
});

test('a code is of one webhook, one address and one installation, however it is typed', () => {
  const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  const claimed = { webhook: 7, email: 'ann@example.com' };
  const code = confirmationCode(key, claimed);
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  for (const typed of [code, code.toLowerCase(), ` ${code.replaceAll('-', ' ')}`, code.replaceAll('-', '')]) {
    expect(isConfirmationCode(key, claimed, typed)).toBe(true);
  }
  expect(isConfirmationCode(other, claimed, code)).toBe(false);
  expect(isConfirmationCode(key, { ...claimed, webhook: 8 }, code)).toBe(false);
  expect(isConfirmationCode(key, { ...claimed, email: 'eve@example.com' }, code)).toBe(false);
  for (const wrong of ['', '-', code.slice(1), `${code}0`]) expect(isConfirmationCode(key, claimed, wrong)).toBe(false);
});
