import { type Batch, newBatch } from '../order/batch.ts';
import { capFrom, type OrderState } from '../order/state.ts';
import { clear, raise, recordEvent } from '../order/timeline.ts';
import type { Resend } from './decide.ts';
import { REFUSED_BY_PROVIDER, REJECTED_IN_PART, type RefillOutcome } from './rules.ts';
import { type AskedRefill, isDecided, type Refill, type RefillWindow, refillChange } from './state.ts';

/** Applies the providers' answers to the refill request. They are already stored. */
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
    // A provider may have taken the refill: sent again, it might be delivered twice.
    callForReview(state, refill, 'the provider may or may not have taken the refill', null, now);
  } else {
    notByProvider(state, refill, REFUSED_BY_PROVIDER[0], now);
  }
}

/** All parts of a refill that the providers took have ended. Staff can send this signal too, so its fields are checked. */
export function applyRefillReport(
  state: OrderState,
  window: RefillWindow,
  message: { readonly refill?: unknown; readonly completed?: unknown; readonly rejected?: unknown } | undefined,
  now: number,
): void {
  const { current } = window;
  const { refill: number, completed = 0, rejected } = message ?? {};
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(rejected)) return;
  // The watch reports only refills that PostgreSQL has. An unknown one means that this workflow was reset: it must reload.
  if (current === null || current.number !== number) window.isStale = true;
  else if (isDecided(current) || (current.stage !== 'tracked' && current.before !== 'tracked')) return;
  else if (rejected === 0) decideOutcome(state, current, 'Completed', '', 'provider');
  // A part is there again, so the count from before the refill says too much.
  else if (completed !== 0) callForReview(state, current, REJECTED_IN_PART, null, now);
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

/** Calls a person. `before` is the stage to which the refill returns if the person lets it go on; null when there is none. */
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

/** Lets the refill go on. If it has not ended by `until`, a person reviews it. */
export function goOn(state: OrderState, refill: Refill, until: number): void {
  if (refill.stage === 'review' && refill.before !== null) refill.stage = refill.before;
  refill.before = null;
  refill.reviewAt = until;
  clear(state, 'review');
}

/** Marks the missing items to be sent again. */
export function sendAgain(state: OrderState, refill: Refill, now: number): void {
  refill.stage = 'resending';
  refill.before = null;
  refill.reviewAt = capFrom(state, now);
  clear(state, 'review');
}

/** The missing items are stored as this batch, which is sent next. */
export function applyResent(state: OrderState, refill: Refill, { number, quantity, resends }: Resend): void {
  refill.lastBatch = number;
  refill.sentAgain = number;
  followBatch(state, refill, newBatch(number, quantity, resends));
}

export function followBatch(state: OrderState, refill: Refill, batch: Batch): void {
  refill.batch = batch;
  // After a reload the restored order may already have this batch: replace it.
  state.batches = [...state.batches.filter(({ number }) => number !== batch.number), batch];
}

/** Sets how the refill ends. The next step writes it. */
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
