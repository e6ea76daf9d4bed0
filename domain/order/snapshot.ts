import { newVerification } from '../delivery/verification.ts';
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

/** The state that a workflow goes on from when it takes an order up. */
export function restoreOrder(terms: Terms, snapshot: OrderSnapshot): OrderState {
  const { pausedAt, pausedBy, reason, runsBegun, finishing } = snapshot;
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
    pausedAt,
    pausedBy,
    pauseReason: pausedAt === null ? null : reason,
    canceledBy: snapshot.canceledBy,
    // A drip-feed that is finishing before its last run was stopped.
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
 * The attentions that hold of an order that is taken up. PostgreSQL has only the one that was shown, the last in the list;
 * a pause and an uncertain batch are known beside it.
 */
function attentionsOf({ attention, pausedAt }: OrderSnapshot, batches: readonly Batch[]): Attention[] {
  const attentions: Attention[] = attention === 'uncertain' || attention === 'paused' ? [] : [attention];
  if (batches.some((batch) => stalledSince(batch) !== null)) attentions.push('stalled');
  if (attention === 'uncertain' && batches.some(inConflict)) attentions.push('conflict');
  if (pausedAt !== null) attentions.push('paused');
  if (batches.some(isUncertain)) attentions.push('uncertain');
  return attentions;
}

/** What PostgreSQL does not have yet of an order. */
export interface OrderChange {
  readonly attention: Attention;
  readonly reason: Reason | null;
  readonly pausedAt: number | null;
  readonly pausedBy: string | null;
  readonly canceledBy: string | null;
  readonly nextRunAt: number | null;
  /** Running batches: when their cap ends, whether the rest is sent again, the last report taken. */
  readonly batches: readonly {
    readonly batch: number;
    readonly reviewAt: number;
    readonly resend: boolean;
    readonly acked: number;
  }[];
  readonly notes: readonly OrderEvent[];
  /** The clocks for stalling start again. */
  readonly restartClocks: boolean;
  /** Messages of the API, whose proofs must be checked. */
  readonly asks?: readonly Ask[];
}

/** Whether something has happened that PostgreSQL does not have. */
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

/** The change is written; what came meanwhile is not. */
export function applyWritten(state: OrderState, { notes, attention, restartClocks, batches }: OrderChange): void {
  applyTimelineWritten(state, notes.length, attention);
  state.shifted = false;
  if (restartClocks) state.restartClocks = false;
  const acked = new Map(batches.map((one) => [one.batch, one.acked]));
  for (const batch of state.batches) batch.acked = Math.max(batch.acked, acked.get(batch.number) ?? 0);
}

/** The activity that wrote the order has checked the proofs: `actors` are the true ones, by their stand-ins. */
export function applyProofs(state: OrderState, actors: Readonly<Record<string, string>>): void {
  for (const [standIn, actor] of Object.entries(actors)) {
    state.openAsks = state.openAsks.filter((ask) => ask.actor !== standIn);
    renameActor(state, standIn, actor);
    if (state.pausedBy === standIn) state.pausedBy = actor;
    if (state.canceledBy === standIn) state.canceledBy = actor;
    if (state.decided?.actor === standIn) state.decided = { ...state.decided, actor };
  }
  const refill = state.window?.current;
  if (refill) refill.by = actors[refill.by] ?? refill.by;
}
