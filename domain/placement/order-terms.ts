import { acceptsLink, acceptsName } from '../catalogue/link.ts';
import { type RouteLimits, takesQuantity } from '../catalogue/route-check.ts';
import { countedIn, fieldsOf, isServiceType, itemPrice, ruleOf, type ServiceType } from '../catalogue/service-types.ts';
import { type ErrorCode, Refusal } from '../errors.ts';
import { MAX_PRICE, type Money, priceOf, type Rate } from '../ledger/money.ts';
import { LIMITS } from '../limits.ts';
import { saysNothing } from '../text/nothing.ts';
import type { OrderFields } from './order-fields.ts';

/** A request for an order, already of the right shape. `quantity` is per run; absent where the type of service counts it. */
export interface OrderRequest {
  readonly service: number;
  /** Absent for a subscription. */
  readonly link?: string | undefined;
  readonly quantity?: number | undefined;
  readonly dripFeed?: { readonly runs: number; readonly intervalMinutes: number } | undefined;
  /** When to start, in milliseconds since 1970. */
  readonly scheduledAt?: number | undefined;
  readonly reference?: string | undefined;
  /** Refuse when the price is above this; in units of 1e-8, as a decimal integer string so that JSON can carry it. */
  readonly maxCharge?: string | undefined;
  /** What the service's type asks for beside link and quantity, as it was said. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** What is sold, as far as placing an order must know. */
export interface ServiceTerms {
  readonly type: string;
  readonly rate: Rate;
  readonly min: number;
  readonly max: number;
  /** Posts of a subscription that does not say how many; null for every other type. */
  readonly unlimitedPosts: number | null;
  readonly dripFeed: boolean;
  readonly linkPattern: string | null;
  /** Quantities are multiples of it; absent: any will do. */
  readonly step?: number;
  readonly active: boolean;
  /** What each route takes in one order that carries it at present. */
  readonly openRoutes: readonly RouteLimits[];
}

/** An order that may be placed: numbers settled, price exact. */
export interface OrderTerms {
  /** What the order is for: the link, or whom a subscription follows. */
  readonly link: string;
  /** As they are kept and sent upstream. */
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

/** How many items are ordered; what the fields say, or a package is, need not be said, but may be. */
function quantityFor(request: OrderRequest, service: ServiceTerms, type: ServiceType, fields: OrderFields): number {
  const { quantity: source } = ruleOf(type);
  const given = request.quantity;
  const quantity =
    source === 'one' ? 1 : (countedIn(type, fields) ?? given ?? refuse('invalid_quantity', 'quantity is missing'));
  // Clients send 0 or 1 with everything; any other number means something that is not sold.
  if (source !== 'given' && given !== undefined && ![0, 1, quantity].includes(given)) {
    return refuse('unexpected_field', `quantity: the type ${type} has its own, ${quantity}`);
  }
  if (!Number.isSafeInteger(quantity) || quantity <= 0) refuse('invalid_quantity');
  if (source === 'one' || source === 'posts') return quantity;
  if (quantity < service.min) refuse('quantity_below_min', `the minimum is ${service.min}`);
  if (quantity > service.max) refuse('quantity_above_max', `the maximum is ${service.max}`);
  const { step = 1 } = service;
  if (quantity % step !== 0) refuse('quantity_not_multiple', `it is sold in multiples of ${step}`);
  return quantity;
}

/** A route must be able to deliver it now; a batch that is sent later finds its route then. */
function checkRoutes({ openRoutes }: ServiceTerms, quantity: number): void {
  if (openRoutes.length === 0) refuse('no_route');
  if (!openRoutes.some((route) => takesQuantity(route, quantity)))
    refuse('no_route', 'no route delivers this quantity at the moment');
}

const linkOf = ({ link = '' }: OrderRequest, { linkPattern }: ServiceTerms): string =>
  acceptsLink(link, linkPattern) ? link : refuse('invalid_link');

/** Whom a subscription follows: it has no link. */
function nameOf({ link = '' }: OrderRequest, { linkPattern }: ServiceTerms, { username = '' }: OrderFields): string {
  if (!saysNothing(link)) refuse('unexpected_field', 'link: a subscription has none');
  return acceptsName(username, linkPattern) ? username : refuse('invalid_username');
}

/**
 * The terms on which a request becomes an order. The API asks this before it writes anything and the order's workflow asks
 * it again at the moment of the hold, so both say the same.
 * @throws Refusal with the code of the first rule that is broken.
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
