import { describe, expect, it } from 'vitest';
import { type Batch, newBatch } from '../../domain/order/batch.ts';
import { decide, type Step } from '../../domain/order/decide.ts';
import { restoreOrder } from '../../domain/order/snapshot.ts';
import type { OrderState, Terms } from '../../domain/order/state.ts';
import { makeEvent } from '../../domain/order/timeline.ts';
import { frozen } from '../support/model/frozen.ts';
import { KeptOrder } from '../support/model/kept-order.ts';
import { DAY, HOUR, START, termsOf } from '../support/model/order-terms.ts';

/** The state of a newly accepted order, with some fields replaced. */
function stateOf(more: Partial<OrderState>, terms: Partial<Terms> = {}): OrderState {
  const all = termsOf(terms);
  return { ...restoreOrder(all, new KeptOrder(all).snapshot), ...more };
}

const batch = (more: Partial<Batch>): Batch => ({ ...newBatch(1, 1000), ...more });
const word = { status: 'In progress', remains: 900, startCount: null, charge: null, stalledSince: null } as const;
const running = batch({ state: 'running', provider: 1, providerOrder: 'p1', reviewAt: START + DAY });
const ended = batch({ state: 'ended', delivered: 600 });
const sent = { status: 'In progress', runsBegun: 1, lastBatch: 1 } as const;
const drip = { runs: 3, intervalMs: HOUR } as const;

/** A state and the step it leads to; terms and time only where they matter. */
interface Case {
  readonly of: string;
  readonly state: Partial<OrderState>;
  readonly terms?: Partial<Terms>;
  readonly now?: number;
  readonly step: Partial<Step>;
}

const cases: readonly Case[] = [
  { of: 'that was just accepted: its run begins', state: {}, step: { do: 'beginRun' } },
  {
    of: 'whose run has begun: it is sent',
    state: { ...sent, batches: [batch({ inFlight: true })] },
    step: { do: 'send', batch: expect.objectContaining({ number: 1, attempt: 1 }) },
  },
  {
    of: 'canceled before it was sent: what was not sent is given up',
    state: { canceledBy: 'ann', batches: [batch({ sendAt: START + HOUR })] },
    step: { do: 'giveUp', batches: [expect.objectContaining({ number: 1 })] },
  },
  {
    of: 'canceled while it is sent: the send goes on until its outcome is known',
    state: { canceledBy: 'ann', batches: [batch({ inFlight: true })] },
    step: { do: 'send' },
  },
  {
    of: 'with an event that PostgreSQL does not have: it is written before anything else',
    state: { unwritten: [makeEvent(1, START, 'order.paused', 'ann', {})] },
    step: { do: 'write' },
  },
  {
    of: 'with a report that was taken: that is written',
    state: { ...sent, batches: [batch({ state: 'running', report: { ...word, version: 2 }, acked: 1 })] },
    step: { do: 'write' },
  },
  {
    of: 'whose uncertain attempt a person has decided about: that is written',
    state: {
      ...sent,
      attentions: ['uncertain'],
      writtenAttention: 'uncertain',
      batches: [batch({ state: 'uncertain', decision: { kind: 'notPlaced' } })],
    },
    step: { do: 'decide', decision: { kind: 'notPlaced' } },
  },
  {
    of: 'canceled while it is delivered: its provider is asked to stop',
    state: { ...sent, canceledBy: 'ann', batches: [running] },
    step: { do: 'askStop', batches: [running] },
  },
  {
    of: 'canceled, whose provider was asked: it waits for the provider',
    state: { ...sent, canceledBy: 'ann', batches: [{ ...running, stopAsked: true }] },
    step: { do: 'wait', until: START + DAY },
  },
  {
    of: 'that a person has decided: it is settled as said',
    state: { ...sent, decided: { delivered: 250, actor: 'ann' }, batches: [{ ...running, stopAsked: true }] },
    step: { do: 'settle', status: 'Partial', delivered: 250, reason: 'unknown', actor: 'ann' },
  },
  {
    of: 'whose only batch has ended: it is settled',
    state: { ...sent, batches: [ended], shortfall: 'unknown' },
    step: { do: 'settle', status: 'Partial', delivered: 600, reason: 'unknown', actor: 'provider' },
  },
  {
    of: 'that was paused and canceled: the pause is not why it ended',
    state: {
      ...sent,
      canceledBy: 'ann',
      pausedAt: START,
      pauseReason: 'private',
      attentions: ['paused'],
      writtenAttention: 'paused',
    },
    step: { do: 'settle', status: 'Canceled', delivered: 0, reason: 'requested', actor: 'ann' },
  },
  {
    of: 'of three runs, the last one begun: no further run is begun, and that is written',
    state: { ...sent, runsBegun: 3, batches: [running] },
    terms: drip,
    step: { do: 'refresh', finish: true },
  },
  {
    of: 'of three runs, one of them ended: its end is written',
    state: { ...sent, batches: [ended], nextRunAt: START + HOUR },
    terms: drip,
    step: { do: 'endBatch', batch: ended },
  },
  {
    of: 'of three runs: it waits for the next',
    state: { ...sent, batches: [running], nextRunAt: START + HOUR },
    terms: drip,
    step: { do: 'wait', until: START + HOUR, why: 'the next run' },
  },
  {
    of: 'whose target is to be counted: that is done before it is settled',
    state: { ...sent, deliveredByEnded: 1000, batches: [] },
    terms: { verify: { tolerancePercent: 10, recheckMs: HOUR } },
    step: { do: 'count' },
  },
  {
    of: 'that has passed its cap: a person is called',
    state: { ...sent, batches: [running] },
    now: START + DAY,
    step: { do: 'callForReview', why: 'In progress for too long' },
  },
  {
    of: 'that no provider has taken in time: a person is called',
    state: { ...sent, batches: [batch({ reviewAt: START, sendAt: START + HOUR })] },
    step: { do: 'callForReview', why: 'no provider takes the order' },
  },
  {
    of: 'of three runs that has passed its cap: what is open is read first, as a run may have ended without a report',
    state: { ...sent, batches: [running], nextRunAt: START + 2 * DAY },
    terms: drip,
    now: START + DAY,
    step: { do: 'refresh', finish: false },
  },
  {
    of: 'in review whose cap starts again: the review ends',
    state: { ...sent, attentions: ['review'], writtenAttention: 'review', batches: [running] },
    step: { do: 'endReview' },
  },
  {
    of: 'that is paused: nothing wakes it but a message',
    state: {
      pausedAt: START,
      attentions: ['paused'],
      writtenAttention: 'paused',
      batches: [batch({ sendAt: START + HOUR })],
    },
    step: { do: 'wait', until: null, why: 'paused' },
  },
  {
    of: 'behind an earlier order for the link: it waits',
    state: { queuedUntil: START + HOUR },
    step: { do: 'wait', until: START + HOUR, why: 'behind an earlier order' },
  },
  {
    of: 'whose settlement is being written: nothing is done',
    state: { ...sent, settling: true, batches: [ended] },
    step: { do: 'wait', until: null, why: 'the order has ended' },
  },
];

describe('the next step of an order', () => {
  it.each(cases)('$of', ({ state, terms, now = START, step }) => {
    // `decide` must not change the state: a change of frozen data would throw.
    expect(decide(frozen(stateOf(state, terms)), now)).toMatchObject(step);
  });
});
