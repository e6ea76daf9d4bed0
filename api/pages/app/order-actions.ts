import type { Order } from '../../../client/openapi.ts';
import { isFinal } from '../../../domain/order/status.ts';
import type { Visit } from '../page.ts';
import { exactTime } from '../view/formats.ts';

/** What a customer can ask of an order. */
export const ORDER_ACTIONS = ['cancel', 'pause', 'resume', 'refill'] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

/** The names of the buttons. */
export const ACTION_NAMES: Readonly<Record<OrderAction, string>> = {
  cancel: 'Cancel',
  pause: 'Pause',
  resume: 'Resume',
  refill: 'Refill',
};

export const isOrderAction = (text: string): text is OrderAction => (ORDER_ACTIONS as readonly string[]).includes(text);

/** Why an action makes no sense now, as a sentence; undefined when it can be tried. v1 has the last word. */
export function whyNot(
  { status, attention, completedAt, refillUntil }: Order,
  action: OrderAction,
): string | undefined {
  if (action === 'refill') {
    if (completedAt === null) return `Only a Completed order is refilled; this one is ${status}.`;
    if (refillUntil === null) return 'This service is sold without refill.';
    const until = new Date(refillUntil);
    return until.getTime() <= Date.now() ? `The refill window ended at ${exactTime(until)}.` : undefined;
  }
  if (isFinal(status)) return `The order has ended: ${status}.`;
  if (action === 'pause' && attention === 'paused') return 'The order is paused already.';
  if (action === 'resume' && attention !== 'paused') return 'The order is not paused.';
  return undefined;
}

/** Asks for an action; returns the sentence about what happens next. `key`: a form that is sent twice asks once. */
export async function askFor(
  { v1 }: Visit,
  id: number,
  action: OrderAction,
  { reason, key }: { readonly reason: string; readonly key: string },
): Promise<string> {
  const body = reason === '' ? {} : { reason };
  const input = { params: { path: { id } }, body, idempotencyKey: key };
  if (action !== 'refill') return (await v1.POST(`/v1/orders/{id}/${action}`, input)).message;
  const refill = await v1.POST('/v1/orders/{id}/refills', input);
  return `refill ${refill.id} is requested`;
}
