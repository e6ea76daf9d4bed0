import type { EventRow } from '../../db/order/orders.ts';
import { REASONS } from '../../domain/order/status.ts';
import { REFUSED_BY_PROVIDER } from '../../domain/refill/rules.ts';
import { byCustomer } from './ask-order.ts';

/** What a customer may read of every event; a provider's own words and ids are not for them. */
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

/** Why a provider did not refill an order is no word of its own. */
const isProvidersRefusal = (value: unknown): boolean => (REFUSED_BY_PROVIDER as readonly unknown[]).includes(value);

/** Actors that are nobody's name; every other that is not the customer works here. */
const KNOWN_ACTORS = ['system', 'provider'];

/** An event as the account of its order reads it: staff have no names, and what they wrote is theirs. */
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
