import type { Batch, VersionedReport } from './batch.ts';
import type { Life } from './life.ts';
import { fellShort } from './sending.ts';
import { makeNote } from './standing.ts';
import { finalStatus } from './status.ts';

/** What follows from a provider's word about a batch; old news, and what is said of a batch that has ended, is ignored. */
export function hear(life: Life, number: number, report: VersionedReport, now: number): void {
  if (life.hasEnded) return;
  const batch = life.batches.find((one) => one.number === number);
  if (batch === undefined || !batch.take(report)) return;
  const { verdict } = batch;
  if (verdict.kind === 'ended') batch.end(verdict.delivered);
  pauseOrResume(life, batch, now);
  stalledOrMoving(life, batch, now);
  if (verdict.kind === 'conflict') {
    life.raise('conflict');
    life.note(now, 'order.conflict', 'provider', { batch: number, why: verdict.why });
  } else if (!life.batches.some(({ inConflict }) => inConflict)) {
    life.clear('conflict');
  }
  if (verdict.kind === 'ended' && verdict.delivered < batch.quantity) fellShort(life, batch, now);
}

/**
 * A provider took back what it had delivered: PostgreSQL has given the money back and written it down, here it is shown. As
 * anybody can send this, with anything in it, only a number below the one that is shown is taken.
 */
export function hearCorrection(life: Life, message: unknown, now: number): void {
  const { delivered } = (message ?? {}) as Readonly<Record<string, unknown>>;
  const before = life.settled;
  if (before === null || typeof delivered !== 'number' || !Number.isSafeInteger(delivered)) return;
  if (delivered < 0 || delivered >= before.delivered) return;
  const status = finalStatus(delivered, life.terms.totalQuantity);
  life.standsAt({ status, delivered });
  life.remember(
    makeNote(life.notes, now, 'order.corrected', 'provider', { from: before.status, to: status, delivered }),
  );
}

/** One paused batch pauses its order; the order goes on when none is paused any more, unless a person paused it. */
function pauseOrResume(life: Life, batch: Batch, now: number): void {
  if (batch.pausedByProvider) {
    if (life.pausedAt === null) life.pause(now, 'provider', 'unknown', 'the provider paused it');
  } else if (life.pausedBy === 'provider' && !life.batches.some(({ pausedByProvider }) => pausedByProvider)) {
    life.resume(now, 'provider', 'the provider goes on');
  }
}

function stalledOrMoving(life: Life, batch: Batch, now: number): void {
  const { stalledSince } = batch;
  if (stalledSince !== null) {
    if (life.has('stalled')) return;
    life.raise('stalled');
    life.note(now, 'order.stalled', 'system', { batch: batch.number, since: stalledSince });
  } else if (life.has('stalled') && life.batches.every((one) => one.stalledSince === null)) {
    life.clear('stalled');
    if (batch.state === 'running') life.note(now, 'order.moving', 'provider', { batch: batch.number });
  }
}
