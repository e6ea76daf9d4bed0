import { describe, expect, it } from 'vitest';
import { cancel } from '../../domain/order/requests.ts';
import { HandDrivenLife } from '../support/hand-driven-life.ts';
import { DAY, MINUTE, termsOf } from '../support/life-terms.ts';

/** An order whose provider refuses to stop it, canceled. */
function refused(): HandDrivenLife {
  const order = new HandDrivenLife(termsOf({ reviewAfterMs: DAY }));
  order.stopAnswer = 'refused';
  expect(order.cancel().ok).toBe(true);
  return order;
}

describe('a stop that a provider refuses', () => {
  it('is not asked again within ten minutes, and the answer says what was answered and when', () => {
    const order = refused();
    order.pass(9 * MINUTE);
    for (let times = 0; times < 30; times += 1) {
      expect(order.cancel()).toEqual({
        ok: true,
        message:
          'canceling has been requested already: the provider refused that at 2026-11-21T12:00:00Z; it can be asked again from 2026-11-21T12:10:00Z on',
      });
    }
    expect([order.stops, order.timeline.length]).toEqual([[1], 1]);
  });

  it('is asked again after ten minutes, by cancel and by a person who decides', () => {
    const order = refused();
    order.pass(10 * MINUTE);
    expect(order.cancel().message).toContain('asked to stop again');
    order.pass(DAY);
    expect(order.resolve('cancel').ok).toBe(true);
    expect(order.stops).toEqual([1, 1, 1]);
  });

  it('is not asked again by whoever takes the order up', () => {
    const order = refused();
    order.takeUp();
    expect(order.cancel().message).toContain('refused that at');
    expect(order.stops).toEqual([1]);
  });

  it('that it has accepted is never asked for again', () => {
    const order = new HandDrivenLife();
    order.cancel();
    order.pass(DAY);
    expect(order.cancel().message).toBe(
      'canceling has been requested already: the provider accepted that at 2026-11-21T12:00:00Z',
    );
    expect(order.stops).toEqual([1]);
  });

  it('by a redispatch is not asked again by the next within ten minutes', () => {
    const order = new HandDrivenLife();
    order.stopAnswer = 'unclear';
    order.pause();
    order.resolve('redispatch');
    order.pass(5 * MINUTE);
    expect(order.resolve('redispatch').message).toContain('gave no clear answer at');
    order.pass(5 * MINUTE);
    order.resolve('redispatch');
    expect(order.stops).toEqual([1, 1]);
  });
});

it('all batches that run are asked to stop at once, and a decision does not wait for them', () => {
  const order = new HandDrivenLife(termsOf({ runs: 3, intervalMs: MINUTE }));
  order.pass(5 * MINUTE);
  order.pause();
  const { life } = order;
  life.decided = { delivered: 100, actor: 'ann' };
  const step = life.next(order.now);
  expect(step).toMatchObject({ do: 'askStop', batches: [{ number: 1 }, { number: 2 }, { number: 3 }] });
  if (step.do === 'askStop') for (const batch of step.batches) batch.stopAsked = true;
  expect(life.next(order.now)).toMatchObject({ do: 'settle', delivered: 100 });
});

it('of one refusal that is repeated, and of many, the timeline tells so much', () => {
  const order = new HandDrivenLife(termsOf({ cancelable: false }));
  const refusals = () => order.life.notes;
  for (let times = 0; times < 100; times += 1) order.life.noteRefusal(order.now, 'message.refused', 'x', 'the same');
  expect(refusals()).toBe(1);
  for (let times = 0; times < 100; times += 1) order.life.noteRefusal(order.now, 'message.refused', 'x', `no ${times}`);
  expect(refusals()).toBe(20);
  order.life.noteRefusal(order.now + 11 * MINUTE, 'message.refused', 'x', 'the same');
  expect(refusals()).toBe(21);
});

it('a workflow that began before stops went on beside asks again as it did', () => {
  const order = refused();
  order.life.isOld = true;
  for (let times = 0; times < 3; times += 1) {
    expect(cancel(order.life, { by: 'ann', reason: '' }, order.now).ok).toBe(true);
    expect(order.life.next(order.now)).toMatchObject({ do: 'askStop' });
    for (const batch of order.life.batches) order.life.stopAnswered(batch, { answer: 'refused', at: order.now });
    order.life.wrote(order.life.change());
  }
});
