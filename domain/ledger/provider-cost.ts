import { isServiceType, itemPrice } from '../catalogue/service-types.ts';
import { costFromProvider, type Money, type Rate, unitPrice } from './money.ts';

/** The terms on which a batch was bought from its provider. */
export interface Bought {
  /** The rate of its route, 1e-5 per 1000. */
  readonly rate: bigint;
  /** The service type, which says what the rate is for. */
  readonly type: string;
  /** For a subscription, the most items of one post; null otherwise. */
  readonly most: string | null;
}

/** The cost of one item, one package, or one post of a subscription at a provider's rate. */
export const costOfOne = ({ rate, type, most }: Bought): Money =>
  isServiceType(type)
    ? itemPrice(type, rate as Rate, most === null ? {} : { max: most })
    : unitPrice(rate as Rate, 1000);

/**
 * How many of `quantity` items a provider's charge pays for at the rate of the route. Null when that is not clear: there is no
 * charge, or it pays for a fraction of an item or for more items than were ordered (another currency, a changed rate).
 */
export function paidFor(charge: string | null, bought: Bought, quantity: number): number | null {
  const cost = charge === null ? undefined : costFromProvider(charge);
  if (cost === undefined) return null;
  if (cost === 0n) return 0;
  const one = costOfOne(bought);
  if (one === 0n || cost % one !== 0n || cost / one > BigInt(quantity)) return null;
  return Number(cost / one);
}
