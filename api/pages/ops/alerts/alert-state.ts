import type { Alert } from '../../../../client/openapi.ts';

/** What staff have done about an alert. `new`: nothing yet. */
export const ALERT_STATES = ['new', 'acknowledged', 'snoozed', 'ended'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** An alert that is snoozed is out of sight, acknowledged or not; when the time is over it is back where it was. */
export function stateOf(
  { resolvedAt, snoozedUntil, acknowledgedAt }: Pick<Alert, 'resolvedAt' | 'snoozedUntil' | 'acknowledgedAt'>,
  now: number,
): AlertState {
  if (resolvedAt !== null) return 'ended';
  if (snoozedUntil !== null && Date.parse(snoozedUntil) > now) return 'snoozed';
  return acknowledgedAt === null ? 'new' : 'acknowledged';
}
