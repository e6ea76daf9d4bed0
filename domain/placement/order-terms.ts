import { acceptsLink, acceptsName } from '../catalogue/link.ts';
import { type RouteLimits, takesQuantity } from '../catalogue/route-check.ts';
import {
  countedIn,
  isServiceType,
  itemPrice,
  judgeReadFields,
  type ReadFields,
  readFieldsOf,
  ruleOf,
  type ServiceType,
} from '../catalogue/service-types.ts';
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
  /** The order whose undelivered rest this one orders again. */
  readonly reorderOf?: number | undefined;
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

/** The quantity of the order. Where the type or the fields (`counted`) determine it, the caller may leave it out or repeat it. */
function quantityFor(request: OrderRequest, service: ServiceTerms, type: ServiceType, counted?: number): number {
  const { quantity: source } = ruleOf(type);
  const given = request.quantity;
  const quantity = source === 'one' ? 1 : (counted ?? given ?? refuse('invalid_quantity', 'quantity is missing'));
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
function routeFault({ openRoutes }: ServiceTerms, quantity: number): Refusal | undefined {
  if (openRoutes.length === 0) return new Refusal('no_route');
  return openRoutes.some((route) => takesQuantity(route, quantity))
    ? undefined
    : new Refusal('no_route', 'no route delivers this quantity at the moment');
}

const NO_SCHEME = 'a link begins with https:// or http://';

/** Without a pattern every service wants a link of the web. */
const linkRefusal = (link: string, pattern: string | null): Refusal =>
  new Refusal('invalid_link', pattern !== null || /^https?:/i.test(link) ? undefined : NO_SCHEME);

/** A fault of the link; and for a subscription, which follows a user name, of a name that it has. */
function targetFaults({ link = '' }: OrderRequest, { linkPattern }: ServiceTerms, type: ServiceType, name?: string) {
  if (ruleOf(type).target === 'link') return acceptsLink(link, linkPattern) ? [] : [linkRefusal(link, linkPattern)];
  return [
    ...(saysNothing(link) ? [] : [new Refusal('unexpected_field', 'link: a subscription has no link')]),
    ...(name === undefined || acceptsName(name, linkPattern) ? [] : [new Refusal('invalid_username')]),
  ];
}

/** What a quantity of a service costs. */
type OrderCost = Pick<OrderTerms, 'quantity' | 'runs' | 'totalQuantity' | 'unitPrice' | 'price'>;

function costFaults({ price, totalQuantity }: OrderCost, { maxCharge }: OrderRequest): Refusal[] {
  return [
    ...(price > MAX_PRICE ? [new Refusal('price_too_large')] : []),
    ...(maxCharge !== undefined && price > BigInt(maxCharge) ? [new Refusal('charge_above_max')] : []),
    ...(totalQuantity > LIMITS.quantity * LIMITS.runs ? [new Refusal('quantity_above_max')] : []),
  ];
}

/** A request judged by a service: the terms of an order, or every fault. */
export type JudgedOrder =
  | { readonly terms: OrderTerms; readonly cost: OrderCost; readonly faults: readonly [] }
  | {
      readonly terms?: undefined;
      /** What the order would cost without its faults; undefined when its quantity is not known. */
      readonly cost?: OrderCost | undefined;
      /** The target, and the fields of its type, where they have no fault. */
      readonly link?: string | undefined;
      readonly fields: OrderFields;
      readonly faults: readonly [Refusal, ...Refusal[]];
    };

/**
 * Judges a request by all rules of a service. The first fault is the one that refuses an order. The API calls this before it
 * writes anything, and `acceptOrder` calls it again when it holds the price, so that both apply the same rules. `known`: the
 * fields as the service's type reads them, for a request that is judged by many services of the type.
 */
export function judgeOrder(request: OrderRequest, service: ServiceTerms, known?: ReadFields): JudgedOrder {
  if (!service.active) return { fields: {}, faults: [new Refusal('unknown_service')] };
  const { type } = service;
  if (!isServiceType(type)) return { fields: {}, faults: [new Refusal('unsupported_type', `the type is ${type}`)] };
  const { quantity: source, target, dripFeed: canDripFeed } = ruleOf(type);
  const read = known ?? readFieldsOf(type, request.fields ?? {});
  const { fields, faults: fieldFaults } = judgeReadFields(type, read, service);
  const isKnown =
    source === 'given' || source === 'one' || (source === 'posts' ? fieldFaults.length === 0 : fields[source]);
  const counted = read.lines ?? countedIn(type, fields);
  const quantity = isKnown ? orRefusal(() => quantityFor(request, service, type, counted)) : undefined;
  const runs = request.dripFeed?.runs ?? 1;
  const cost = typeof quantity === 'number' ? costOf(service, type, fields, quantity, runs) : undefined;
  const targets = targetFaults(request, service, type, fields.username);
  const [fault, ...others] = [
    ...(target === 'link' ? targets : []),
    ...fieldFaults,
    (quantity instanceof Refusal ? quantity : undefined) ?? [],
    (cost && routeFault(service, cost.quantity)) ?? [],
    request.dripFeed !== undefined && !(service.dripFeed && canDripFeed) ? new Refusal('drip_feed_unavailable') : [],
    ...(cost === undefined ? [] : costFaults(cost, request)),
    ...(target === 'link' ? [] : targets),
  ].flat();
  const named = target === 'link' ? request.link : fields.username;
  const link = targets.length === 0 ? named : undefined;
  if (fault !== undefined) return { cost, link, fields, faults: [fault, ...others] };
  if (cost === undefined) throw new Error('an order without a fault has no quantity');
  const intervalMinutes = request.dripFeed?.intervalMinutes ?? null;
  return { terms: { ...cost, link: link ?? '', fields, intervalMinutes }, cost, faults: [] };
}

function costOf(
  { rate }: ServiceTerms,
  type: ServiceType,
  fields: OrderFields,
  quantity: number,
  runs: number,
): OrderCost {
  const totalQuantity = quantity * runs;
  const unitPrice = itemPrice(type, rate, fields);
  return { quantity, runs, totalQuantity, unitPrice, price: priceOf(unitPrice, totalQuantity) };
}

/** The result of a rule, or the refusal that it throws. */
function orRefusal<T>(rule: () => T): T | Refusal {
  try {
    return rule();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/**
 * The terms on which a request becomes an order.
 * @throws Refusal with the code of the first broken rule.
 */
export function orderTerms(request: OrderRequest, service: ServiceTerms): OrderTerms {
  const judged = judgeOrder(request, service);
  if (judged.terms === undefined) throw judged.faults[0];
  return judged.terms;
}
