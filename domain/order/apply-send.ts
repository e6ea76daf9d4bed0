import type { DispatchOutcome } from '../dispatch/outcome.ts';
import { applyDecision, applyOutcome, type BatchNews, dropBatch } from './apply-batch.ts';
import { applyEarlyReport, stopIfSaid } from './apply-report.ts';
import { type Batch, endBatch, isUncertain, newBatch } from './batch.ts';
import { dueAfterHold, dueAfterWait, nextDue } from './schedule.ts';
import { capFrom, type OrderState, runsRemain } from './state.ts';
import { clear, raiseWrittenUncertain, recordEvent } from './timeline.ts';

/** The next order for the link is signalled when this one ends. If the signal is lost, it checks this often. */
const QUEUE_CHECK_MS = 3_600_000;

/** Begins a run: from here on its request may have left. */
export function applyRunBegun(state: OrderState, now: number): void {
  const run = { ...newBatch(state.lastBatch + 1, state.terms.quantity), inFlight: true };
  state.lastBatch = run.number;
  state.runsBegun += 1;
  state.nextRunAt = nextDue(state.nextRunAt, now, state.terms.intervalMs);
  state.turnCame = false;
  state.batches = [...state.batches, run];
}

/** Too many batches are open for another run: it is due again later, and shifts the runs after it. */
export function applyRunHeld(state: OrderState, now: number): void {
  state.nextRunAt = dueAfterHold(now, state.terms.intervalMs);
  state.shifted = true;
}

/** Applies the result of a step about a batch of the order. */
export function applyBatchNews(state: OrderState, news: BatchNews): void {
  switch (news.kind) {
    case 'sent':
      applySendEnded(state, news.batch, news.outcome, news.at);
      break;
    case 'decided':
      applyDecided(state, news);
      break;
    case 'endWritten':
      state.deliveredByEnded += news.batch.delivered;
      dropBatch(state, news.batch);
  }
}

function applySendEnded(state: OrderState, batch: Batch, outcome: DispatchOutcome, now: number): void {
  applyOutcome(state, batch, outcome, now);
  state.queuedUntil = 0;
  switch (outcome.kind) {
    case 'accepted':
      shiftAfterWait(state, batch, now);
      state.status = 'In progress';
      break;
    case 'refused':
      break;
    case 'wait':
      startWaitCap(state, batch, now);
      break;
    case 'paused':
      forgetTry(state, batch);
      startWaitCap(state, batch, now);
      break;
    case 'queued':
      forgetTry(state, batch);
      takeBackRun(state, batch, now);
      break;
    case 'unknown':
      shiftAfterWait(state, batch, now);
      raiseWrittenUncertain(state);
      break;
    case 'exhausted':
      shiftAfterWait(state, batch, now);
      state.shortfall = 'refused';
      recordEvent(state, now, 'batch.refused', 'system', { batch: batch.number, attempt: batch.attempt });
      stopIfSaid(state, batch, now);
  }
  applyEarlyReport(state, batch, now);
}

function applyDecided(state: OrderState, news: Extract<BatchNews, { kind: 'decided' }>): void {
  const { batch, decision, at } = news;
  if (applyDecision(state, news)) {
    if (decision.kind === 'attach') state.status = 'In progress';
    if (decision.kind === 'cancel') {
      state.shortfall ??= 'unknown';
      stopIfSaid(state, batch, at);
    }
    if (!state.batches.some(isUncertain)) clear(state, 'uncertain');
  }
  applyEarlyReport(state, batch, at);
}

/** Ends batches that will never be sent, because the order is canceled or stopped. */
export function applyGivenUp(batches: readonly Batch[]): void {
  for (const batch of batches) endBatch(batch, 0);
}

/** A run that had to wait for long shifts the runs after it. */
function shiftAfterWait(state: OrderState, { resends }: Batch, now: number): void {
  if (resends !== null || !runsRemain(state)) return;
  const due = dueAfterWait(state.nextRunAt, now, state.terms.intervalMs);
  state.shifted ||= due !== state.nextRunAt;
  state.nextRunAt = due;
}

/** Sets the batch's review time at its first wait: a person reviews a batch that has waited too long for a provider. */
function startWaitCap(state: OrderState, batch: Batch, now: number): void {
  batch.reviewAt ??= capFrom(state, now);
}

/** No provider was asked: sets the status back to what it was before the first attempt. */
function forgetTry(state: OrderState, { number, attempt }: Batch): void {
  if (state.status === 'Processing' && number === 1 && attempt === 1) state.status = 'Pending';
}

/**
 * Undoes the begun run, because an earlier order for the link had not ended. The run is due again when that order has ended, at once
 * if it has ended meanwhile.
 */
function takeBackRun(state: OrderState, batch: Batch, now: number): void {
  dropBatch(state, batch);
  state.lastBatch -= 1;
  state.runsBegun -= 1;
  state.nextRunAt = now;
  state.queuedUntil = state.turnCame ? now : now + QUEUE_CHECK_MS;
}

/** The earlier order for the link may have ended: the run is due now, and the next send checks the queue again. */
export function applyLinkFree(state: OrderState, now: number): void {
  state.queuedUntil = Math.min(state.queuedUntil, now);
}

/** The turn came while the order may be asking whether it is its turn: the answer may be older. */
export function noteTurn(state: OrderState): void {
  state.turnCame = true;
}
