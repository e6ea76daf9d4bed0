import { findService, type OfferedService } from '../../db/catalogue/catalogue.ts';
import { type Sql, withTimeout } from '../../db/client.ts';
import { standing } from '../../db/placement/claims.ts';
import { linkKey } from '../../domain/catalogue/link.ts';
import { Refusal } from '../../domain/errors.ts';
import { isExpired } from '../../domain/order/subscription.ts';
import { refuseField } from '../../domain/placement/order-fields.ts';
import { type OrderRequest, type OrderTerms, orderTerms } from '../../domain/placement/order-terms.ts';
import { QUERY_MS } from '../http/timeouts.ts';

/** A service, and the terms of an order for it at this moment. */
export interface Offer {
  readonly service: OfferedService;
  readonly terms: OrderTerms;
}

/**
 * Checks a request with plain reads, so that bad input leaves no row and no workflow. The workflow checks again when it holds the
 * money; that check decides.
 * @throws Refusal with the code of the first broken rule.
 */
export async function checkOrder(sql: Sql, accountId: number, request: OrderRequest): Promise<Offer> {
  const service = await withTimeout(QUERY_MS, findService(sql, request.service));
  if (service === undefined) throw new Refusal('unknown_service');
  const terms = orderTerms(request, service);
  const { expiry } = terms.fields;
  if (expiry !== undefined && isExpired(expiry, Date.now())) refuseField('expiry', 'has passed');
  const key = linkKey(terms.link, service.ignoredLinkParameters);
  const { balance, linkTaken } = await withTimeout(QUERY_MS, standing(sql, accountId, service.id, key));
  if (linkTaken) throw new Refusal('duplicate_link');
  if (balance < terms.price) throw new Refusal('insufficient_funds');
  return { service, terms };
}

/** The offer at this moment; undefined when it can no longer be ordered. */
export async function presentOffer(sql: Sql, request: OrderRequest): Promise<Offer | undefined> {
  const service = await withTimeout(QUERY_MS, findService(sql, request.service));
  if (service === undefined) return undefined;
  try {
    return { service, terms: orderTerms(request, service) };
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
