/** Why an action of a customer would change nothing now. */
export const DENIAL_CODES = [
  'order_ended',
  'order_open',
  'not_cancelable',
  'already_requested',
  'already_paused',
  'paused_lately',
  'not_paused',
  'not_refillable',
  'never_completed',
  'refill_window_over',
  'nothing_delivered',
  'refill_under_way',
  'refills_used_up',
  'refill_too_soon',
  'nothing_undelivered',
  'already_reordered',
] as const;
export type DenialCode = (typeof DENIAL_CODES)[number];

/** Why a customer's action is not possible. `reason` is the sentence with which the action itself refuses. */
export interface Denial {
  readonly code: DenialCode;
  readonly reason: string;
  /** From when it is possible, in milliseconds since 1970; absent when time alone does not change the answer. */
  readonly from?: number;
}
