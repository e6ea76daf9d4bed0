import { isServiceType, itemPrice } from '../catalogue/service-types.ts';
import { costFromProvider, type Money, type Rate, unitPrice } from './money.ts';

/** What a batch was bought for at its provider. */
export interface Bought {
  /** The rate of its route, 1e-5 per 1000. */
  readonly rate: bigint;
  /** What the rate is for. */
  readonly type: string;
  /** Of a subscription, the most items a post may get. */
  readonly most: string | null;
}

/** What one item, one package, or one post of a subscription costs at a provider's rate. */
export const costOfOne = ({ rate, type, most }: Bought): Money =>
  isServiceType(type)
    ? itemPrice(type, rate as Rate, most === null ? {} : { max: most })
    : unitPrice(rate as Rate, 1000);

/**
 * How many of `quantity` items a provider's charge pays for at the rate of the route. Null where that is not clear: no charge
 * is said, it pays for no whole number of items, or for more than were ordered (another currency, a rate that has changed).
 */
export function paidFor(charge: string | null, bought: Bought, quantity: number): number | null {
  const cost = charge === null ? undefined : costFromProvider(charge);
  if (cost === undefined) return null;
  if (cost === 0n) return 0;
  const one = costOfOne(bought);
  if (one === 0n || cost % one !== 0n || cost / one > BigInt(quantity)) return null;
  return Number(cost / one);
}
