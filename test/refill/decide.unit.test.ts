import { describe, expect, it } from 'vitest';
import { newBatch } from '../../domain/order/batch.ts';
import { decideRefill, type RefillStep } from '../../domain/refill/decide.ts';
import { newRefill, type Refill, type RefillWindow, refillChange } from '../../domain/refill/state.ts';
import { frozen } from '../support/model/frozen.ts';
import { HandDrivenRefills } from '../support/model/hand-driven-refills.ts';
import { DAY, HOUR, START } from '../support/model/order-terms.ts';

const request = { by: 'ann', reason: 'dropped' };
const refill = (more: Partial<Refill>): Refill => ({ ...newRefill(1, null, START + DAY), id: 70, ...more });
const again = { ...newBatch(2, 40, 1), state: 'running' } as const;

/** The next step of a Completed order with this refill, when everything is written. */
function stepOf(current: Refill | null, now: number, more: Partial<RefillWindow> = {}): RefillStep {
  const { state, window } = new HandDrivenRefills();
  const open = { ...window, current, ...more };
  // `decideRefill` must not change the state: a change of frozen data would throw.
  return decideRefill(frozen(state), frozen({ ...open, written: refillChange(open) }), now);
}

describe('the next step of a refill', () => {
  it.each<[string, Refill, Partial<RefillStep>]>([
    ['that was asked for: it is opened', { ...newRefill(1, request, START + DAY) }, { do: 'open', request }],
    ['that is written down: its providers are asked', refill({ stage: 'asking' }), { do: 'ask' }],
    ['that they took: it is waited for', refill({ stage: 'tracked' }), { do: 'wait', until: START + DAY }],
    [
      'that is to be sent again: what is missing becomes a batch',
      refill({ stage: 'resending', missing: 40, lastBatch: 1 }),
      { do: 'resend', batch: { number: 2, quantity: 40, resends: 1 } },
    ],
    [
      'that is sent again: what may have left is asked for first',
      refill({ stage: 'resending', batch: { ...again, state: 'sending', inFlight: true }, outcome: 'Rejected' }),
      { do: 'send' },
    ],
    [
      'whose batch waits for a provider: it is tried later',
      refill({ stage: 'resending', batch: { ...again, state: 'sending', sendAt: START + HOUR } }),
      { do: 'wait', until: START + HOUR },
    ],
    [
      'whose batch has ended: that is written',
      refill({ stage: 'resending', batch: { ...again, state: 'ended' } }),
      { do: 'endBatch' },
    ],
    [
      'that a person closed while it runs: its provider is asked to stop',
      refill({ stage: 'review', batch: again, outcome: 'Rejected' }),
      { do: 'askStop', batches: [again] },
    ],
    [
      'that a person closed, and whose provider was asked: it ends',
      refill({ stage: 'review', batch: { ...again, stopAsked: true }, outcome: 'Rejected' }),
      { do: 'end', outcome: 'Rejected' },
    ],
    [
      'for which a person gives money back: that is done first',
      refill({ stage: 'review', counts: 900 }),
      { do: 'correct', delivered: 900 },
    ],
    [
      'whose uncertain attempt a person decided about: that is written',
      refill({ stage: 'resending', batch: { ...again, state: 'uncertain', decision: { kind: 'notPlaced' } } }),
      { do: 'decide', decision: { kind: 'notPlaced' } },
    ],
    [
      'that waits for a person: nothing wakes it but a message',
      refill({ stage: 'review' }),
      { do: 'wait', until: null },
    ],
  ])('%s', (_, current, step) => {
    expect(stepOf(current, START)).toMatchObject(step);
  });

  it('that has not ended in time: a person is called, who may let it go on as it was', () => {
    const late = stepOf(refill({ stage: 'tracked' }), START + DAY);
    expect(late).toMatchObject({ do: 'callForReview', why: 'the refill has not ended in time', before: 'tracked' });
    const sentAgain = stepOf(refill({ stage: 'resending', batch: again }), START + DAY);
    expect(sentAgain).toMatchObject({ do: 'callForReview', before: 'resending' });
  });

  it('whose stage PostgreSQL does not have is written first', () => {
    const { state, window } = new HandDrivenRefills();
    expect(decideRefill(state, { ...window, current: refill({ stage: 'tracked' }) }, START)).toEqual({ do: 'write' });
  });
});

describe('the next step of an order without a refill under way', () => {
  it('waits until the window ends, and closes it then', () => {
    const { until } = new HandDrivenRefills().window;
    expect(stepOf(null, until - 1)).toMatchObject({ do: 'wait', until });
    expect(stepOf(null, until)).toEqual({ do: 'close' });
  });

  it('reads again what PostgreSQL knows when a report names a refill that is not known here', () => {
    expect(stepOf(null, START, { isStale: true })).toEqual({ do: 'read' });
  });
});
