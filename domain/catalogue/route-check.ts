import { formatRate, type Rate } from '../ledger/money.ts';
import type { KnownRow } from './changes.ts';
import { costRate, MAX_RATE, type Markup, sellingRate } from './mark-up.ts';
import { isServiceType, ruleOf } from './service-types.ts';

/**
 * Why nothing is sent on a route. `gone`: its provider no longer sells the service. `unprofitable`: it costs more than our price.
 */
export type Held = 'gone' | 'unprofitable';

/** The quantities that a provider accepts in one order; null: unknown. */
export interface RouteLimits {
  readonly min: number | null;
  readonly max: number | null;
  /** Quantities must be multiples of it. */
  readonly step?: number | null;
}

/** A route of a service, with its provider's latest catalogue row. */
export interface CheckedRoute extends RouteLimits {
  readonly provider: number;
  readonly providerService: string;
  readonly rate: Rate;
  readonly held: Held | null;
  /** Null: no catalogue that was read had the service, so the route stays as staff set it. */
  readonly row: KnownRow | null;
  /** Whether the provider's rates are in our currency, as far as is known. */
  readonly comparable: boolean;
}

/** The service that is sold on a route. */
export interface SoldService extends RouteLimits {
  readonly type: string;
  readonly rate: Rate;
}

export const ROUTE_ALERTS = ['route_gone', 'route_unprofitable', 'route_limits'] as const;
type RouteAlert = (typeof ROUTE_ALERTS)[number];

/** The new settings of a route. */
export interface RouteVerdict extends RouteLimits {
  readonly rate: Rate;
  readonly held: Held | null;
  /** Sentences for the operator, by alert, without the provider's texts. */
  readonly alerts: Partial<Record<RouteAlert, string>>;
}

/** Whether a service's limits apply to the order's quantity. For packages and subscriptions they do not. */
const limitsQuantity = (type: string): boolean => {
  if (!isServiceType(type)) return true;
  const { quantity } = ruleOf(type);
  return quantity !== 'one' && quantity !== 'posts';
};

/** The quantity limits of a catalogue row. A minimum above the maximum is ignored. */
export function limitsOf({
  type,
  min,
  max,
  step = null,
}: Pick<KnownRow, 'type' | 'min' | 'max' | 'step'>): RouteLimits {
  if (!limitsQuantity(type)) return { min: null, max: null, step: null };
  return min === null || max === null || min <= max ? { min, max, step } : { min: null, max: null, step };
}

/** Whether a route accepts this quantity in one order. */
export const takesQuantity = ({ min, max, step }: RouteLimits, quantity: number): boolean =>
  (min === null || min <= quantity) && (max === null || quantity <= max) && quantity % (step ?? 1) === 0;

/** The cost of a route by its catalogue row; undefined when the rate is unreadable or in another currency. */
function costOf({ row, comparable }: CheckedRoute): Rate | undefined {
  return comparable && row !== null && row.rate !== null ? costRate(row.rate)?.rate : undefined;
}

/** The selling rate of a service by its mark-up rule; unchanged when the rule gives no usable rate. */
export function repriced(service: SoldService, route: CheckedRoute, rule: Markup): Rate {
  const cost = route.row?.gone === true ? undefined : costOf(route);
  const rate = cost === undefined ? undefined : sellingRate(cost, rule);
  return rate === undefined || rate <= 0n || rate > MAX_RATE ? service.rate : rate;
}

const shown = (limit: number | null, none: string): string => (limit === null ? none : String(limit));

/** Judges a route by its provider's latest catalogue row. Orders that were already placed keep their price. */
export function judgeRoute(service: SoldService, route: CheckedRoute): RouteVerdict {
  const { row, provider, providerService, rate: had } = route;
  const as = { rate: had, min: route.min, max: route.max, step: route.step ?? null };
  if (row === null) return { ...as, held: null, alerts: {} };
  const where = `service ${providerService} of provider ${provider}`;
  if (row.gone || (isServiceType(row.type) && row.type !== service.type)) {
    const why = row.gone ? 'is no longer in its catalogue' : `now has the type ${row.type}, not ${service.type}`;
    return { ...as, held: 'gone', alerts: { route_gone: `${where} ${why}` } };
  }
  const limits = limitsOf({ ...row, type: service.type });
  const rate = costOf(route) ?? had;
  const { held, alerts } = route.comparable ? profitOf(service, rate, where) : { held: null, alerts: {} };
  const coarser = (service.step ?? 1) % (limits.step ?? 1) !== 0;
  const narrower =
    coarser || (limits.min ?? 0) > (service.min ?? 0) || (limits.max ?? Infinity) < (service.max ?? Infinity);
  const multiples = coarser ? ` in multiples of ${limits.step}` : '';
  const takes = `${shown(limits.min, '1')} to ${shown(limits.max, 'any number')}${multiples}`;
  return {
    rate,
    ...limits,
    held,
    alerts: narrower
      ? { ...alerts, route_limits: `${where} takes ${takes}, but we sell from ${service.min} to ${service.max}` }
      : alerts,
  };
}

/** Holds a route that costs more than the selling rate. */
function profitOf(service: SoldService, rate: Rate, where: string): Pick<RouteVerdict, 'held' | 'alerts'> {
  if (rate <= service.rate) return { held: null, alerts: {} };
  const sentence = `${where} costs ${formatRate(rate)}, but we sell at ${formatRate(service.rate)}`;
  return { held: 'unprofitable', alerts: { route_unprofitable: sentence } };
}
