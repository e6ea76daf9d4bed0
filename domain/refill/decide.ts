import type { BatchStep } from '../order/apply-batch.ts';
import type { Request } from '../order/asks.ts';
import { isRunning } from '../order/batch.ts';
import { isUnwritten } from '../order/snapshot.ts';
import type { OrderState } from '../order/state.ts';
import type { RefillOutcome } from './rules.ts';
import { type Refill, type RefillChange, type RefillWindow, refillChange } from './state.ts';

/** The one next step of a Completed order in its refill window. */
export type RefillStep =
  | BatchStep
  | { readonly do: 'open'; readonly refill: Refill; readonly request: Request }
  | { readonly do: 'ask'; readonly refill: Refill }
  /** Store the missing items as this batch, to be sent on a route that has not had them. */
  | { readonly do: 'resend'; readonly refill: Refill; readonly batch: Resend }
  | { readonly do: 'correct'; readonly refill: Refill; readonly delivered: number }
  | { readonly do: 'end'; readonly refill: Refill; readonly outcome: RefillOutcome }
  | { readonly do: 'callForReview'; readonly refill: Refill; readonly why: string; readonly before: Refill['before'] }
  | { readonly do: 'write' }
  /** A report names a refill that this workflow does not know: read the refills from PostgreSQL. */
  | { readonly do: 'read' }
  | { readonly do: 'close' }
  | { readonly do: 'wait'; readonly until: number | null; readonly why: string };

/** The batch to be made of the missing items. */
export interface Resend {
  readonly number: number;
  readonly quantity: number;
  readonly resends: number;
}

export function decideRefill(state: OrderState, window: RefillWindow, now: number): RefillStep {
  const { current } = window;
  if (isUnwritten(state) || !isSame(refillChange(window), window.written)) return { do: 'write' };
  if (window.isStale && current === null) return { do: 'read' };
  if (current !== null) return toOpen(current) ?? toEnd(current) ?? toGoOn(current, now) ?? toWait(current, now);
  return now >= window.until ? { do: 'close' } : { do: 'wait', until: window.until, why: 'the refill window ends' };
}

const isSame = (one: RefillChange | null, other: RefillChange | null): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

function toOpen(refill: Refill): RefillStep | undefined {
  const { stage, request, batch } = refill;
  if (stage === 'requested' && request !== null) return { do: 'open', refill, request };
  // Learn the outcome of a send that may have left before any other step.
  return batch?.inFlight ? { do: 'send', batch } : undefined;
}

function toEnd(refill: Refill): RefillStep | undefined {
  const { batch, outcome, counts } = refill;
  if (batch?.state === 'ended') return { do: 'endBatch', batch };
  if (outcome === null) return counts === null ? undefined : { do: 'correct', refill, delivered: counts };
  if (batch !== null && isRunning(batch) && !batch.stopAsked) return { do: 'askStop', batches: [batch] };
  return { do: 'end', refill, outcome };
}

function toGoOn(refill: Refill, now: number): RefillStep | undefined {
  const { batch, stage } = refill;
  if (batch?.decision) return { do: 'decide', batch, decision: batch.decision };
  if (stage === 'asking') return { do: 'ask', refill };
  if (stage === 'resending' && batch === null) return { do: 'resend', refill, batch: resendOf(refill) };
  return batch?.state === 'sending' && batch.sendAt <= now ? { do: 'send', batch } : undefined;
}

const resendOf = ({ lastBatch, missing, sentAgain }: Refill): Resend => ({
  number: lastBatch + 1,
  quantity: missing ?? 0,
  resends: sentAgain ?? 1,
});

function toWait(refill: Refill, now: number): RefillStep {
  const { batch, stage, reviewAt } = refill;
  // Already waiting for a person: don't call for a review again.
  const isSeen = stage === 'review' || batch?.state === 'uncertain';
  if (!isSeen && reviewAt <= now) {
    const before = batch === null ? 'tracked' : 'resending';
    return { do: 'callForReview', refill, why: 'the refill has not ended in time', before };
  }
  const look = isSeen ? Number.POSITIVE_INFINITY : reviewAt;
  const until = Math.min(look, batch?.state === 'sending' ? batch.sendAt : look);
  return Number.isFinite(until)
    ? { do: 'wait', until, why: 'the next step of the refill' }
    : { do: 'wait', until: null, why: 'a person decides about the refill' };
}
