import type { Rate } from '../ledger/money.ts';
import { LIMITS } from '../limits.ts';
import type { KnownRow } from './changes.ts';
import { costRate, MAX_RATE, type Markup, sellingRate } from './mark-up.ts';
import { limitsOf, type RouteLimits } from './route-check.ts';
import { isServiceType, ruleOf, type ServiceType } from './service-types.ts';

/** Why a provider's service cannot be imported. */
export const IMPORT_REFUSALS = [
  'not_in_catalogue',
  'unknown_type',
  'unreadable_rate',
  'rate_too_fine',
  'unusable_limits',
  'no_price',
  'price_too_high',
] as const;
export type ImportRefusal = (typeof IMPORT_REFUSALS)[number];

/** The terms on which a provider's service would be sold. */
export interface ImportOffer {
  readonly type: ServiceType;
  /** The selling rate; `cost` is the provider's rate. */
  readonly rate: Rate;
  readonly cost: Rate;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The limits of its route. */
  readonly limits: RouteLimits;
}

/** The offer for a catalogue row with this mark-up, or the first reason why it cannot be imported. */
export function offerOf(row: KnownRow | undefined, markup: Markup): ImportOffer | ImportRefusal {
  if (row === undefined || row.gone) return 'not_in_catalogue';
  const { type } = row;
  if (!isServiceType(type)) return 'unknown_type';
  const cost = row.rate === null ? undefined : costRate(row.rate);
  if (cost === undefined) return 'unreadable_rate';
  // The cost has more decimals than a rate can store.
  if (!cost.exact) return 'rate_too_fine';
  const limits = ruleOf(type).quantity === 'one' ? { min: 1, max: 1, step: 1 } : sellable(row);
  if (limits === undefined) return 'unusable_limits';
  const rate = sellingRate(cost.rate, markup);
  if (rate <= 0n) return 'no_price';
  if (rate > MAX_RATE) return 'price_too_high';
  return { type, rate, cost: cost.rate, ...limits, limits: limitsOf(row) };
}

function sellable({ type, min, max, step }: KnownRow): { min: number; max: number; step: number } | undefined {
  if (min === null || max === null || min < 1 || min > max || min > LIMITS.quantity) return undefined;
  const [most, multiple] = [Math.min(max, LIMITS.quantity), limitsOf({ type, min, max, step: step ?? null }).step ?? 1];
  return Math.floor(most / multiple) * multiple < min ? undefined : { min, max: most, step: multiple };
}
