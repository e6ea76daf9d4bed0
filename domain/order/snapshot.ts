import { newVerification } from '../delivery/verification.ts';
import { isCustomer } from './actors.ts';
import type { Ask } from './asks.ts';
import { type Batch, inConflict, isRunning, isUncertain, newBatch, restoreBatch, stalledSince } from './batch.ts';
import { type OrderSnapshot, type OrderState, reasonOf, runsRemain, type Terms } from './state.ts';
import type { Attention, Reason } from './status.ts';
import {
  applyTimelineWritten,
  attentionOf,
  emptyTimeline,
  isTimelineUnwritten,
  type OrderEvent,
  raise,
  renameActor,
} from './timeline.ts';

/** Restores an order's state from PostgreSQL, for a workflow that starts or reloads. */
export function restoreOrder(terms: Terms, snapshot: OrderSnapshot): OrderState {
  const { pausedAt, pausedBy, customersPausedAt, reason, runsBegun, finishing } = snapshot;
  const state: OrderState = {
    ...emptyTimeline(snapshot.notes, snapshot.attention),
    isOld: false,
    usedProofs: [],
    openAsks: [],
    terms,
    status: snapshot.status,
    batches: [...snapshot.open.map(restoreBatch), ...owedBatches(snapshot)],
    runsBegun,
    lastBatch: snapshot.batches + snapshot.owed.length,
    deliveredByEnded: snapshot.deliveredByEnded,
    nextRunAt: snapshot.nextRunAt ?? terms.startAt,
    queuedUntil: 0,
    turnCame: false,
    pausedAt,
    pausedBy,
    pauseReason: pausedAt === null ? null : reason,
    customersPause: customersPausedAt == null ? null : { by: 'account', at: customersPausedAt },
    canceledBy: snapshot.canceledBy,
    // A drip-feed that is finishing before its last run has begun was stopped.
    stopped: finishing && terms.runs > 1 && runsBegun < terms.runs,
    finishing,
    decided: null,
    settling: false,
    settled: null,
    verification: newVerification(),
    restartClocks: false,
    shifted: false,
    isRefreshed: false,
    shortfall: pausedAt === null ? reason : null,
    window: null,
  };
  raise(state, ...attentionsOf(snapshot, state.batches));
  for (const batch of state.batches) batch.conflictSeen = !state.attentions.includes('conflict');
  return state;
}

const owedBatches = ({ owed, batches }: OrderSnapshot): Batch[] =>
  owed.map(({ batch, missing }, at) => newBatch(batches + at + 1, missing, batch));

/**
 * All attentions of a restored order. PostgreSQL stores only the one that was shown, so the others are derived from the pause
 * and from the batches.
 */
function attentionsOf({ attention, pausedAt }: OrderSnapshot, batches: readonly Batch[]): Attention[] {
  const attentions: Attention[] = attention === 'uncertain' || attention === 'paused' ? [] : [attention];
  if (batches.some((batch) => stalledSince(batch) !== null)) attentions.push('stalled');
  if (attention === 'uncertain' && batches.some(inConflict)) attentions.push('conflict');
  if (pausedAt !== null) attentions.push('paused');
  if (batches.some(isUncertain)) attentions.push('uncertain');
  return attentions;
}

/** Changes of an order that PostgreSQL does not have yet. */
export interface OrderChange {
  readonly attention: Attention;
  readonly reason: Reason | null;
  readonly pausedAt: number | null;
  readonly pausedBy: string | null;
  readonly canceledBy: string | null;
  readonly nextRunAt: number | null;
  /** Open batches: their review time, whether the missing part is sent again, and the last report taken. */
  readonly batches: readonly {
    readonly batch: number;
    readonly reviewAt: number;
    readonly resend: boolean;
    readonly acked: number;
  }[];
  readonly notes: readonly OrderEvent[];
  /** Whether this write restarts the clocks for stalls. */
  readonly restartClocks: boolean;
  /** Requests of the API whose proofs must be checked. */
  readonly asks?: readonly Ask[];
}

/** Whether the order has changes that PostgreSQL does not have. */
export const isUnwritten = (state: OrderState): boolean =>
  isTimelineUnwritten(state) ||
  state.shifted ||
  state.batches.some((batch) => isRunning(batch) && (batch.report?.version ?? 0) > batch.acked);

export function changeToWrite(state: OrderState): OrderChange {
  const { batches, settled, openAsks } = state;
  return {
    attention: attentionOf(state),
    reason: reasonOf(state),
    pausedAt: state.pausedAt,
    pausedBy: state.pausedBy,
    canceledBy: state.canceledBy,
    nextRunAt: runsRemain(state) && settled === null ? state.nextRunAt : null,
    batches: batches
      .filter((batch) => isRunning(batch) || (batch.state === 'sending' && batch.reviewAt !== null))
      .map(({ number, reviewAt, resend, report }) => ({
        batch: number,
        reviewAt: reviewAt ?? 0,
        resend,
        acked: report?.version ?? 0,
      })),
    notes: state.unwritten,
    restartClocks: state.restartClocks,
    ...(openAsks.length === 0 ? {} : { asks: openAsks }),
  };
}

/** Marks this change as written. Changes that happened during the write stay unwritten. */
export function applyWritten(state: OrderState, { notes, attention, restartClocks, batches }: OrderChange): void {
  applyTimelineWritten(state, notes.length, attention);
  state.shifted = false;
  if (restartClocks) state.restartClocks = false;
  const acked = new Map(batches.map((one) => [one.batch, one.acked]));
  for (const batch of state.batches) batch.acked = Math.max(batch.acked, acked.get(batch.number) ?? 0);
}

/** Replaces stand-ins by actors. The activity that wrote the order has checked the proofs; `actors` maps stand-in to actor. */
export function applyProofs(state: OrderState, actors: Readonly<Record<string, string>>): void {
  for (const [standIn, actor] of Object.entries(actors)) {
    state.openAsks = state.openAsks.filter((ask) => ask.actor !== standIn);
    renameActor(state, standIn, actor);
    if (state.pausedBy === standIn) state.pausedBy = actor;
    if (state.customersPause?.by === standIn)
      state.customersPause = isCustomer(actor) ? { ...state.customersPause, by: actor } : null;
    if (state.canceledBy === standIn) state.canceledBy = actor;
    if (state.decided?.actor === standIn) state.decided = { ...state.decided, actor };
  }
  const refill = state.window?.current;
  if (refill) refill.by = actors[refill.by] ?? refill.by;
}
