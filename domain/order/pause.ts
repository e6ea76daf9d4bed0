import { mayBeCustomer } from './asks.ts';
import type { OrderState } from './state.ts';
import type { Reason } from './status.ts';
import { clear, raise, recordEvent } from './timeline.ts';

export function pauseOrder(state: OrderState, now: number, actor: string, reason: Reason, why: string): void {
  state.pausedAt ??= now;
  state.pausedBy = actor;
  state.pauseReason = reason;
  if (mayBeCustomer(actor)) state.customersPause = { by: actor, at: now };
  raise(state, 'paused');
  recordEvent(state, now, 'order.paused', actor, { reason, why });
}

/** Resumes the order. A run that became due during the pause is due now, and the review clocks do not count the pause. */
export function resumeOrder(state: OrderState, now: number, actor: string, why: string): void {
  const length = now - (state.pausedAt ?? now);
  for (const batch of state.batches) if (batch.reviewAt !== null) batch.reviewAt += length;
  state.nextRunAt = Math.max(state.nextRunAt, state.runsBegun === 0 ? state.terms.startAt : now);
  state.pausedAt = null;
  state.pausedBy = null;
  state.pauseReason = null;
  clear(state, 'paused');
  recordEvent(state, now, 'order.resumed', actor, { why });
}
