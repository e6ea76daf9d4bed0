import type { NewClaim } from '../../db/placement/claims.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import type { PlacedOrder } from '../../workflows/contract.ts';
import type { Deps } from '../deps.ts';
import type { Offer } from '../placement/order-terms.ts';
import { type ShownOrder, viewAtPlacement } from './order-view.ts';

/**
 * The order as it was accepted, by the terms that this process has read. Undefined when it was accepted by other terms, because
 * its service had just changed, or when these are not known: then it must be read.
 */
export function newOrder(
  { config }: Pick<Deps, 'config'>,
  { orderId, request }: Pick<NewClaim, 'orderId' | 'request'>,
  offer: Offer | undefined,
  placed: PlacedOrder | undefined,
): ShownOrder | undefined {
  if (offer === undefined || placed === undefined) return undefined;
  const { link, quantity, runs, totalQuantity, price, intervalMinutes } = offer.terms;
  if (placed.price !== formatMoney(price) || placed.totalQuantity !== totalQuantity) return undefined;
  const scheduledAt = request.scheduledAt === undefined ? null : new Date(request.scheduledAt);
  const order = {
    id: orderId,
    service: request.service,
    link,
    quantity,
    runs,
    totalQuantity,
    price,
    intervalMinutes,
    createdAt: new Date(placed.at),
    scheduledAt,
    reference: request.reference ?? null,
    metadata: request.metadata ?? {},
    reorderOf: request.reorderOf ?? null,
  };
  return viewAtPlacement(order, config.CURRENCY);
}
