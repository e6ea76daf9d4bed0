import { describe, expect, it } from 'vitest';
import type { Terms } from '../../domain/order/state.ts';
import type { Attention } from '../../domain/order/status.ts';
import { RESOLUTIONS, type Resolution } from '../../domain/review/resolution.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';
import { ANN, DAY, HOUR, refused, START, termsOf, unknown } from '../support/model/order-terms.ts';

/** An order of 1000 with this attention. */
function orderWith(attention: Attention, more: Partial<Terms> = {}): HandDrivenOrder {
  const order = new HandDrivenOrder(termsOf({ startAt: START + 1, reviewAfterMs: DAY, ...more }));
  if (attention === 'uncertain') order.answers.push(unknown);
  order.pass(1);
  if (attention === 'stalled') order.says(1, { stalledSince: START });
  if (attention === 'paused') order.pause();
  if (attention === 'review') order.pass(DAY);
  if (attention === 'conflict') order.says(1, { status: 'Completed', remains: 5 });
  expect(order.attention).toBe(attention);
  return order;
}

const NUMBERS = { hours: 12, delivered: 250, providerOrder: '77' };

/** The effect of each resolution where it is allowed. */
const EFFECTS: Readonly<Record<Resolution['action'], (order: HandDrivenOrder, before: Attention) => void>> = {
  extend: (order, before) => {
    if (before === 'paused') order.resume();
    expect(order.attention).toBe('none');
    order.pass(12 * HOUR - 1);
    expect(order.attention).toBe('none');
    order.pass(1);
    expect(order.attention).toBe('review');
  },
  complete: (order) => {
    expect(order.stops).toEqual([1]);
    expect(order.settled).toMatchObject({ status: 'Completed', delivered: 1000, actor: ANN });
  },
  partial: (order) => {
    expect(order.stops).toEqual([1]);
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 250, actor: ANN });
  },
  redispatch: (order, before) => {
    expect([order.stops, order.sent.length]).toEqual([[1], 1]);
    if (before === 'paused') order.resume();
    expect(order.attention).toBe('none');
    order.says(1, { status: 'Partial', remains: 400 });
    expect(order.sent.at(-1)).toMatchObject({ batch: 2, quantity: 400, resends: 1 });
    order.says(2, { status: 'Completed', remains: 0 });
    expect(order.settled).toMatchObject({ status: 'Completed', delivered: 1000 });
  },
  cancel: (order, before) => {
    if (before !== 'uncertain') {
      expect([order.stops, order.settled]).toEqual([[1], undefined]);
      order.says(1, { status: 'Canceled', remains: 1000 });
    }
    expect(order.settled).toMatchObject({ status: 'Canceled', delivered: 0 });
  },
  attach: (order) => {
    expect([order.status, order.attention, order.sent.length]).toEqual(['In progress', 'none', 1]);
    order.says(1, { status: 'Completed', remains: 0 });
    expect(order.settled).toMatchObject({ status: 'Completed', delivered: 1000 });
  },
  notPlaced: (order) => {
    expect([order.status, order.attention]).toEqual(['In progress', 'none']);
    expect(order.sent.map(({ attempt }) => attempt)).toEqual([1, 2]);
  },
};

const ALLOWED: Readonly<Record<Attention, readonly string[]>> = {
  none: [],
  stalled: ['extend', 'complete', 'partial', 'cancel', 'redispatch'],
  paused: ['extend', 'complete', 'partial', 'cancel', 'redispatch'],
  review: ['extend', 'complete', 'partial', 'cancel', 'redispatch'],
  conflict: ['extend', 'complete', 'partial'],
  uncertain: ['attach', 'notPlaced', 'cancel'],
};
const cells = Object.keys(ALLOWED).flatMap((attention) =>
  RESOLUTIONS.map((action) => [attention as Attention, action] as const),
);

describe('what a person decides', () => {
  it.each(cells.filter(([attention, action]) => ALLOWED[attention].includes(action)))(
    'when an order is %s: %s takes effect, and is in the timeline',
    (attention, action) => {
      const order = orderWith(attention);
      expect(order.resolve(action, NUMBERS).ok).toBe(true);
      expect(order.timeline.find(({ type }) => type === `resolved.${action}`)).toMatchObject({ actor: ANN });
      EFFECTS[action](order, attention);
    },
  );

  it.each(cells.filter(([attention, action]) => !ALLOWED[attention].includes(action)))(
    'when an order is %s: %s is refused, and the timeline says why',
    (attention, action) => {
      const order = orderWith(attention);
      const { ok, message } = order.resolve(action, NUMBERS);
      expect([ok, order.timeline.at(-1)]).toMatchObject([false, { type: 'resolve.refused', data: { why: message } }]);
      expect([order.attention, order.settled, order.stops]).toEqual([attention, undefined, []]);
    },
  );

  it.each<[string, unknown]>([
    ['nothing at all', undefined],
    ['no name', { by: ' ', action: 'complete' }],
    ['an unknown action', { by: 'ann', action: 'explode' }],
    ['no hours', { by: 'ann', action: 'extend' }],
    ['hours that are text', { by: 'ann', action: 'extend', hours: '12' }],
    ['more than was ordered', { by: 'ann', action: 'partial', delivered: 1001 }],
    ['less than nothing', { by: 'ann', action: 'partial', delivered: -1 }],
    ['half an item', { by: 'ann', action: 'partial', delivered: 0.5 }],
  ])('with %s is refused', (_, message) => {
    const order = orderWith('review');
    expect(order.resolve('', (message ?? { by: 0 }) as Record<string, unknown>).ok).toBe(false);
    expect([order.attention, order.types.at(-1), order.settled]).toEqual(['review', 'resolve.refused', undefined]);
  });

  it.each([
    [1000, 'Completed'],
    [0, 'Canceled'],
  ])('as partial with %i delivered is %s', (delivered, status) => {
    const order = orderWith('conflict');
    order.resolve('partial', { delivered });
    expect(order.settled).toMatchObject({ status, delivered });
  });

  it('as cancel of a service that cannot be canceled is refused, and the timeline does not say otherwise', () => {
    const order = orderWith('review', { cancelable: false });
    expect(order.resolve('cancel').ok).toBe(false);
    expect([order.state.canceledBy, order.types]).toEqual([null, ['order.review', 'resolve.refused']]);
  });

  it('as redispatch of what no provider has is refused', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + DAY }));
    order.pause();
    expect(order.resolve('redispatch').ok).toBe(false);
  });

  it('as attach to the order of another batch leaves it uncertain, and says so', () => {
    const order = orderWith('uncertain');
    order.resolve('attach', { providerOrder: 'taken' });
    expect([order.attention, order.timeline.at(-1)?.data]).toEqual([
      'uncertain',
      { why: 'order taken belongs to another batch' },
    ]);
    expect(order.resolve('attach', { providerOrder: '78' }).ok).toBe(true);
    expect(order.attention).toBe('none');
  });

  it('of two uncertain runs says which of them it is about, or is refused', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1, runs: 2, intervalMs: HOUR }));
    order.answers.push(unknown, unknown);
    order.pass(HOUR + 1);
    for (const action of ['attach', 'notPlaced', 'cancel']) {
      const { ok, message } = order.resolve(action, { providerOrder: '1' });
      expect([ok, message]).toEqual([false, expect.stringContaining('say which batch, 1 or 2')]);
    }
    expect(order.resolve('attach', { providerOrder: '1', batch: 3 }).ok).toBe(false);
    expect(order.resolve('attach', { providerOrder: '1', batch: 'first' }).ok).toBe(false);
    expect(order.resolve('attach', { providerOrder: '1', batch: 1 }).ok).toBe(true);
    expect(order.attention).toBe('uncertain');
    // A repeat of the same decision is not applied to the other run.
    expect(order.resolve('attach', { providerOrder: '1', batch: 1 }).ok).toBe(false);
    expect(order.resolve('cancel').ok).toBe(true);
    expect([order.row(1).state, order.attention]).toEqual(['running', 'none']);
    order.says(1, { status: 'Completed', remains: 0 });
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 1000, reason: 'unknown' });
  });

  it.each(['notPlaced', 'cancel'])(
    'as %s of an attempt leaves a later one, which is uncertain too, alone',
    (action) => {
      const order = orderWith('uncertain');
      order.answers.push(unknown);
      order.resolve('notPlaced');
      expect([order.attention, order.sent.at(-1)?.attempt]).toEqual(['uncertain', 2]);
      const { ok, message } = order.resolve(action, { batch: 1, attempt: 1 });
      expect([ok, message]).toEqual([false, 'attempt 1 of batch 1 is not uncertain']);
      expect([order.attention, order.sent.length, order.settled]).toEqual(['uncertain', 2, undefined]);
      expect(order.resolve(action, { batch: 1, attempt: 'second' }).ok).toBe(false);
      expect(order.resolve(action, { batch: 1, attempt: 2 }).ok).toBe(true);
      expect(order.attention).toBe('none');
    },
  );

  it('in the midst of a pause gives the hours that it says, once the order goes on', () => {
    const order = orderWith('paused');
    order.pass(DAY);
    order.resolve('extend', { hours: 5 });
    order.pass(DAY);
    order.resume();
    order.pass(5 * HOUR - 1);
    expect(order.attention).toBe('none');
    order.pass(1);
    expect(order.attention).toBe('review');
  });

  it('notPlaced and then refused by the last route gives the money back', () => {
    const order = orderWith('uncertain');
    order.answers.push(refused, () => ({ kind: 'exhausted' }));
    order.resolve('notPlaced');
    expect(order.settled).toMatchObject({ status: 'Canceled', delivered: 0, reason: 'refused' });
  });
});
