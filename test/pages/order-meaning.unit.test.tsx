import { expect, it } from 'vitest';
import { Meaning } from '../../api/pages/app/order/order-parts.tsx';
import { markupOf } from '../../api/pages/view/document.ts';
import { ATTENTIONS } from '../../domain/order/status.ts';

const running = { attention: 'none', settledAt: null } as const;
const answered = (answer: string) => ({ type: 'stop.asked', data: { batch: 1, answer } });
const shown = async (order: Parameters<typeof Meaning>[0]['order'], events = [answered('accepted')]) =>
  String(await markupOf(<Meaning order={order} events={events} />));

it.each(ATTENTIONS.filter((one) => one !== 'none'))('an order that is %s says what that means', async (attention) => {
  expect(await shown({ ...running, attention })).toMatch(/^<p id="meaning">[A-Z].*\.<\/p>$/);
});

it('an order that goes well says nothing', async () => {
  expect(await shown(running)).toBe('');
});

it('an order whose provider refuses to stop says that it goes on, until it has ended', async () => {
  // Newest first.
  const refused = [answered('refused'), answered('accepted')];
  expect(await shown(running, refused)).toContain('The provider refused to stop the order, so it goes on.');
  expect(await shown(running, refused.toReversed())).toBe('');
  expect(await shown({ ...running, settledAt: '2026-11-27T06:56:06.000Z' }, refused)).toBe('');
});
