import { describe, expect, it } from 'vitest';
import { applyStopAnswer, applyStopsBegun } from '../../domain/order/apply-batch.ts';
import { applyCancel, recordRefusal } from '../../domain/order/apply-request.ts';
import { decide } from '../../domain/order/decide.ts';
import { applyWritten, changeToWrite } from '../../domain/order/snapshot.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';
import { DAY, MINUTE, termsOf } from '../support/model/order-terms.ts';

/** A canceled order whose provider refuses to stop. */
function refused(): HandDrivenOrder {
  const order = new HandDrivenOrder(termsOf({ reviewAfterMs: DAY }));
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
    const order = new HandDrivenOrder();
    order.cancel();
    order.pass(DAY);
    expect(order.cancel().message).toBe(
      'canceling has been requested already: the provider accepted that at 2026-11-21T12:00:00Z',
    );
    expect(order.stops).toEqual([1]);
  });

  it('by a redispatch is not asked again by the next within ten minutes', () => {
    const order = new HandDrivenOrder();
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
  const order = new HandDrivenOrder(termsOf({ runs: 3, intervalMs: MINUTE }));
  order.pass(5 * MINUTE);
  order.pause();
  const { state } = order;
  state.decided = { delivered: 100, actor: 'ann' };
  const step = decide(state, order.now);
  expect(step).toMatchObject({ do: 'askStop', batches: [{ number: 1 }, { number: 2 }, { number: 3 }] });
  if (step.do === 'askStop') applyStopsBegun(step.batches);
  expect(decide(state, order.now)).toMatchObject({ do: 'settle', delivered: 100 });
});

it('of one refusal that is repeated, and of many, the timeline tells so much', () => {
  const order = new HandDrivenOrder(termsOf({ cancelable: false }));
  const refusals = () => order.state.eventCount;
  for (let times = 0; times < 100; times += 1)
    recordRefusal(order.state, order.now, 'message.refused', 'x', 'the same');
  expect(refusals()).toBe(1);
  for (let times = 0; times < 100; times += 1)
    recordRefusal(order.state, order.now, 'message.refused', 'x', `no ${times}`);
  expect(refusals()).toBe(20);
  recordRefusal(order.state, order.now + 11 * MINUTE, 'message.refused', 'x', 'the same');
  expect(refusals()).toBe(21);
});

it('a workflow that began before stops went on beside asks again as it did', () => {
  const order = refused();
  order.state.isOld = true;
  for (let times = 0; times < 3; times += 1) {
    expect(applyCancel(order.state, { by: 'ann', reason: '' }, order.now).ok).toBe(true);
    expect(decide(order.state, order.now)).toMatchObject({ do: 'askStop' });
    for (const batch of order.state.batches) applyStopAnswer(order.state, batch, { answer: 'refused', at: order.now });
    applyWritten(order.state, changeToWrite(order.state));
  }
});
