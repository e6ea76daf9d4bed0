import type { CurrentOrder } from '../../../../client/openapi.ts';
import type { Visit } from '../../page.ts';
import { exactTime } from '../../view/formats.ts';

/** What a customer can ask of an order. */
export const ORDER_ACTIONS = ['cancel', 'pause', 'resume', 'refill', 'reorder'] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

/** The names of the buttons. */
export const ACTION_NAMES: Readonly<Record<OrderAction, string>> = {
  cancel: 'Cancel',
  pause: 'Pause',
  resume: 'Resume',
  refill: 'Refill',
  reorder: 'Reorder the rest',
};

/** What a button does, before it is pressed. */
export const ACTION_EFFECTS: Readonly<Record<Exclude<OrderAction, 'reorder'>, string>> = {
  cancel: 'The provider is asked to stop. You get back what it has not delivered.',
  pause: 'No further run is sent until you resume the order. A run that the provider has goes on.',
  resume: 'The next run is sent when it is due.',
  refill: 'The provider is asked to deliver again what has dropped. That costs nothing.',
};

export const isOrderAction = (text: string): text is OrderAction => (ORDER_ACTIONS as readonly string[]).includes(text);

/** Why an action is not possible now, and from when it will be; undefined when it is. */
export function whyNot({ can }: Pick<CurrentOrder, 'can'>, action: OrderAction): string | undefined {
  const { allowed, reason = 'not possible now', from } = can[action];
  if (allowed) return undefined;
  const why = reason.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => exactTime(new Date(time)));
  if (from === undefined) return why;
  const since = exactTime(new Date(from));
  return why.includes(since) ? why : `${why} (possible from ${since})`;
}

interface Ask {
  readonly reason: string;
  /** For a reorder: the service that gets the rest; 0 for the cheapest. */
  readonly service: number;
  /** A form that is sent twice asks once. */
  readonly key: string;
}

/** Asks for an action; returns the sentence about what happens next, and the order that it is about. */
export async function askFor(
  { v1 }: Visit,
  id: number,
  action: OrderAction,
  { reason, service, key }: Ask,
): Promise<{ readonly text: string; readonly order: number }> {
  const params = { path: { id } };
  if (action === 'reorder') {
    const body = service === 0 ? {} : { service };
    const placed = await v1.POST('/v1/orders/{id}/reorder', { params, body, idempotencyKey: key });
    return { text: `order ${placed.id} orders the rest of order ${id}`, order: placed.id };
  }
  const input = { params, body: reason === '' ? {} : { reason }, idempotencyKey: key };
  if (action === 'refill') {
    const refill = await v1.POST('/v1/orders/{id}/refills', input);
    return { text: `refill ${refill.id} is requested`, order: id };
  }
  return { text: (await v1.POST(`/v1/orders/{id}/${action}`, input)).message, order: id };
}
