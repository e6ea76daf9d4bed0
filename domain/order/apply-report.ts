import { applyCorrection } from './apply-settlement.ts';
import {
  type Batch,
  inConflict,
  isPausedByProvider,
  isRunning,
  newBatch,
  stalledSince,
  takeEarlyReport,
  takeReport,
  type VersionedReport,
} from './batch.ts';
import { pauseOrder, resumeOrder } from './pause.ts';
import { hasEnded, type OrderState, runsRemain } from './state.ts';
import { finalStatus } from './status.ts';
import { clear, hasAttention, raise, recordEvent, showEvent } from './timeline.ts';

/** Applies a provider's report about a batch. An old version, or a report about a batch that has ended, changes nothing. */
export function applyReport(state: OrderState, number: number, report: VersionedReport, now: number): void {
  if (hasEnded(state)) return;
  const batch = state.batches.find((one) => one.number === number);
  const verdict = batch === undefined ? null : takeReport(batch, report);
  if (batch === undefined || verdict === null) return;
  pauseOrResume(state, batch, now);
  stalledOrMoving(state, batch, now);
  if (verdict.kind === 'conflict') {
    raise(state, 'conflict');
    recordEvent(state, now, 'order.conflict', 'provider', { batch: number, why: verdict.why });
  } else if (!state.batches.some(inConflict)) {
    clear(state, 'conflict');
  }
  if (verdict.kind === 'ended' && verdict.delivered < batch.quantity) fellShort(state, batch, now);
}

/** Applies the report that arrived before the outcome of the send was known. */
export function applyEarlyReport(state: OrderState, batch: Batch, now: number): void {
  const report = takeEarlyReport(batch);
  if (report !== null) applyReport(state, batch.number, report, now);
}

/**
 * Shows a correction: the provider took back what it had delivered, and PostgreSQL has already refunded it. Staff can send this
 * signal with any content, so it is applied only when `delivered` is below the number shown.
 */
export function applyCorrected(state: OrderState, message: unknown, now: number): void {
  const { delivered } = (message ?? {}) as Readonly<Record<string, unknown>>;
  const before = state.settled;
  if (before === null || typeof delivered !== 'number' || !Number.isSafeInteger(delivered)) return;
  if (delivered < 0 || delivered >= before.delivered) return;
  const status = finalStatus(delivered, state.terms.totalQuantity);
  applyCorrection(state, { status, delivered });
  showEvent(state, now, 'order.corrected', 'provider', { from: before.status, to: status, delivered });
}

/** A paused batch pauses the order. When no batch is paused any more, the order resumes, unless a person paused it. */
function pauseOrResume(state: OrderState, batch: Batch, now: number): void {
  if (isPausedByProvider(batch)) {
    if (state.pausedAt === null) pauseOrder(state, now, 'provider', 'unknown', 'the provider paused it');
  } else if (state.pausedBy === 'provider' && !state.batches.some(isPausedByProvider)) {
    resumeOrder(state, now, 'provider', 'the provider goes on');
  }
}

function stalledOrMoving(state: OrderState, batch: Batch, now: number): void {
  const since = stalledSince(batch);
  if (since !== null) {
    if (hasAttention(state, 'stalled')) return;
    raise(state, 'stalled');
    recordEvent(state, now, 'order.stalled', 'system', { batch: batch.number, since });
  } else if (hasAttention(state, 'stalled') && state.batches.every((one) => stalledSince(one) === null)) {
    clear(state, 'stalled');
    if (isRunning(batch)) recordEvent(state, now, 'order.moving', 'provider', { batch: batch.number });
  }
}

/** A batch delivered less than was ordered: the missing part is sent again, or the drip-feed ends, or nothing follows. */
function fellShort(state: OrderState, batch: Batch, now: number): void {
  state.shortfall ??= state.canceledBy === null ? 'unknown' : 'requested';
  const wanted = batch.resend || (state.terms.runs > 1 && state.terms.afterFailedRun === 'retry');
  if (wanted && state.canceledBy === null && !state.stopped) {
    const missing = batch.quantity - batch.delivered;
    state.lastBatch += 1;
    state.batches = [...state.batches, newBatch(state.lastBatch, missing, batch.number)];
    recordEvent(state, now, 'batch.resent', 'system', { batch: batch.number, as: state.lastBatch, quantity: missing });
  } else {
    stopIfSaid(state, batch, now);
  }
}

/** Ends a drip-feed after a run that did not deliver everything, when its terms say so. */
export function stopIfSaid(state: OrderState, batch: Batch, now: number): void {
  if (state.terms.afterFailedRun !== 'stop' || !runsRemain(state)) return;
  state.stopped = true;
  recordEvent(state, now, 'order.stopped', 'system', { batch: batch.number });
}
