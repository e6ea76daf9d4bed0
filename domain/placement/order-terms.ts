import { acceptsLink, acceptsName } from '../catalogue/link.ts';
import { type RouteLimits, takesQuantity } from '../catalogue/route-check.ts';
import { countedIn, fieldsOf, isServiceType, itemPrice, ruleOf, type ServiceType } from '../catalogue/service-types.ts';
import { type ErrorCode, Refusal } from '../errors.ts';
import { MAX_PRICE, type Money, priceOf, type Rate } from '../ledger/money.ts';
import { LIMITS } from '../limits.ts';
import { saysNothing } from '../text/nothing.ts';
import type { Metadata } from './metadata.ts';
import type { OrderFields } from './order-fields.ts';

/**
 * A request for an order whose shape is checked. `quantity` is per run; absent when the service type derives it from the fields.
 */
export interface OrderRequest {
  readonly service: number;
  /** Absent for a subscription. */
  readonly link?: string | undefined;
  readonly quantity?: number | undefined;
  readonly dripFeed?: { readonly runs: number; readonly intervalMinutes: number } | undefined;
  /** When to start, in milliseconds since 1970. */
  readonly scheduledAt?: number | undefined;
  readonly reference?: string | undefined;
  readonly metadata?: Metadata | undefined;
  /** The highest accepted price, in units of 1e-8, as a decimal integer string because JSON has no bigint. */
  readonly maxCharge?: string | undefined;
  /** The fields that the service's type adds, like `comments` or `posts`, as the caller sent them. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** The terms of a service that placing an order needs. */
export interface ServiceTerms {
  readonly type: string;
  readonly rate: Rate;
  readonly min: number;
  readonly max: number;
  /** Posts of a subscription whose order has no `posts`; null for every other type. */
  readonly unlimitedPosts: number | null;
  readonly dripFeed: boolean;
  readonly linkPattern: string | null;
  /** The quantity must be a multiple of it; absent: any quantity. */
  readonly step?: number;
  readonly active: boolean;
  /** The limits of each route that delivers the service at present. */
  readonly openRoutes: readonly RouteLimits[];
}

/** The terms of an order that can be placed, with its exact price. */
export interface OrderTerms {
  /** The target: the link, or the user name that a subscription follows. */
  readonly link: string;
  /** The fields as they are stored and sent to providers. */
  readonly fields: OrderFields;
  readonly quantity: number;
  readonly runs: number;
  readonly intervalMinutes: number | null;
  readonly totalQuantity: number;
  readonly unitPrice: Money;
  readonly price: Money;
}

const refuse = (code: ErrorCode, detail?: string): never => {
  throw new Refusal(code, detail);
};

/** The quantity of the order. Where the type or the fields determine it, the caller may leave it out or repeat it. */
function quantityFor(request: OrderRequest, service: ServiceTerms, type: ServiceType, fields: OrderFields): number {
  const { quantity: source } = ruleOf(type);
  const given = request.quantity;
  const quantity =
    source === 'one' ? 1 : (countedIn(type, fields) ?? given ?? refuse('invalid_quantity', 'quantity is missing'));
  // Some clients send 0 or 1 with every order. Any other number asks for a quantity that this type does not sell.
  if (source !== 'given' && given !== undefined && ![0, 1, quantity].includes(given)) {
    return refuse('unexpected_field', `quantity: the quantity of this order of type ${type} is always ${quantity}`);
  }
  if (!Number.isSafeInteger(quantity) || quantity <= 0) refuse('invalid_quantity');
  if (source === 'one' || source === 'posts') return quantity;
  if (quantity < service.min) refuse('quantity_below_min', `the minimum is ${service.min}`);
  if (quantity > service.max) refuse('quantity_above_max', `the maximum is ${service.max}`);
  const { step = 1 } = service;
  if (quantity % step !== 0) refuse('quantity_not_multiple', `it is sold in multiples of ${step}`);
  return quantity;
}

/** At least one route must be able to deliver the quantity now. A batch that is sent later chooses its route then. */
function checkRoutes({ openRoutes }: ServiceTerms, quantity: number): void {
  if (openRoutes.length === 0) refuse('no_route');
  if (!openRoutes.some((route) => takesQuantity(route, quantity)))
    refuse('no_route', 'no route delivers this quantity at the moment');
}

const linkOf = ({ link = '' }: OrderRequest, { linkPattern }: ServiceTerms): string =>
  acceptsLink(link, linkPattern) ? link : refuse('invalid_link');

/** The user name that a subscription follows instead of a link. */
function nameOf({ link = '' }: OrderRequest, { linkPattern }: ServiceTerms, { username = '' }: OrderFields): string {
  if (!saysNothing(link)) refuse('unexpected_field', 'link: a subscription has no link');
  return acceptsName(username, linkPattern) ? username : refuse('invalid_username');
}

/**
 * The terms on which a request becomes an order. The API calls this before it writes anything, and `acceptOrder` calls it again
 * when it holds the price, so that both apply the same rules.
 * @throws Refusal with the code of the first broken rule.
 */
export function orderTerms(request: OrderRequest, service: ServiceTerms): OrderTerms {
  if (!service.active) refuse('unknown_service');
  if (!isServiceType(service.type)) return refuse('unsupported_type', `the type is ${service.type}`);
  const { type } = service;
  const link = ruleOf(type).target === 'link' ? linkOf(request, service) : undefined;
  const fields = fieldsOf(type, request.fields ?? {}, service);
  const quantity = quantityFor(request, service, type, fields);
  checkRoutes(service, quantity);
  if (request.dripFeed !== undefined && !(service.dripFeed && ruleOf(type).dripFeed)) refuse('drip_feed_unavailable');
  const runs = request.dripFeed?.runs ?? 1;
  const totalQuantity = quantity * runs;
  const unit = itemPrice(type, service.rate, fields);
  const price = priceOf(unit, totalQuantity);
  if (price > MAX_PRICE) refuse('price_too_large');
  if (request.maxCharge !== undefined && price > BigInt(request.maxCharge)) refuse('charge_above_max');
  if (totalQuantity > LIMITS.quantity * LIMITS.runs) refuse('quantity_above_max');
  return {
    link: link ?? nameOf(request, service, fields),
    fields,
    quantity,
    runs,
    intervalMinutes: request.dripFeed?.intervalMinutes ?? null,
    totalQuantity,
    unitPrice: unit,
    price,
  };
}
