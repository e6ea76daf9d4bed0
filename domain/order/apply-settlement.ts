import { afterCount, disagreement, isInVain, type TargetCount } from '../delivery/verification.ts';
import { endBatch } from './batch.ts';
import { deliveredOf, type OrderState, type Settled } from './state.ts';
import type { Reason } from './status.ts';
import { clearAllWritten, hasAttention, raise, recordEvent } from './timeline.ts';

/** Applies what PostgreSQL has: the open batches and what the ended ones delivered. `finish`: no further run begins. */
export function applyRefreshed(
  state: OrderState,
  open: ReadonlySet<number>,
  deliveredByEnded: number,
  finish: boolean,
): void {
  state.batches = state.batches.filter((batch) => batch.state === 'sending' || open.has(batch.number));
  state.deliveredByEnded = deliveredByEnded;
  state.isRefreshed = true;
  if (finish) state.finishing = true;
}

/** Applies a count of the target, which is made after all batches have ended. */
export function applyTargetCounted(state: OrderState, target: TargetCount, now: number): void {
  const { verify } = state.terms;
  if (!verify) return;
  const delivered = deliveredOf(state);
  state.verification = afterCount(state.verification, target, delivered, verify, now);
  if (state.verification.agreed || !isInVain(state.verification) || hasAttention(state, 'conflict')) return;
  raise(state, 'conflict');
  recordEvent(state, now, 'order.conflict', 'system', { why: disagreement(target, delivered) });
}

/** The order has ended and its escrow is settled. */
export function applySettled(state: OrderState, settled: Settled, reason: Reason | null): void {
  state.settled = settled;
  state.status = settled.status;
  for (const batch of state.batches) if (batch.state !== 'ended') endBatch(batch, batch.delivered);
  state.pausedAt = null;
  state.pausedBy = null;
  state.shortfall = reason;
  clearAllWritten(state);
}

/** Applies a correction after the settlement: what was refunded no longer counts as delivered. */
export function applyCorrection(state: OrderState, { status, delivered }: Pick<Settled, 'status' | 'delivered'>): void {
  if (state.settled === null) return;
  state.settled = { ...state.settled, status, delivered };
  state.status = status;
  state.shortfall ??= 'unknown';
}
