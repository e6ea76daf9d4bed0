import type { Caller } from '../../db/account/accounts.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isFieldName } from '../../domain/placement/order-fields.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import type { Deps } from '../deps.ts';
import { placeOrder } from '../placement/place.ts';
import type { Fields } from './fields.ts';

/** Fields of every order, beside the fields of its type. `request_id` is our own extension: an idempotency key. */
const PLAIN = new Set(['key', 'action', 'service', 'link', 'quantity', 'runs', 'interval', 'request_id']);

/** A whole number written with digits alone. */
const readNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

function dripFeedOf(fields: Fields): OrderRequest['dripFeed'] {
  const runs = readNumber(fields.get('runs') ?? '0');
  const intervalMinutes = readNumber(fields.get('interval') ?? '0');
  if (runs === undefined || runs > LIMITS.runs) throw new Refusal('invalid_runs');
  if (intervalMinutes === undefined) throw new Refusal('invalid_interval');
  // Clients send 0 or 1 for orders without a drip-feed.
  if (runs <= 1) return undefined;
  if (intervalMinutes < 1 || intervalMinutes > LIMITS.intervalMinutes) throw new Refusal('invalid_interval');
  return { runs, intervalMinutes };
}

/** @throws Refusal for faults that show without reading the service. */
export function addRequest(fields: Fields): OrderRequest {
  const service = readNumber(fields.get('service'));
  if (service === undefined) throw new Refusal('unknown_service');
  const ofType: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (isFieldName(name)) ofType[name] = value;
    else if (!PLAIN.has(name)) throw new Refusal('unexpected_field', name);
  }
  const link = fields.get('link');
  const given = fields.get('quantity');
  const quantity = readNumber(given);
  if (given !== undefined && quantity === undefined) throw new Refusal('invalid_quantity');
  const dripFeed = dripFeedOf(fields);
  return {
    service,
    ...(link === undefined ? {} : { link }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(dripFeed === undefined ? {} : { dripFeed }),
    ...(Object.keys(ofType).length === 0 ? {} : { fields: ofType }),
  };
}

function requestKey(fields: Fields): string | null {
  const id = fields.get('request_id');
  if (id === undefined) return null;
  if (id.length > LIMITS.idempotencyKey || !/^[\x20-\x7e]+$/.test(id)) throw new Refusal('idempotency_key_invalid');
  return `v2:${id}`;
}

/**
 * Places an order. Returns undefined when the outcome is unknown: then the client must get no answer, because it takes an error
 * for "there is no order".
 */
export async function add(deps: Deps, caller: Caller, fields: Fields): Promise<{ order: number } | undefined> {
  const placed = await placeOrder(deps, {
    accountId: caller.accountId,
    route: 'v2 add',
    request: addRequest(fields),
    idempotencyKey: requestKey(fields),
    late: 'withdraw',
  });
  if (placed.kind === 'unknown') return undefined;
  if (placed.kind === 'refused') throw placed.refusal;
  return { order: placed.orderId };
}
