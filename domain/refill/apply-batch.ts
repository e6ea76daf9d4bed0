import type { DispatchOutcome } from '../dispatch/outcome.ts';
import { applyDecision, applyOutcome, type BatchNews, dropBatch } from '../order/apply-batch.ts';
import { type Batch, takeEarlyReport, takeReport, type VersionedReport } from '../order/batch.ts';
import { capFrom, type OrderState } from '../order/state.ts';
import { clear, raiseWrittenUncertain } from '../order/timeline.ts';
import { callForReview, decideOutcome, goOn } from './apply-refill.ts';
import { isDecided, type Refill, type RefillWindow } from './state.ts';

/** Applies the result of a step about the current refill's batch. */
export function applyRefillBatchNews(state: OrderState, { current }: RefillWindow, news: BatchNews): void {
  if (current === null) return;
  switch (news.kind) {
    case 'sent':
      applyResendEnded(state, current, news.batch, news.outcome, news.at);
      break;
    case 'decided':
      applyResendDecided(state, current, news);
      break;
    case 'endWritten':
      dropBatch(state, news.batch);
      if (current.batch === news.batch) current.batch = null;
  }
}

function applyResendEnded(
  state: OrderState,
  refill: Refill,
  batch: Batch,
  outcome: DispatchOutcome,
  now: number,
): void {
  applyOutcome(state, batch, outcome, now);
  // The refill's end may have been decided during the send: then no person needs to be called.
  if (!isDecided(refill)) {
    if (outcome.kind === 'accepted') goOn(state, refill, capFrom(state, outcome.at));
    if (outcome.kind === 'unknown') raiseWrittenUncertain(state);
    if (outcome.kind === 'exhausted') callForReview(state, refill, 'no other route takes the missing items', null, now);
  }
  applyEarlyReport(state, refill, batch, now);
}

function applyResendDecided(state: OrderState, refill: Refill, news: Extract<BatchNews, { kind: 'decided' }>): void {
  const { batch, decision, at } = news;
  if (!applyDecision(state, news)) return;
  if (decision.kind !== 'attach' || !isDecided(refill)) goOn(state, refill, capFrom(state, at));
  clear(state, 'uncertain');
  applyEarlyReport(state, refill, batch, at);
}

function applyEarlyReport(state: OrderState, refill: Refill, batch: Batch, now: number): void {
  const report = takeEarlyReport(batch);
  if (report !== null) applyToResent(state, refill, report, now);
}

/** Applies a provider's report about the current refill's batch. */
export function applyResendReport(
  state: OrderState,
  { current }: RefillWindow,
  number: number,
  report: VersionedReport,
  now: number,
): void {
  if (current?.batch?.number === number) applyToResent(state, current, report, now);
}

function applyToResent(state: OrderState, refill: Refill, report: VersionedReport, now: number): void {
  const { batch } = refill;
  const verdict = batch === null ? null : takeReport(batch, report);
  if (batch === null || verdict === null) return;
  if (verdict.kind === 'conflict' && !isDecided(refill)) callForReview(state, refill, verdict.why, 'resending', now);
  if (verdict.kind !== 'ended') return;
  refill.missing = batch.quantity - verdict.delivered;
  if (isDecided(refill)) return;
  if (refill.missing <= 0) decideOutcome(state, refill, 'Completed', '', 'provider');
  else callForReview(state, refill, `the resend delivered ${verdict.delivered} of ${batch.quantity}`, null, now);
}
