import type { DispatchOutcome } from '../dispatch/outcome.ts';
import type { Batch, Decision } from './batch.ts';
import type { Life } from './life.ts';
import { dueAfterWait } from './schedule.ts';
import { makeNote, type Note } from './standing.ts';
import { neverTried, queue, waitToSend } from './waiting.ts';

/** What follows from what came of sending a batch. */
export function sendEnded(life: Life, batch: Batch, outcome: DispatchOutcome, now: number): void {
  batch.inFlight = false;
  life.queuedUntil = 0;
  switch (outcome.kind) {
    case 'accepted':
      left(life, batch, now);
      runs(life, batch, outcome.provider, outcome.providerOrder, outcome.at);
      break;
    case 'refused':
      batch.attempt += 1;
      break;
    case 'wait':
      batch.attempt += 1;
      waitToSend(life, batch, outcome.seconds, now);
      break;
    case 'paused':
      neverTried(life, batch);
      waitToSend(life, batch, outcome.seconds, now);
      break;
    case 'queued':
      neverTried(life, batch);
      queue(life, batch, now);
      break;
    case 'unknown':
      left(life, batch, now);
      batch.state = 'uncertain';
      // Where a person has to look.
      batch.provider = outcome.provider;
      life.knownUncertain();
      // Its own commit has told the timeline; here it is for who reads it in Temporal.
      life.remember(uncertainNote(life, batch, now));
      break;
    case 'exhausted':
      left(life, batch, now);
      batch.end(0);
      life.shortfall = 'refused';
      life.note(now, 'batch.refused', 'system', { batch: batch.number, attempt: batch.attempt });
      stopIfSaid(life, batch, now);
  }
}

/**
 * What follows from a person's word about an uncertain batch, now that it is written; `attached` is false when that order of
 * the provider is another batch's, and then nothing has changed.
 */
export function uncertainDecided(
  life: Life,
  batch: Batch,
  decision: Decision,
  attached: boolean,
  provider: number | null,
  now: number,
): void {
  batch.decision = null;
  if (decision.kind === 'attach' && !attached) {
    life.note(now, 'resolve.refused', 'system', { why: `order ${decision.providerOrder} belongs to another batch` });
    return;
  }
  if (decision.kind === 'attach') {
    runs(life, batch, provider, decision.providerOrder, now);
  } else if (decision.kind === 'notPlaced') {
    batch.state = 'sending';
    batch.attempt += 1;
  } else {
    batch.end(0);
    life.shortfall ??= 'unknown';
    stopIfSaid(life, batch, now);
  }
  if (!life.batches.some(({ state }) => state === 'uncertain')) life.clear('uncertain');
}

/** A batch ended with less than was ordered: what is missing is sent again, or ends the order, or is left at that. */
export function fellShort(life: Life, batch: Batch, now: number): void {
  life.shortfall ??= life.canceledBy === null ? 'unknown' : 'requested';
  const wanted = batch.resend || (life.terms.runs > 1 && life.terms.afterFailedRun === 'retry');
  if (wanted && life.canceledBy === null && !life.stopped) {
    const missing = batch.quantity - batch.delivered;
    const as = life.sendAgain(batch.number, missing);
    life.note(now, 'batch.resent', 'system', { batch: batch.number, as, quantity: missing });
  } else {
    stopIfSaid(life, batch, now);
  }
}

/** When it was sent, and where a person has to look. */
export const uncertainNote = ({ notes }: Life, { number, attempt, provider }: Batch, at: number): Note =>
  makeNote(notes, at, 'order.uncertain', 'system', { batch: number, attempt, provider: provider ?? '' });

function runs(life: Life, batch: Batch, provider: number | null, providerOrder: string, at: number): void {
  // A pause that goes on counts from its start when it ends, so what comes in its midst starts there.
  batch.accepted(provider, providerOrder, Math.min(at, life.pausedAt ?? at) + life.terms.reviewAfterMs);
  life.status = 'In progress';
}

/** A run that had to wait for long shifts the rest of the schedule. */
function left(life: Life, { resends }: Batch, now: number): void {
  if (resends !== null || !life.runsRemain) return;
  const due = dueAfterWait(life.nextRunAt, now, life.terms.intervalMs);
  life.shifted ||= due !== life.nextRunAt;
  life.nextRunAt = due;
}

function stopIfSaid(life: Life, batch: Batch, now: number): void {
  if (life.terms.afterFailedRun !== 'stop' || !life.runsRemain) return;
  life.stopped = true;
  life.note(now, 'order.stopped', 'system', { batch: batch.number });
}
