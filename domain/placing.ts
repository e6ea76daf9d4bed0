import { type ErrorCode, Refusal } from './errors.ts';
import { LIMITS } from './limits.ts';
import { acceptsLink } from './link.ts';
import { MAX_PRICE, type Money, priceOf, type Rate, unitPrice } from './money.ts';
import { isServiceType, SERVICE_TYPES } from './service-types.ts';

/** What somebody asks for, already of the right shape. `quantity` is per run; absent for packages. */
export interface OrderRequest {
  readonly service: number;
  readonly link: string;
  readonly quantity?: number | undefined;
  readonly dripFeed?: { readonly runs: number; readonly intervalMinutes: number } | undefined;
  /** When to start, in milliseconds since 1970. */
  readonly scheduledAt?: number | undefined;
  readonly reference?: string | undefined;
  /** Refuse when the price is above this; in units of 1e-8, as a decimal integer string so that JSON can carry it. */
  readonly maxCharge?: string | undefined;
  /** What the service's type asks for beside link and quantity. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** What is sold, as far as placing an order must know. */
export interface ServiceTerms {
  readonly type: string;
  readonly rate: Rate;
  readonly min: number;
  readonly max: number;
  readonly dripFeed: boolean;
  readonly linkPattern: string | null;
  readonly active: boolean;
}

/** An order that may be placed: numbers settled, price exact. */
export interface OrderTerms {
  readonly link: string;
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

function quantityFor(request: OrderRequest, service: ServiceTerms, counted: 'given' | 'one'): number {
  if (counted === 'one') {
    // v2 clients send quantity with everything; for a package only 1 means what is sold.
    return request.quantity === undefined || request.quantity === 1
      ? 1
      : refuse('unexpected_field', 'a package is ordered without a quantity');
  }
  const quantity = request.quantity ?? refuse('invalid_quantity', 'quantity is missing');
  if (!Number.isSafeInteger(quantity) || quantity <= 0) refuse('invalid_quantity');
  if (quantity < service.min) refuse('quantity_below_min', `the minimum is ${service.min}`);
  if (quantity > service.max) refuse('quantity_above_max', `the maximum is ${service.max}`);
  return quantity;
}

/**
 * The terms on which a request becomes an order. The API asks this before it writes anything and the order's workflow asks
 * it again at the moment of the hold, so both say the same.
 * @throws Refusal with the code of the first rule that is broken.
 */
export function orderTerms(request: OrderRequest, service: ServiceTerms): OrderTerms {
  if (!service.active) refuse('unknown_service');
  if (!isServiceType(service.type)) return refuse('unsupported_type', `the type is ${service.type}`);
  const type = SERVICE_TYPES[service.type];
  if (!acceptsLink(request.link, service.linkPattern)) refuse('invalid_link');
  const quantity = quantityFor(request, service, type.quantity);
  if (request.dripFeed !== undefined && !service.dripFeed) refuse('drip_feed_unavailable');
  const runs = request.dripFeed?.runs ?? 1;
  const totalQuantity = quantity * runs;
  const unit = unitPrice(service.rate, type.per);
  const price = priceOf(unit, totalQuantity);
  if (price > MAX_PRICE) refuse('price_too_large');
  if (request.maxCharge !== undefined && price > BigInt(request.maxCharge)) refuse('charge_above_max');
  if (totalQuantity > LIMITS.quantity * LIMITS.runs) refuse('quantity_above_max');
  return {
    link: request.link,
    quantity,
    runs,
    intervalMinutes: request.dripFeed?.intervalMinutes ?? null,
    totalQuantity,
    unitPrice: unit,
    price,
  };
}
