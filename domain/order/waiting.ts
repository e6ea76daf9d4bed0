import type { Batch } from './batch.ts';
import type { Life } from './life.ts';

/** Whose turn comes is told; should that be lost, it is looked this often. */
const QUEUE_LOOK_MS = 3_600_000;

/** The batch is tried again later. From its first wait on a cap runs: nobody waits for a provider unseen. */
export function waitToSend(life: Life, batch: Batch, seconds: number, now: number): void {
  batch.sendAt = now + seconds * 1_000;
  batch.reviewAt ??= Math.min(now, life.pausedAt ?? now) + life.terms.reviewAfterMs;
}

/** Nobody was asked to take the order: it is as it was before. */
export function neverTried(life: Life, { number, attempt }: Batch): void {
  if (life.status === 'Processing' && number === 1 && attempt === 1) life.status = 'Pending';
}

/** An earlier order for the link has not ended: the run has not begun, and is due when its turn comes. */
export function queue(life: Life, batch: Batch, now: number): void {
  life.batches = life.batches.filter((one) => one !== batch);
  life.lastBatch -= 1;
  life.runsBegun -= 1;
  life.nextRunAt = now;
  life.queuedUntil = now + QUEUE_LOOK_MS;
}
