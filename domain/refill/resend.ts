import type { DispatchOutcome } from '../dispatch/outcome.ts';
import type { Batch, Decision, VersionedReport } from '../order/batch.ts';
import { uncertainNote } from '../order/sending.ts';
import type { Refill } from './refill-life.ts';

/** What came of sending what is missing again. */
export function resendEnded(refill: Refill, batch: Batch, outcome: DispatchOutcome, now: number): void {
  batch.inFlight = false;
  switch (outcome.kind) {
    case 'accepted':
      runs(refill, batch, outcome.provider, outcome.providerOrder, outcome.at);
      break;
    case 'refused':
      batch.attempt += 1;
      break;
    case 'wait':
      batch.attempt += 1;
      batch.sendAt = now + outcome.seconds * 1_000;
      break;
    case 'paused':
      batch.sendAt = now + outcome.seconds * 1_000;
      break;
    case 'unknown':
      batch.state = 'uncertain';
      batch.provider = outcome.provider;
      if (!refill.isDecided) refill.life.knownUncertain();
      refill.life.remember(uncertainNote(refill.life, batch, now));
      break;
    case 'exhausted':
      batch.end(0);
      if (!refill.isDecided) refill.callSomebody('no other route takes what is missing', null, now);
      break;
    case 'queued':
      // Only what has not begun queues.
      break;
  }
  hearEarly(refill, batch, now);
}

function runs(refill: Refill, batch: Batch, provider: number | null, providerOrder: string, at: number): void {
  const cap = at + refill.life.terms.reviewAfterMs;
  batch.accepted(provider, providerOrder, cap);
  if (!refill.isDecided) refill.goOn(cap);
}

function hearEarly(refill: Refill, batch: Batch, now: number): void {
  const report = batch.heardEarly();
  if (report !== null) hearResent(refill, report, now);
}

/** A provider's word about what is sent again. */
export function hearResent(refill: Refill, report: VersionedReport, now: number): void {
  const { batch } = refill;
  if (batch === null || !batch.take(report)) return;
  const { verdict } = batch;
  if (verdict.kind === 'conflict' && !refill.isDecided) refill.callSomebody(verdict.why, 'resending', now);
  if (verdict.kind !== 'ended') return;
  batch.end(verdict.delivered);
  refill.missing = batch.quantity - verdict.delivered;
  if (refill.isDecided) return;
  if (refill.missing <= 0) refill.decide('Completed', '', 'provider');
  else refill.callSomebody(`${verdict.delivered} of ${batch.quantity} were delivered again`, null, now);
}

/** A person's word about an attempt whose outcome was not known was written; `attached` as in Life. */
export function resendDecided(
  refill: Refill,
  batch: Batch,
  decision: Decision,
  attached: boolean,
  provider: number | null,
  now: number,
): void {
  const { life } = refill;
  batch.decision = null;
  if (decision.kind === 'attach' && !attached) {
    const why = `order ${decision.providerOrder} belongs to another batch`;
    life.note(now, 'resolve.refused', 'system', { why });
    return;
  }
  if (decision.kind === 'attach') {
    runs(refill, batch, provider, decision.providerOrder, now);
  } else {
    batch.state = 'sending';
    batch.attempt += 1;
    refill.goOn(now + life.terms.reviewAfterMs);
  }
  life.clear('uncertain');
  hearEarly(refill, batch, now);
}
