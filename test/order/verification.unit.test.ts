import { describe, expect, it } from 'vitest';
import type { Terms } from '../../domain/order/state.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';
import { ANN, DAY, HOUR, MINUTE, START, termsOf } from '../support/model/order-terms.ts';

const counted = (more: Partial<Terms> = {}): HandDrivenOrder =>
  new HandDrivenOrder(termsOf({ verify: { tolerancePercent: 5, recheckMs: 5 * MINUTE }, ...more }));

/** Makes the target show only `gained` new items. */
const shows = (order: HandDrivenOrder, gained: number): void => {
  order.target = () => ({ kind: 'counted', start: 70, count: 70 + gained });
};
const minutesOfLooks = (order: HandDrivenOrder): number[] => order.looks.map(({ at }) => (at - START) / MINUTE);

/** The provider reports everything delivered, but the target keeps showing 420. */
function inConflict(more: Partial<Terms> = {}): HandDrivenOrder {
  const order = counted(more);
  shows(order, 420);
  order.says(1, { status: 'Completed', remains: 0 });
  order.pass(3 * HOUR);
  expect([order.attention, order.settled]).toEqual(['conflict', undefined]);
  return order;
}

describe('an order whose target is counted', () => {
  it('is settled at once when the target shows what the provider says', () => {
    const order = counted();
    order.says(1, { status: 'Completed', remains: 0 });
    expect(order.settled).toEqual({ status: 'Completed', delivered: 1000, reason: null, actor: 'provider' });
    expect(order.looks).toHaveLength(1);
  });

  it('is not counted when nothing was delivered', () => {
    const order = counted();
    order.says(1, { status: 'Canceled' });
    expect([order.settled?.status, order.looks]).toEqual(['Canceled', []]);
  });

  it('has the end of its batch written before it is counted, so that nobody reports it again', () => {
    const order = counted();
    order.target = () => {
      expect(order.row(1).state).toBe('done');
      return { kind: 'unanswered' };
    };
    order.says(1, { status: 'Completed', remains: 0 });
    expect([order.looks.length, order.status, order.settled]).toEqual([1, 'In progress', undefined]);
  });

  it('is settled by a later look, when the target is only slow to show it', () => {
    const order = counted();
    shows(order, 300);
    order.says(1, { status: 'Completed', remains: 0 });
    order.pass(6 * MINUTE);
    shows(order, 950);
    order.pass(HOUR);
    expect(minutesOfLooks(order)).toEqual([0, 5, 15]);
    expect([order.settled?.status, order.types]).toEqual(['Completed', []]);
  });

  it('is looked at again after waits that double, and then a person is told both numbers', () => {
    const order = inConflict();
    expect(minutesOfLooks(order)).toEqual([0, 5, 15, 35, 75, 155]);
    expect(order.timeline.at(-1)).toMatchObject({
      type: 'order.conflict',
      actor: 'system',
      data: { why: 'the provider says 1000, the target shows 420' },
    });
    order.pass(30 * DAY);
    expect(order.looks).toHaveLength(6);
  });

  it('of a partial compares what the partial says', () => {
    const order = counted();
    shows(order, 570);
    order.says(1, { status: 'Partial', remains: 400 });
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 600 });
  });

  it('as a drip-feed is counted once, when the last run has ended', () => {
    const order = counted({ runs: 3, intervalMs: HOUR });
    for (const number of [1, 2]) {
      order.says(number, { status: 'Completed', remains: 0 });
      order.pass(HOUR);
    }
    expect(order.looks).toEqual([]);
    order.says(3, { status: 'Partial', remains: 500 });
    expect([order.looks.length, order.settled]).toMatchObject([1, { status: 'Partial', delivered: 2500 }]);
  });

  it.each([
    ['complete', { status: 'Completed', delivered: 1000, actor: ANN }],
    ['partial', { status: 'Partial', delivered: 420, actor: ANN }],
  ])('in conflict is settled by %s as a person says', (action, settled) => {
    const order = inConflict();
    expect(order.resolve(action, { delivered: 420 }).ok).toBe(true);
    expect(order.settled).toMatchObject(settled);
  });

  it('in conflict is looked at again from the start by extend', () => {
    const order = inConflict();
    order.resolve('extend', { hours: 1 });
    expect([order.looks.length, order.attention]).toEqual([7, 'none']);
    order.pass(5 * MINUTE);
    expect(order.looks).toHaveLength(8);
    shows(order, 1000);
    order.pass(10 * MINUTE);
    expect(order.settled).toMatchObject({ status: 'Completed', actor: 'provider' });
  });

  it('in conflict again after an extend that changed nothing says so again', () => {
    const order = inConflict();
    order.resolve('extend', { hours: 1 });
    order.pass(3 * HOUR);
    expect([order.looks.length, order.attention]).toEqual([12, 'conflict']);
    expect(order.types.filter((type) => type === 'order.conflict')).toHaveLength(2);
  });

  it('is verified all the same when somebody asks to cancel it meanwhile', () => {
    const order = counted();
    shows(order, 0);
    order.says(1, { status: 'Completed', remains: 0 });
    order.cancel();
    expect([order.settled, order.stops]).toEqual([undefined, []]);
    shows(order, 1000);
    order.pass(5 * MINUTE);
    expect(order.settled).toMatchObject({ status: 'Completed', delivered: 1000, actor: 'ann' });
  });

  it('that is paused meanwhile is looked at again once it goes on', () => {
    const order = counted();
    shows(order, 0);
    order.says(1, { status: 'Completed', remains: 0 });
    order.pause();
    shows(order, 1000);
    order.pass(DAY);
    expect([order.looks.length, order.settled]).toEqual([1, undefined]);
    order.resume();
    expect(order.settled).toMatchObject({ status: 'Completed' });
  });

  it('is verified from the start by whoever takes it up', () => {
    const order = counted();
    shows(order, 0);
    order.says(1, { status: 'Completed', remains: 0 });
    order.pass(20 * MINUTE);
    order.takeUp();
    expect(minutesOfLooks(order)).toEqual([0, 5, 15, 20]);
    shows(order, 1000);
    order.pass(5 * MINUTE);
    expect(order.settled).toMatchObject({ status: 'Completed' });
  });

  it('stays in conflict for whoever takes it up, until the target agrees', () => {
    const order = inConflict();
    order.takeUp();
    order.pass(4 * MINUTE);
    expect(order.attention).toBe('conflict');
    shows(order, 1000);
    order.pass(MINUTE);
    expect(order.settled).toMatchObject({ status: 'Completed' });
    expect(order.types.filter((type) => type === 'order.conflict')).toHaveLength(1);
  });

  it('in conflict cannot be canceled, redispatched or sent again', () => {
    for (const action of ['cancel', 'redispatch', 'attach', 'notPlaced']) {
      const order = inConflict();
      expect([action, order.resolve(action, { providerOrder: '7' }).ok]).toEqual([action, false]);
      expect([order.settled, order.sent.length]).toEqual([undefined, 1]);
    }
  });
});
