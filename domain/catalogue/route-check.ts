import { formatRate, type Rate } from '../ledger/money.ts';
import type { KnownRow } from './changes.ts';
import { costRate, MAX_RATE, type Markup, sellingRate } from './mark-up.ts';
import { isServiceType, ruleOf } from './service-types.ts';

/** Why nothing is sent on a route: its provider does not sell it any more, or asks more than we are paid. */
export type Held = 'gone' | 'unprofitable';

/** The quantities that a provider takes in one order; null: unknown. */
export interface RouteLimits {
  readonly min: number | null;
  readonly max: number | null;
  /** Quantities that it takes are multiples of it. */
  readonly step?: number | null;
}

/** A route of a service that is sold, beside what its provider said last. */
export interface CheckedRoute extends RouteLimits {
  readonly provider: number;
  readonly providerService: string;
  readonly rate: Rate;
  readonly held: Held | null;
  /** Null: it was never in a catalogue that was read, and stays as staff made it. */
  readonly row: KnownRow | null;
  /** The provider counts in our currency, as far as is known. */
  readonly comparable: boolean;
}

/** What is sold on it. */
export interface SoldService extends RouteLimits {
  readonly type: string;
  readonly rate: Rate;
}

export const ROUTE_ALERTS = ['route_gone', 'route_unprofitable', 'route_limits'] as const;
type RouteAlert = (typeof ROUTE_ALERTS)[number];

/** How a route is from now on. */
export interface RouteVerdict extends RouteLimits {
  readonly rate: Rate;
  readonly held: Held | null;
  /** Sentences for the operator, without the provider's words. */
  readonly alerts: Partial<Record<RouteAlert, string>>;
}

/** Whether what an order's quantity may be is what the limits of a service are about. */
const limitsQuantity = (type: string): boolean => {
  if (!isServiceType(type)) return true;
  const { quantity } = ruleOf(type);
  return quantity !== 'one' && quantity !== 'posts';
};

/** What a provider's row says of quantities; limits that contradict each other say nothing. */
export function limitsOf({
  type,
  min,
  max,
  step = null,
}: Pick<KnownRow, 'type' | 'min' | 'max' | 'step'>): RouteLimits {
  if (!limitsQuantity(type)) return { min: null, max: null, step: null };
  return min === null || max === null || min <= max ? { min, max, step } : { min: null, max: null, step };
}

/** Whether a route takes this quantity in one order. */
export const takesQuantity = ({ min, max, step }: RouteLimits, quantity: number): boolean =>
  (min === null || min <= quantity) && (max === null || quantity <= max) && quantity % (step ?? 1) === 0;

/** What a route costs at this row; undefined when its provider's rate cannot be read, or is in another currency. */
function costOf({ row, comparable }: CheckedRoute): Rate | undefined {
  return comparable && row !== null && row.rate !== null ? costRate(row.rate)?.rate : undefined;
}

/** What a service is to be sold at by its rule; as it is, where that says nothing that can be sold at. */
export function repriced(service: SoldService, route: CheckedRoute, rule: Markup): Rate {
  const cost = route.row?.gone === true ? undefined : costOf(route);
  const rate = cost === undefined ? undefined : sellingRate(cost, rule);
  return rate === undefined || rate <= 0n || rate > MAX_RATE ? service.rate : rate;
}

const shown = (limit: number | null, none: string): string => (limit === null ? none : String(limit));

/** Judges a route by the last word of its provider. What was sold already is not touched by it. */
export function judgeRoute(service: SoldService, route: CheckedRoute): RouteVerdict {
  const { row, provider, providerService, rate: had } = route;
  const as = { rate: had, min: route.min, max: route.max, step: route.step ?? null };
  if (row === null) return { ...as, held: null, alerts: {} };
  const where = `service ${providerService} of provider ${provider}`;
  if (row.gone || (isServiceType(row.type) && row.type !== service.type)) {
    const why = row.gone ? 'is not in its catalogue any more' : `is of the type ${row.type} now, not ${service.type}`;
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
      ? { ...alerts, route_limits: `${where} takes ${takes}, it is sold from ${service.min} to ${service.max}` }
      : alerts,
  };
}

/** A route that costs more than is paid for it carries nothing. */
function profitOf(service: SoldService, rate: Rate, where: string): Pick<RouteVerdict, 'held' | 'alerts'> {
  if (rate <= service.rate) return { held: null, alerts: {} };
  const sentence = `${where} costs ${formatRate(rate)}, it is sold at ${formatRate(service.rate)}`;
  return { held: 'unprofitable', alerts: { route_unprofitable: sentence } };
}
