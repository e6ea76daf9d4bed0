import type { BatchStep } from './apply-batch.ts';
import type { Batch } from './batch.ts';
import { isUnwritten } from './snapshot.ts';
import { deliveredOf, hasEnded, isUnverified, type OrderState, reasonOf, runsRemain } from './state.ts';
import { type FinalStatus, finalStatus, type Reason } from './status.ts';
import { stopsWanted } from './stops.ts';
import { hasAttention } from './timeline.ts';

/** What is to be done next for an order; nothing else is done. */
export type Step =
  | BatchStep
  /** The next run is due. */
  | { readonly do: 'beginRun' }
  /** What was not sent of a canceled or stopped order never is. */
  | { readonly do: 'giveUp'; readonly batches: readonly Batch[] }
  | { readonly do: 'callForReview'; readonly why: string }
  /** Nothing waits for a review any more. */
  | { readonly do: 'endReview' }
  | { readonly do: 'write' }
  /** What PostgreSQL knows of the batches is read; `finish`: and written that no further run is begun. */
  | { readonly do: 'refresh'; readonly finish: boolean }
  | { readonly do: 'count' }
  | {
      readonly do: 'settle';
      readonly status: FinalStatus;
      readonly delivered: number;
      readonly reason: Reason | null;
      readonly actor: string;
    }
  | { readonly do: 'wait'; readonly until: number | null; readonly why: string };

/** The next step of an order: first what must be known or written, then what is due, at last to wait. */
export function decide(state: OrderState, now: number): Step {
  if (hasEnded(state)) return { do: 'wait', until: null, why: 'the order has ended' };
  return toWrite(state, now) ?? toKnow(state) ?? toEnd(state, now) ?? toSend(state, now) ?? toWait(state);
}

/** What has happened is made complete, and written down, before anything follows from it. */
function toWrite(state: OrderState, now: number): Step | undefined {
  const unsent = unsentForGood(state);
  if (unsent.length > 0) return { do: 'giveUp', batches: unsent };
  if (hasAttention(state, 'review') && overdue(state, now).length === 0) return { do: 'endReview' };
  return isUnwritten(state) ? { do: 'write' } : undefined;
}

/** What people have decided, and what may have left without a known outcome. */
function toKnow(state: OrderState): Step | undefined {
  for (const batch of state.batches) if (batch.decision) return { do: 'decide', batch, decision: batch.decision };
  const unseen = state.batches.find(({ inFlight }) => inFlight);
  if (unseen !== undefined) return { do: 'send', batch: unseen };
  const stops = stopsWanted(state);
  return stops.length > 0 ? { do: 'askStop', batches: stops } : undefined;
}

/** The ends of batches, and of the order. */
function toEnd(state: OrderState, now: number): Step | undefined {
  const { decided, finishing, batches, verification } = state;
  if (decided !== null) return settlement(state, decided.delivered, decided.actor);
  // Before an end is written: a workflow that takes the order up after a crash must know that no further run is begun.
  if (!finishing && !runsRemain(state)) return { do: 'refresh', finish: true };
  const ended = batches.filter((batch) => batch.state === 'ended');
  if (finishing && !runsRemain(state) && ended.length === batches.length) {
    if (!isUnverified(state)) return settlement(state, deliveredOf(state), state.canceledBy ?? 'provider');
    // The ends are written first: what is being counted is not reported again and again.
    if (ended[0] === undefined && verification.nextAt <= (state.pausedAt ?? now)) return { do: 'count' };
  }
  return ended[0] === undefined ? undefined : { do: 'endBatch', batch: ended[0] };
}

/** A batch that may be sent again by now, the next run when it is due, and a person where none of it goes on. */
function toSend(state: OrderState, now: number): Step | undefined {
  if (state.pausedAt === null) {
    const again = state.batches.find((batch) => batch.state === 'sending' && batch.sendAt <= now);
    if (again !== undefined) return { do: 'send', batch: again };
    if (runDue(state) <= now) return { do: 'beginRun' };
  }
  const late = hasAttention(state, 'review') ? [] : overdue(state, now);
  if (late.length === 0) return undefined;
  // Batches of a drip-feed may have ended without a report: PostgreSQL is asked before a person is.
  if (state.terms.runs > 1 && !state.isRefreshed) return { do: 'refresh', finish: false };
  const untaken = late.every((batch) => batch.state === 'sending');
  return { do: 'callForReview', why: untaken ? 'no provider takes it' : 'In progress for too long' };
}

/** Nothing is to be done before something comes in or a time has come; a pause stops every clock. */
function toWait(state: OrderState): Step {
  if (state.pausedAt !== null) return { do: 'wait', until: null, why: 'paused' };
  const run = runDue(state);
  const sends = state.batches.filter((batch) => batch.state === 'sending').map(({ sendAt }) => sendAt);
  const caps = hasAttention(state, 'review') ? [] : state.batches.map(capOf);
  const isOver = state.finishing && !runsRemain(state) && state.batches.length === 0;
  const recount = isOver && isUnverified(state) ? state.verification.nextAt : Number.POSITIVE_INFINITY;
  const until = Math.min(run, recount, ...sends, ...caps);
  if (!Number.isFinite(until)) return { do: 'wait', until: null, why: 'a word of the provider, or of a person' };
  if (until === recount) return { do: 'wait', until, why: 'count the target again' };
  if (until === run)
    return { do: 'wait', until, why: state.queuedUntil > 0 ? 'behind an earlier order' : 'the next run' };
  return {
    do: 'wait',
    until,
    why: sends.includes(until) ? 'try a provider again' : 'cap on the time In progress, or waiting',
  };
}

const unsentForGood = ({ canceledBy, stopped, batches }: OrderState): Batch[] =>
  canceledBy === null && !stopped ? [] : batches.filter((batch) => batch.state === 'sending' && !batch.inFlight);

/** When the next run may begin: not while the one before it waits for a provider. */
function runDue(state: OrderState): number {
  const waits = state.batches.some((batch) => batch.state === 'sending' && batch.resends === null);
  return runsRemain(state) && !waits ? Math.max(state.nextRunAt, state.queuedUntil) : Number.POSITIVE_INFINITY;
}

/** When a person looks at a batch: it runs for too long, or no provider has taken it for as long. */
const capOf = ({ state, reviewAt }: Batch): number =>
  (state === 'running' || state === 'sending') && reviewAt !== null ? reviewAt : Number.POSITIVE_INFINITY;

/** Batches that have passed their cap. A pause stops the clocks: they stand as they were when it began. */
const overdue = ({ batches, pausedAt }: OrderState, now: number): Batch[] =>
  batches.filter((batch) => capOf(batch) <= (pausedAt ?? now));

function settlement(state: OrderState, delivered: number, actor: string): Step {
  const { totalQuantity } = state.terms;
  const counted = Math.min(delivered, totalQuantity);
  const status = finalStatus(counted, totalQuantity);
  // Why it was paused is not why it ended, when a person has ended it.
  const why = state.canceledBy === null ? (reasonOf(state) ?? 'unknown') : (state.shortfall ?? 'requested');
  return { do: 'settle', status, delivered: counted, reason: status === 'Completed' ? null : why, actor };
}
