import type { Tx } from '../client.ts';
import { type Alert, type AlertKind, alertColumns } from './alerts.ts';

/**
 * The kinds that staff may resolve. Each tells of something that happened: nothing looks again whether its cause is over, and the
 * next time that it happens is a new alert. Any other kind tells of a state that is looked at again and again. Resolved by hand, it
 * would come back at once, or hide a cause that lasts.
 */
export const RESOLVED_BY_STAFF: readonly AlertKind[] = ['provider_word', 'webhook_failing', 'order_unplaceable'];

export const canResolve = ({ kind, resolvedAt }: Pick<Alert, 'kind' | 'resolvedAt'>): boolean =>
  resolvedAt === null && RESOLVED_BY_STAFF.includes(kind);

/** Records who has seen an alert; the first one stays. Undefined when no such alert is open. */
export async function acknowledgeAlert(tx: Tx, id: number, by: string): Promise<Alert | undefined> {
  const [row] = await tx<Alert[]>`
    update alerts set acknowledged_at = coalesce(acknowledged_at, clock_timestamp()), acknowledged_by = coalesce(acknowledged_by, ${by})
      where id = ${id} and resolved_at is null returning ${alertColumns(tx)}`;
  return row;
}

/** Records until when staff do not want to see an alert. Undefined when no such alert is open. */
export async function snoozeAlert(tx: Tx, id: number, minutes: number, by: string): Promise<Alert | undefined> {
  const [row] = await tx<Alert[]>`
    update alerts set snoozed_until = clock_timestamp() + make_interval(mins => ${minutes}), snoozed_by = ${by}
      where id = ${id} and resolved_at is null returning ${alertColumns(tx)}`;
  return row;
}

/** Ends an alert of a kind that staff may resolve. Undefined when no such alert is open. */
export async function resolveByStaff(tx: Tx, id: number, by: string): Promise<Alert | undefined> {
  const [row] = await tx<Alert[]>`
    update alerts set resolved_at = greatest(clock_timestamp(), at), resolved_by = ${by}
      where id = ${id} and resolved_at is null and kind = any(${[...RESOLVED_BY_STAFF]}) returning ${alertColumns(tx)}`;
  return row;
}

/** An alert, open or ended. */
export async function findAlert(tx: Tx, id: number): Promise<Alert | undefined> {
  const [row] = await tx<Alert[]>`select ${alertColumns(tx)} from alerts where id = ${id}`;
  return row;
}
