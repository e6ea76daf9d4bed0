import { type Batch, newBatch } from '../order/batch.ts';
import { capFrom, type OrderState } from '../order/state.ts';
import { clear, raise, recordEvent } from '../order/timeline.ts';
import type { Resend } from './decide.ts';
import { REFUSED_BY_PROVIDER, type RefillOutcome } from './rules.ts';
import { type AskedRefill, isDecided, type Refill, type RefillWindow, refillChange } from './state.ts';

/** The providers' answers to the wish for a refill, as they were written down. */
export function applyRefillAsked(
  state: OrderState,
  window: RefillWindow,
  refill: Refill,
  { taken, refused, unclear }: AskedRefill,
  now: number,
): void {
  if (taken > 0) {
    refill.stage = 'tracked';
    const short = { refill: refill.number, taken, refused, unclear };
    if (refused + unclear > 0) recordEvent(state, now, 'refill.short', 'provider', short);
    window.written = refillChange(window);
  } else if (unclear > 0) {
    // It may be delivered there; sent again, it might be delivered twice.
    callForReview(state, refill, 'nobody knows whether the provider refills it', null, now);
  } else {
    notByProvider(state, refill, REFUSED_BY_PROVIDER[0], now);
  }
}

/** A provider has said its last word about each part of a refill that it took. Anybody can send this. */
export function applyRefillReport(
  state: OrderState,
  window: RefillWindow,
  message: { readonly refill?: unknown; readonly rejected?: unknown } | undefined,
  now: number,
): void {
  const { current } = window;
  const { refill: number, rejected } = message ?? {};
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(rejected)) return;
  // The watch speaks only of refills that are followed: this workflow was reset to before it knew of this one.
  if (current === null || current.number !== number) window.isStale = true;
  else if (isDecided(current) || (current.stage !== 'tracked' && current.before !== 'tracked')) return;
  else if (rejected === 0) decideOutcome(state, current, 'Completed', '', 'provider');
  else notByProvider(state, current, REFUSED_BY_PROVIDER[1], now);
}

function notByProvider(state: OrderState, refill: Refill, why: string, now: number): void {
  const { fallback } = state.terms.refill;
  if (fallback === 'reject') {
    decideOutcome(state, refill, 'Rejected', why, 'provider');
  } else if (fallback === 'resend' && (refill.missing ?? 0) > 0) {
    sendAgain(state, refill, now);
    const data = { refill: refill.number, quantity: refill.missing ?? 0, why };
    recordEvent(state, now, 'refill.resent', 'system', data);
  } else {
    callForReview(state, refill, why, null, now);
  }
}

/** A person is to decide; `before` is what it is waited for when that person lets it go on. */
export function callForReview(
  state: OrderState,
  refill: Refill,
  why: string,
  before: Refill['before'],
  now: number,
): void {
  refill.before = before;
  refill.stage = 'review';
  raise(state, 'review');
  recordEvent(state, now, 'order.review', 'system', { refill: refill.number, why });
}

/** It goes on; not ended until then, a person looks at it. */
export function goOn(state: OrderState, refill: Refill, until: number): void {
  if (refill.stage === 'review' && refill.before !== null) refill.stage = refill.before;
  refill.before = null;
  refill.reviewAt = until;
  clear(state, 'review');
}

/** What is missing is to be sent again. */
export function sendAgain(state: OrderState, refill: Refill, now: number): void {
  refill.stage = 'resending';
  refill.before = null;
  refill.reviewAt = capFrom(state, now);
  clear(state, 'review');
}

/** What is missing is written down as this batch, and about to be sent again. */
export function applyResent(state: OrderState, refill: Refill, { number, quantity, resends }: Resend): void {
  refill.lastBatch = number;
  refill.sentAgain = number;
  followBatch(state, refill, newBatch(number, quantity, resends));
}

export function followBatch(state: OrderState, refill: Refill, batch: Batch): void {
  refill.batch = batch;
  // The order has ended, so this batch may have been among those it was taken up with.
  state.batches = [...state.batches.filter(({ number }) => number !== batch.number), batch];
}

/** How it ends: to be written. */
export function decideOutcome(
  state: OrderState,
  refill: Refill,
  outcome: RefillOutcome,
  why: string,
  by: string,
): void {
  refill.outcome = outcome;
  refill.why = why;
  refill.by = by;
  clear(state, 'review', 'uncertain');
}
