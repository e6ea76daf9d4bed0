import { LIMITS } from '../limits.ts';
import type { BatchStep } from './apply-batch.ts';
import type { Batch } from './batch.ts';
import { isUnwritten } from './snapshot.ts';
import { deliveredOf, hasEnded, isUnverified, type OrderState, reasonOf, runsRemain } from './state.ts';
import { type FinalStatus, finalStatus, type Reason } from './status.ts';
import { stopsWanted } from './stops.ts';
import { hasAttention } from './timeline.ts';

/** The one next step of an order. */
export type Step =
  | BatchStep
  /** The next run is due. */
  | { readonly do: 'beginRun' }
  /** The next run is due, but too many batches have not ended. */
  | { readonly do: 'holdRun' }
  /** Batches of a canceled or stopped order that were not sent are ended. */
  | { readonly do: 'giveUp'; readonly batches: readonly Batch[] }
  | { readonly do: 'callForReview'; readonly why: string }
  /** No batch is past its review time any more. */
  | { readonly do: 'endReview' }
  | { readonly do: 'write' }
  /** Read the batches from PostgreSQL. `finish`: also write that no further run begins. */
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

/** The next step of an order: first write, then find out what is unknown, then end, send, and at last wait. */
export function decide(state: OrderState, now: number): Step {
  if (hasEnded(state)) return { do: 'wait', until: null, why: 'the order has ended' };
  return toWrite(state, now) ?? toKnow(state) ?? toEnd(state, now) ?? toSend(state, now) ?? toWait(state);
}

/** Events must be complete and stored before any later step acts on them. */
function toWrite(state: OrderState, now: number): Step | undefined {
  const unsent = unsentForGood(state);
  if (unsent.length > 0) return { do: 'giveUp', batches: unsent };
  if (hasAttention(state, 'review') && overdue(state, now).length === 0) return { do: 'endReview' };
  return isUnwritten(state) ? { do: 'write' } : undefined;
}

/** Carry out decisions about attempts, ask for unknown outcomes of sends, and ask providers to stop. */
function toKnow(state: OrderState): Step | undefined {
  for (const batch of state.batches) if (batch.decision) return { do: 'decide', batch, decision: batch.decision };
  const unseen = state.batches.find(({ inFlight }) => inFlight);
  if (unseen !== undefined) return { do: 'send', batch: unseen };
  const stops = stopsWanted(state);
  return stops.length > 0 ? { do: 'askStop', batches: stops } : undefined;
}

/** End batches, count the target and settle the order. */
function toEnd(state: OrderState, now: number): Step | undefined {
  const { decided, finishing, batches, verification } = state;
  if (decided !== null) return settlement(state, decided.delivered, decided.actor);
  // Before any end is written: after a crash, the next workflow must know that no further run begins.
  if (!finishing && !runsRemain(state)) return { do: 'refresh', finish: true };
  const ended = batches.filter((batch) => batch.state === 'ended');
  if (finishing && !runsRemain(state) && ended.length === batches.length) {
    if (!isUnverified(state)) return settlement(state, deliveredOf(state), state.canceledBy ?? 'provider');
    // Write the ends first: otherwise the watch would report these batches again and again while the target is counted.
    if (ended[0] === undefined && verification.nextAt <= (state.pausedAt ?? now)) return { do: 'count' };
  }
  return ended[0] === undefined ? undefined : { do: 'endBatch', batch: ended[0] };
}

/** Send a waiting batch, begin the next run, or call for a review of batches that are past their review time. */
function toSend(state: OrderState, now: number): Step | undefined {
  if (state.pausedAt === null) {
    const again = state.batches.find((batch) => batch.state === 'sending' && batch.sendAt <= now);
    if (again !== undefined) return { do: 'send', batch: again };
    if (runDue(state) <= now) return toBegin(state);
  }
  const late = hasAttention(state, 'review') ? [] : overdue(state, now);
  if (late.length === 0) return undefined;
  // Batches of a drip-feed may have ended without a report: read PostgreSQL before calling a person.
  if (state.terms.runs > 1 && !state.isRefreshed) return { do: 'refresh', finish: false };
  const untaken = late.every((batch) => batch.state === 'sending');
  return { do: 'callForReview', why: untaken ? 'no provider takes the order' : 'In progress for too long' };
}

/** Begin the next run. Batches of a drip-feed may have ended without a report: read PostgreSQL before the run is held. */
function toBegin({ batches, isRefreshed }: OrderState): Step {
  if (batches.length < LIMITS.openBatches) return { do: 'beginRun' };
  return isRefreshed ? { do: 'holdRun' } : { do: 'refresh', finish: false };
}

/** Wait for a message or for the earliest time at which a step is due. A pause stops every clock. */
function toWait(state: OrderState): Step {
  if (state.pausedAt !== null) return { do: 'wait', until: null, why: 'paused' };
  const run = runDue(state);
  const sends = state.batches.filter((batch) => batch.state === 'sending').map(({ sendAt }) => sendAt);
  const caps = hasAttention(state, 'review') ? [] : state.batches.map(capOf);
  const isOver = state.finishing && !runsRemain(state) && state.batches.length === 0;
  const recount = isOver && isUnverified(state) ? state.verification.nextAt : Number.POSITIVE_INFINITY;
  const until = Math.min(run, recount, ...sends, ...caps);
  if (!Number.isFinite(until))
    return { do: 'wait', until: null, why: 'a report of the provider or a message of a person' };
  if (until === recount) return { do: 'wait', until, why: 'count the target again' };
  if (until === run)
    return { do: 'wait', until, why: state.queuedUntil > 0 ? 'behind an earlier order' : 'the next run' };
  return {
    do: 'wait',
    until,
    why: sends.includes(until) ? 'try a provider again' : 'the time limit for being In progress or waiting',
  };
}

const unsentForGood = ({ canceledBy, stopped, batches }: OrderState): Batch[] =>
  canceledBy === null && !stopped ? [] : batches.filter((batch) => batch.state === 'sending' && !batch.inFlight);

/** When the next run may begin; infinity while the run before it waits for a provider. */
function runDue(state: OrderState): number {
  const waits = state.batches.some((batch) => batch.state === 'sending' && batch.resends === null);
  return runsRemain(state) && !waits ? Math.max(state.nextRunAt, state.queuedUntil) : Number.POSITIVE_INFINITY;
}

/** When a person must review a batch that runs, or waits for a provider, for too long; infinity when never. */
const capOf = ({ state, reviewAt }: Batch): number =>
  (state === 'running' || state === 'sending') && reviewAt !== null ? reviewAt : Number.POSITIVE_INFINITY;

/** Batches past their review time. A pause stops the clocks at its start. */
const overdue = ({ batches, pausedAt }: OrderState, now: number): Batch[] =>
  batches.filter((batch) => capOf(batch) <= (pausedAt ?? now));

function settlement(state: OrderState, delivered: number, actor: string): Step {
  const { totalQuantity } = state.terms;
  const counted = Math.min(delivered, totalQuantity);
  const status = finalStatus(counted, totalQuantity);
  // When a person canceled the order, the reason of an earlier pause is not why it ended.
  const why = state.canceledBy === null ? (reasonOf(state) ?? 'unknown') : (state.shortfall ?? 'requested');
  return { do: 'settle', status, delivered: counted, reason: status === 'Completed' ? null : why, actor };
}
