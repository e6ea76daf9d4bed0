import { describe, expect, it } from 'vitest';
import { applyEvidence } from '../../domain/order/apply-evidence.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';
import { HOUR, START, termsOf, unknown } from '../support/model/order-terms.ts';

function uncertain(): HandDrivenOrder {
  const order = new HandDrivenOrder(termsOf({ startAt: START + 1 }));
  order.answers.push(unknown);
  order.pass(1);
  return order;
}
const receives = (order: HandDrivenOrder, message: unknown): void => {
  applyEvidence(order.state, message, order.now);
  order.run();
};

describe('evidence about a batch whose outcome is not known', () => {
  it('attaches the order that was found, and says that nobody but the system did', () => {
    const order = uncertain();
    receives(order, { batch: 1, attempt: 1, kind: 'attach', providerOrder: '78' });
    expect([order.attention, order.row(1).state]).toEqual(['none', 'running']);
    expect(order.timeline.at(-1)).toMatchObject({
      type: 'found.attach',
      actor: 'system',
      data: { providerOrder: '78' },
    });
  });

  it('that it was not placed lets it be sent again, once', () => {
    const order = uncertain();
    for (let time = 0; time < 3; time += 1) receives(order, { batch: 1, attempt: 1, kind: 'notPlaced' });
    expect(order.sent.map(({ batch, attempt }) => [batch, attempt])).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(order.attention).toBe('none');
  });

  it('is about its own run, whichever else is uncertain', () => {
    const order = new HandDrivenOrder(termsOf({ startAt: START + 1, runs: 2, intervalMs: HOUR }));
    order.answers.push(unknown, unknown);
    order.pass(HOUR + 1);
    receives(order, { batch: 2, attempt: 1, kind: 'attach', providerOrder: '2' });
    expect([order.row(1).state, order.row(2).state, order.attention]).toEqual(['uncertain', 'running', 'uncertain']);
  });

  it('of candidates is a line for a person, and decides nothing', () => {
    const order = uncertain();
    const orders = [...Array.from({ length: 12 }, (_, n) => String(500 + n)), 'not an id', 7];
    receives(order, { batch: 1, attempt: 1, kind: 'candidates', orders });
    expect(order.attention).toBe('uncertain');
    expect(order.timeline.at(-1)).toMatchObject({
      type: 'attempt.candidates',
      data: { batch: 1, providerOrders: '500, 501, 502, 503, 504, 505, 506, 507, 508, 509 and 2 more' },
    });
  });

  it.each<[string, unknown]>([
    ['of another attempt', { batch: 1, attempt: 2, kind: 'notPlaced' }],
    ['of another batch', { batch: 9, attempt: 1, kind: 'notPlaced' }],
    ['of no kind', { batch: 1, attempt: 1 }],
    ['to cancel', { batch: 1, attempt: 1, kind: 'cancel' }],
    ['with an id that is none', { batch: 1, attempt: 1, kind: 'attach', providerOrder: 'a b' }],
    ['without an id', { batch: 1, attempt: 1, kind: 'attach' }],
    ['with no candidates', { batch: 1, attempt: 1, kind: 'candidates', orders: [] }],
    ['that is nothing', null],
  ])('%s changes nothing', (_, message) => {
    const order = uncertain();
    const before = order.timeline.length;
    receives(order, message);
    expect([order.attention, order.timeline.length, order.sent.length]).toEqual(['uncertain', before, 1]);
  });

  it('that comes after a person has decided changes nothing', () => {
    const order = uncertain();
    order.resolve('cancel');
    const before = order.timeline.length;
    receives(order, { batch: 1, attempt: 1, kind: 'attach', providerOrder: '78' });
    expect([order.settled?.status, order.timeline.length]).toEqual(['Canceled', before]);
  });
});
