import { describe, expect, it } from 'vitest';
import type { DispatchOutcome } from '../../domain/dispatch/outcome.ts';
import { applyLinkFree } from '../../domain/order/apply-send.ts';
import type { Terms } from '../../domain/order/state.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';
import {
  ANN,
  busy,
  DAY,
  HOUR,
  MINUTE,
  paused,
  refused,
  START,
  termsOf,
  unknown,
} from '../support/model/order-terms.ts';

/** A new order whose sends get these outcomes in turn. */
function orderTold(answers: readonly (() => DispatchOutcome)[], more: Partial<Terms> = {}): HandDrivenOrder {
  const order = new HandDrivenOrder(termsOf({ startAt: START + 1, ...more }));
  order.answers.push(...answers);
  order.pass(1);
  return order;
}

/** The same outcome for every quarter of an hour in `days` days. */
const always = (answer: () => DispatchOutcome, days: number) => Array.from({ length: days * 96 }, () => answer);
const minutes = ({ sent }: HandDrivenOrder) => sent.map(({ at }) => (at - START - 1) / MINUTE);

describe('an order whose providers are all paused', () => {
  it('waits without having been tried, and is sent by the same attempt', () => {
    const order = orderTold([paused(900), paused(60)]);
    expect([order.status, order.sent, order.attention]).toEqual(['Pending', [], 'none']);
    order.pass(16 * MINUTE);
    expect(order.sent).toMatchObject([{ batch: 1, attempt: 1, at: START + 1 + 16 * MINUTE }]);
    expect([order.status, order.types]).toEqual(['In progress', []]);
  });

  it('stays Processing once a provider was asked', () => {
    const order = orderTold([refused, paused(60)]);
    expect([order.status, order.sent.length]).toEqual(['Processing', 1]);
    order.pass(MINUTE);
    expect(order.sent.at(-1)).toMatchObject({ attempt: 2 });
  });

  it.each([true, false])('is canceled at once, of a service that can be canceled: %s', (cancelable) => {
    const order = orderTold([paused(900)], { cancelable });
    expect(order.cancel().message).toContain('refunded in full');
    expect(order.settled).toMatchObject({ status: 'Canceled', delivered: 0, reason: 'requested' });
  });

  it('is not sent by the end of a pause while a person has paused it', () => {
    const order = orderTold([paused(60)]);
    order.pause();
    order.pass(DAY);
    expect(order.sent).toEqual([]);
    order.resume();
    expect(order.sent.length).toBe(1);
  });
});

describe('an order that no provider takes', () => {
  const told = (days: number, more: Partial<Terms> = {}) =>
    orderTold(always(paused(900), days), { reviewAfterMs: DAY, ...more });

  it.each([
    ['paused', paused(900)],
    ['busy', busy(900)],
  ] as const)('waits for a person after the time for a review, once: %s', (_, answer) => {
    const order = orderTold(always(answer, 4), { reviewAfterMs: DAY });
    order.pass(DAY - 1);
    expect(order.attention).toBe('none');
    order.pass(1);
    expect(order.attention).toBe('review');
    expect(order.timeline).toMatchObject([
      { type: 'order.review', actor: 'system', data: { why: 'no provider takes the order' } },
    ]);
    order.pass(DAY);
    order.takeUp();
    order.pass(DAY);
    expect([order.attention, order.types]).toEqual(['review', ['order.review']]);
  });

  it('is no review any more as soon as one takes it, and then has the whole time In progress', () => {
    const order = told(1);
    order.pass(DAY);
    expect([order.status, order.attention]).toEqual(['In progress', 'none']);
    order.pass(DAY - 1);
    expect(order.attention).toBe('none');
    order.pass(1);
    expect(order.timeline.at(-1)?.data).toEqual({ why: 'In progress for too long' });
  });

  it('counts from the first wait, not from when it was placed', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 30 * DAY, reviewAfterMs: DAY }));
    order.answers.push(...always(paused(900), 3));
    order.pass(30 * DAY);
    order.pass(DAY - 1);
    expect(order.attention).toBe('none');
    order.pass(1);
    expect(order.attention).toBe('review');
  });

  it('does not count what a person paused, also over another workflow', () => {
    const order = told(4);
    order.pass(6 * HOUR);
    order.pause();
    order.pass(10 * DAY);
    order.takeUp();
    order.resume();
    order.takeUp();
    order.pass(18 * HOUR - 1);
    expect(order.attention).toBe('none');
    order.pass(1);
    expect(order.attention).toBe('review');
  });

  it('is extended, and comes back', () => {
    const order = told(5);
    order.pass(DAY);
    expect(order.resolve('extend', { hours: 48 }).ok).toBe(true);
    order.takeUp();
    expect(order.attention).toBe('none');
    order.pass(2 * DAY - 1);
    expect(order.attention).toBe('none');
    order.pass(1);
    expect(order.types).toEqual(['order.review', 'resolved.extend', 'order.review']);
  });

  it.each([
    ['cancel', {}, { status: 'Canceled', delivered: 0 }],
    ['complete', {}, { status: 'Completed', delivered: 1000 }],
    ['partial', { delivered: 250 }, { status: 'Partial', delivered: 250 }],
  ] as const)('is settled by %s, and asks nobody to stop', (action, numbers, settled) => {
    const order = told(2, { cancelable: false });
    order.pass(DAY);
    expect(order.resolve(action, numbers).ok).toBe(true);
    expect([order.settled, order.stops, order.sent]).toMatchObject([{ ...settled, actor: ANN }, [], []]);
  });

  it('cannot be taken from a provider, because none has it', () => {
    const order = told(2);
    order.pass(DAY);
    expect(order.resolve('redispatch')).toEqual({
      ok: false,
      message: 'redispatch is not possible: no provider has the order',
    });
    expect([order.settled, order.attention]).toEqual([undefined, 'review']);
  });

  it('keeps its cap while nobody knows whether it was placed', () => {
    const order = orderTold([busy(60), unknown, ...always(paused(900), 3)], { reviewAfterMs: DAY });
    order.pass(2 * DAY);
    expect([order.attention, order.types]).toEqual(['uncertain', []]);
    order.resolve('notPlaced');
    expect([order.attention, order.types.at(-1)]).toEqual(['review', 'order.review']);
  });
});

describe('a drip-feed whose provider is paused', () => {
  const drip = { runs: 3, intervalMs: HOUR };

  it('sends no burst when the pause ends: the rest of the schedule shifts', () => {
    const order = orderTold(
      Array.from({ length: 20 }, () => paused(900)),
      drip,
    );
    order.pass(10 * HOUR);
    expect(minutes(order)).toEqual([300, 360, 420]);
    expect(order.sent.map(({ batch, attempt }) => [batch, attempt])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it('keeps its times when it was not for long', () => {
    const order = orderTold([paused(900)], drip);
    order.pass(10 * HOUR);
    expect(minutes(order)).toEqual([15, 60, 120]);
  });

  it('keeps what was shifted over another workflow', () => {
    const order = orderTold(
      Array.from({ length: 4 }, () => paused(900)),
      drip,
    );
    order.pass(HOUR);
    order.takeUp();
    order.pass(10 * HOUR);
    expect(minutes(order)).toEqual([60, 120, 180]);
  });
});

describe('an order behind another for its link', () => {
  const queued = (more: Partial<Terms> = {}) => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1, reviewAfterMs: DAY, ...more }));
    order.behind = true;
    order.pass(1);
    return order;
  };

  it('stays Pending, for whatever time, and calls nobody', () => {
    const order = queued();
    order.pass(30 * DAY);
    expect([order.status, order.attention, order.sent, order.types]).toEqual(['Pending', 'none', [], []]);
  });

  it('is sent when its turn comes', () => {
    const order = queued();
    order.pass(10 * MINUTE);
    order.freesLink();
    expect([order.status, minutes(order)]).toEqual(['In progress', [10]]);
  });

  it('that was not told looks by itself within the hour', () => {
    const order = queued();
    order.pass(90 * MINUTE);
    order.behind = false;
    order.pass(29 * MINUTE);
    expect(order.sent).toEqual([]);
    order.pass(MINUTE);
    expect(minutes(order)).toEqual([120]);
  });

  it('told too early waits on', () => {
    const order = queued();
    order.freesLink();
    expect(order.sent.length).toBe(1);
    const still = queued();
    applyLinkFree(still.state, still.now);
    still.run();
    expect([still.status, still.sent]).toEqual(['Pending', []]);
  });

  it('told while it asks whether it is its turn asks again at once', () => {
    const order = queued();
    order.freesLinkWhileAsking();
    order.pass(HOUR);
    expect([order.status, minutes(order)]).toEqual(['In progress', [60]]);
  });

  it.each([true, false])('is canceled at once and given back, of a service that can be canceled: %s', (cancelable) => {
    const order = queued({ cancelable });
    order.cancel();
    expect(order.settled).toMatchObject({ status: 'Canceled', delivered: 0, reason: 'requested', actor: 'ann' });
    const drip = queued({ cancelable, runs: 3, intervalMs: HOUR });
    drip.cancel();
    expect(drip.settled).toMatchObject({ status: 'Canceled', delivered: 0 });
  });

  it('begins the schedule of a drip-feed when its turn comes', () => {
    const order = queued({ runs: 3, intervalMs: HOUR });
    order.pass(5 * HOUR + 30 * MINUTE);
    order.takeUp();
    order.freesLink();
    order.pass(10 * HOUR);
    expect(minutes(order)).toEqual([330, 390, 450]);
  });

  it('is not sent while a person has paused it', () => {
    const order = queued();
    order.pause();
    order.freesLink();
    expect(order.sent).toEqual([]);
    order.resume();
    expect(order.sent.length).toBe(1);
  });
});
