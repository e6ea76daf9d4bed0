import type { AccountEventRow } from '../../db/order/account-events.ts';
import type { EventRow } from '../../db/order/orders.ts';
import { REASONS } from '../../domain/order/status.ts';
import { REFUSED_BY_PROVIDER } from '../../domain/refill/rules.ts';
import { byCustomer } from './ask-order.ts';

/** Fields of an event that a customer may read. A provider's texts and ids are not among them. */
const SHOWN = [
  'refill',
  'missing',
  'batch',
  'delivered',
  'hours',
  'as',
  'quantity',
  'answer',
  'from',
  'to',
  'amount',
  'waitsFor',
];

const isReason = (value: unknown): boolean => (REASONS as readonly unknown[]).includes(value);

/** Our codes for a provider's refusal of a refill; a customer may read them. */
const isProvidersRefusal = (value: unknown): boolean => (REFUSED_BY_PROVIDER as readonly unknown[]).includes(value);

/** Actors that are shown as they are; every other actor except the customer is staff. */
const KNOWN_ACTORS = ['system', 'provider'];

/** An event as the order's account may read it: without the names of staff and their notes. */
export function eventView({ id, type, actor, at, version, data }: EventRow, accountId: number) {
  const own = actor === byCustomer(accountId);
  const isShown = (name: string, value: unknown): boolean =>
    SHOWN.includes(name) ||
    (name === 'reason' && (own || isReason(value))) ||
    (name === 'why' && (own || isProvidersRefusal(value)));
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    if (name === 'since' && typeof value === 'number') shown[name] = new Date(value).toISOString();
    else if (value !== '' && isShown(name, value)) shown[name] = value;
  }
  return {
    id,
    type,
    by: own || KNOWN_ACTORS.includes(actor) ? actor : 'staff',
    at: at.toISOString(),
    version,
    data: shown,
  };
}

/** An event in the timeline of all orders of an account. */
export function accountEventView(row: AccountEventRow, accountId: number) {
  const { id, ...event } = eventView(row, accountId);
  return { id, order: row.order, ...event };
}
