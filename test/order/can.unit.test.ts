import { describe, expect, it } from 'vitest';
import { type ActionFacts, denialsOf, type RequestFacts, whyNoCancel, whyNoPause } from '../../domain/order/can.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;
const facts: ActionFacts = {
  status: 'In progress',
  totalQuantity: 1000,
  delivered: 0,
  isSent: true,
  cancelable: true,
  cancelRequested: false,
  reorderedBy: null,
  pausedBy: null,
  customersPausedAt: null,
  batches: [],
  refill: { status: 'In progress', completedAt: null, delivered: 0, underWay: false, taken: 0, lastEndedAt: null },
  refillTerms: { days: 30, cap: 3, cooldownMs: 0, fallback: 'review' },
};
const can = (more: Partial<ActionFacts>) => {
  const denials = denialsOf({ ...facts, ...more }, NOW);
  return Object.fromEntries(Object.entries(denials).map(([action, denial]) => [action, denial?.code ?? 'yes']));
};

describe('what a customer can do with an order', () => {
  it('that runs: cancel and pause', () => {
    expect(can({})).toEqual({
      cancel: 'yes',
      pause: 'yes',
      resume: 'not_paused',
      refill: 'never_completed',
      reorder: 'order_open',
    });
  });

  it('that a person paused: resume, and cancel', () => {
    expect(can({ pausedBy: 'account 1001' })).toMatchObject({ cancel: 'yes', pause: 'already_paused', resume: 'yes' });
  });

  it('that its provider paused: a pause of their own, which lasts longer', () => {
    expect(can({ pausedBy: 'provider' })).toMatchObject({ pause: 'yes', resume: 'yes' });
  });

  it('that they resumed: a pause again ten minutes after the last one', () => {
    const paused = (minutesAgo: number) => denialsOf({ ...facts, customersPausedAt: NOW - minutesAgo * MINUTE }, NOW);
    expect(paused(4).pause).toEqual({
      code: 'paused_lately',
      reason: 'the order was paused at 2026-11-21T11:56:00Z; it can be paused again from 2026-11-21T12:06:00Z on',
      from: NOW + 6 * MINUTE,
    });
    expect(paused(10).pause).toBeUndefined();
  });

  it('that ended short: order the rest again, and nothing else', () => {
    const over = { status: 'Partial', delivered: 600, refill: { ...facts.refill, status: 'Partial' } } as const;
    expect(can(over)).toEqual({
      cancel: 'order_ended',
      pause: 'order_ended',
      resume: 'order_ended',
      refill: 'never_completed',
      reorder: 'yes',
    });
  });

  it('that is Completed: a refill', () => {
    const refill = { ...facts.refill, status: 'Completed', completedAt: NOW, delivered: 1000 };
    expect(can({ status: 'Completed', delivered: 1000, refill })).toMatchObject({
      refill: 'yes',
      reorder: 'nothing_undelivered',
    });
  });
});

describe('whether an order can be canceled', () => {
  const request: RequestFacts = { ...facts, ended: null };
  const asked = (more: Partial<RequestFacts>) => whyNoCancel({ ...request, cancelRequested: true, ...more }, NOW);
  const batch = (answer: 'accepted' | 'refused', minutesAgo: number) => ({
    state: 'running',
    stopAsked: true,
    stop: { answer, at: NOW - minutesAgo * MINUTE },
  });

  it('depends on the service only once something was sent', () => {
    expect(whyNoCancel({ ...request, cancelable: false }, NOW)?.code).toBe('not_cancelable');
    expect(whyNoCancel({ ...request, cancelable: false, isSent: false }, NOW)).toBeUndefined();
  });

  it('again: ten minutes after the provider refused', () => {
    expect(asked({ batches: [batch('refused', 4)] })).toEqual({
      code: 'already_requested',
      reason:
        'canceling has been requested already: the provider refused that at 2026-11-21T11:56:00Z; it can be asked again from 2026-11-21T12:06:00Z on',
      from: NOW + 6 * MINUTE,
    });
    expect(asked({ batches: [batch('refused', 10)] })).toBeUndefined();
  });

  it('again: never once the provider accepted, and not while it is being asked', () => {
    expect(asked({ batches: [batch('accepted', 60)] })?.from).toBeUndefined();
    expect(asked({ batches: [{ state: 'running', stopAsked: true, stop: null }] })?.code).toBe('already_requested');
  });

  it('is told in the words of the end once the order has ended, like a pause', () => {
    const ended = 'the order has ended: Completed';
    expect(asked({ ended })).toEqual({ code: 'order_ended', reason: ended });
    expect(whyNoPause({ ...request, ended })).toEqual({ code: 'order_ended', reason: ended });
  });
});
