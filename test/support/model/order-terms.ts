import type { DispatchOutcome } from '../../../domain/dispatch/outcome.ts';
import type { Terms } from '../../../domain/order/state.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = Date.parse('2026-11-21T12:00:00Z');

/** The timeline's actor for a person who types `ann` into the Temporal UI. */
export const ANN = 'staff (Temporal UI): ann';

/** The terms of a plain order of 1000, with other values where given. */
export const termsOf = (more: Partial<Terms> = {}): Terms => ({
  quantity: 1000,
  runs: 1,
  intervalMs: 0,
  totalQuantity: (more.quantity ?? 1000) * (more.runs ?? 1),
  startAt: START,
  reviewAfterMs: 7 * DAY,
  cancelable: true,
  afterFailedRun: 'continue',
  refill: { days: 0, cap: 10, cooldownMs: DAY, fallback: 'review' },
  verify: null,
  ...more,
});

/** The other outcomes of a send, beside accepted. */
export const refused = (): DispatchOutcome => ({ kind: 'refused', provider: 1 });
export const busy =
  (seconds = 60) =>
  (): DispatchOutcome => ({ kind: 'wait', provider: 1, seconds });
export const paused =
  (seconds = 60) =>
  (): DispatchOutcome => ({ kind: 'paused', seconds });
export const unknown = (): DispatchOutcome => ({ kind: 'unknown', provider: 1 });
export const exhausted = (): DispatchOutcome => ({ kind: 'exhausted' });
