import { describe, expect, it } from 'vitest';
import { applyReport } from '../../domain/order/apply-report.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';
import { refused, START, termsOf, unknown } from '../support/model/order-terms.ts';

const COMPLETED = { status: 'Completed', remains: 0 } as const;
const CANCELED = { status: 'Canceled', remains: 1000 } as const;

describe('reports', () => {
  const early = { ...COMPLETED, version: 1, startCount: null, charge: null, stalledSince: null };

  it('that come before it is known here that the provider has the batch count once it is', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1 }));
    order.duringSend = () => {
      applyReport(order.state, 1, { ...early, version: 2 }, order.now);
      applyReport(order.state, 1, { ...early, status: 'In progress', remains: 900 }, order.now);
    };
    order.pass(1);
    expect(order.settled).toMatchObject({ status: 'Completed', delivered: 1000 });
  });

  it('that come early count for nothing when the provider does not have it after all', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1 }));
    order.answers.push(refused);
    order.duringSend = () => applyReport(order.state, 1, early, order.now);
    order.pass(1);
    expect([order.sent.length, order.settled]).toEqual([2, undefined]);
  });

  it('that contradict themselves and come before a person says that the provider has the batch wait for a person', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1 }));
    order.answers.push(unknown);
    order.pass(1);
    order.tells(1, { ...early, status: 'Partial', remains: null });
    expect(order.attention).toBe('uncertain');
    order.resolve('attach', { providerOrder: '77' });
    expect([order.attention, order.types.at(-1), order.settled]).toEqual(['conflict', 'order.conflict', undefined]);
    order.takeUp();
    expect([order.attention, order.settled]).toEqual(['conflict', undefined]);
    order.resolve('partial', { delivered: 600 });
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 600 });
  });

  it('that come before a person says that it was not placed count for nothing', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1 }));
    order.answers.push(unknown);
    order.pass(1);
    order.tells(1, { ...early, status: 'Partial', remains: null });
    order.resolve('notPlaced');
    expect([order.attention, order.sent.length, order.settled]).toEqual(['none', 2, undefined]);
  });

  const word = { startCount: null, charge: null, stalledSince: null, status: 'Paused', remains: null } as const;

  it('that are old, or come twice, change nothing', () => {
    const order = new HandDrivenOrder();
    order.tells(1, { ...word, version: 5 });
    order.resume();
    for (const version of [1, 4, 5]) order.tells(1, { ...word, version });
    expect([order.attention, order.types.length]).toEqual(['none', 2]);
    order.takeUp();
    for (const version of [1, 4, 5]) order.tells(1, { ...word, version });
    expect(order.attention).toBe('none');
  });

  it('of batches that are not there, or after the end, change nothing', () => {
    const order = new HandDrivenOrder();
    order.tells(7, { ...word, version: 1 });
    order.says(1, COMPLETED);
    order.tells(1, { ...word, ...CANCELED, version: 99 });
    expect([order.status, order.attention, order.timeline]).toEqual(['Completed', 'none', []]);
  });

  it.each([
    [undefined],
    [{}],
    [{ version: 'x', status: 'Completed' }],
    [{ version: 9, status: 'Partial' }],
    [{ version: 9, status: 'Partial', remains: 'many' }],
    [{ version: 9, status: 'whatever', remains: 0 }],
  ])('with %o in them end nothing and break nothing', (message) => {
    const order = new HandDrivenOrder();
    applyReport(order.state, 1, (message ?? {}) as never, order.now);
    order.run();
    expect(order.settled).toBeUndefined();
    order.says(1, { ...COMPLETED, version: 10 });
    expect(order.settled).toMatchObject({ delivered: 1000 });
  });

  it('that contradict themselves pay nothing out, and a better word ends the conflict', () => {
    const order = new HandDrivenOrder();
    order.says(1, { status: 'Completed', remains: 5 });
    expect([order.attention, order.settled]).toEqual(['conflict', undefined]);
    order.says(1, { status: 'Partial', remains: 5 });
    expect(order.settled).toMatchObject({ status: 'Partial', delivered: 995 });
  });

  it('are written down as taken even when nothing else follows from them', () => {
    const order = new HandDrivenOrder();
    order.pause();
    order.says(1, { status: 'Paused' });
    order.says(1, { status: 'In progress' });
    expect(order.row(1).acked).toBe(2);
  });
});
