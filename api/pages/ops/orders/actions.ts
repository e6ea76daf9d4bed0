import type { StaffOrderFile } from '../../../../client/openapi.ts';
import { isFinal } from '../../../../domain/order/status.ts';
import type { OrderAction } from '../../../../domain/review/order-actions.ts';
import type { Visit } from '../../page.ts';
import { exactTime } from '../../view/formats.ts';

/** The names of the buttons. */
export const ACTION_NAMES: Readonly<Record<OrderAction, string>> = {
  cancel: 'Cancel',
  pause: 'Pause',
  resume: 'Resume',
  refill: 'Refill',
  redispatch: 'Send the rest on the next route',
};

/** Why an action makes no sense now, as a sentence; undefined when it can be tried. v1 has the last word. */
export function whyNot(order: StaffOrderFile, action: OrderAction): string | undefined {
  const { status, completedAt, refillUntil, pausedBy, review } = order;
  if (action === 'refill') {
    if (completedAt === null) return `only a Completed order is refilled, and this one is ${status}`;
    if (refillUntil === null) return 'the service is sold without refill';
    const until = new Date(refillUntil);
    return until.getTime() <= Date.now() ? `the refill window ended at ${exactTime(until)}` : undefined;
  }
  if (isFinal(status)) return `the order has ended: ${status}`;
  if (action === 'cancel' && order.canceledBy !== null) return `${order.canceledBy} has asked for it already`;
  if (action === 'pause' && pausedBy !== null) return `${pausedBy} has paused it already`;
  if (action === 'resume' && pausedBy === null) return 'it is not paused';
  if (action === 'redispatch' && review?.actions.includes('redispatch') !== true)
    return 'only for an order that is stalled, paused or in review';
  return undefined;
}

/** Asks for an action; returns the sentence about what happens next. `key`: a form that is sent twice asks once. */
export async function askFor(
  { v1 }: Visit,
  id: number,
  action: OrderAction,
  { reason, key }: { readonly reason: string; readonly key: string },
): Promise<string> {
  const input = { params: { path: { id } }, body: { reason }, idempotencyKey: key };
  if (action !== 'refill') return (await v1.POST(`/v1/admin/orders/{id}/${action}`, input)).message;
  return (await v1.POST('/v1/admin/orders/{id}/refills', input)).message;
}
