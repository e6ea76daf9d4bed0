import { withTimeout } from '../../db/client.ts';
import { type OpenedClaim, openClaim, type ServiceOffer, type WantedClaim } from '../../db/placement/open-claim.ts';
import { linkKey } from '../../domain/catalogue/link.ts';
import type { ReadFields } from '../../domain/catalogue/service-types.ts';
import { Refusal } from '../../domain/errors.ts';
import { isExpired } from '../../domain/order/subscription.ts';
import { fieldFault } from '../../domain/placement/order-fields.ts';
import {
  type JudgedOrder,
  judgeOrder,
  type OrderRequest,
  type OrderTerms,
} from '../../domain/placement/order-terms.ts';
import type { Deps } from '../deps.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { perApp } from '../v1/per-app.ts';

/** A service, and the terms of an order for it at this moment. */
export interface Offer {
  readonly service: Pick<ServiceOffer['service'], 'name'>;
  readonly terms: OrderTerms;
}

/** Services whose offers a process remembers. */
const MOST_OFFERS = 10_000;
/** A service that changes while a request is read changes once or twice. */
const MOST_CHANGES = 4;

/**
 * The offers that this process has seen. They may be old: PostgreSQL compares the mark before it writes a claim, and returns the
 * present offer when it is another one.
 */
const offersSeen = perApp(() => new Map<number, ServiceOffer>());

/**
 * Reads a request by the service's offer and writes its claim, usually in one round trip. Bad input leaves no row and no
 * workflow. The workflow checks the request again when it holds the money; that check decides.
 * @throws Refusal with the code of the first broken rule; an error of the database, after which the claim may be written.
 */
export async function claimOrder(
  deps: Deps,
  wanted: WantedClaim,
): Promise<{
  readonly opened: Exclude<OpenedClaim, { kind: 'changed' | 'refused' }>;
  readonly offer: Offer | undefined;
}> {
  const seen = offersSeen(deps);
  const { request } = wanted;
  for (let changes = 0; changes < MOST_CHANGES; changes += 1) {
    const offer = seen.get(request.service);
    const judged = offer && judgeRequest(request, offer);
    const read = offer && judged?.terms && { offer, terms: judged.terms };
    const readBy = read && {
      mark: read.offer.mark,
      linkKey: linkKey(read.terms.link, read.offer.service.ignoredLinkParameters),
      price: read.terms.price,
    };
    const opened = await withTimeout(QUERY_MS, openClaim(deps.sql, wanted, readBy));
    if (opened.kind === 'refused') throw new Refusal(opened.code);
    if (opened.kind !== 'changed') {
      return { opened, offer: read && { service: read.offer.service, terms: read.terms } };
    }
    if (opened.offer === undefined) throw new Refusal('unknown_service');
    // The request breaks a rule of the service as it is now.
    const [fault] = judged?.faults ?? [];
    if (fault !== undefined && opened.offer.mark === offer?.mark) throw fault;
    remember(seen, opened.offer);
  }
  throw new Refusal('unavailable');
}

/** A request judged by the rules of its service, and by the time of now. `known`: see judgeOrder. */
export function judgeRequest(
  request: OrderRequest,
  { service }: Pick<ServiceOffer, 'service'>,
  known?: ReadFields,
): JudgedOrder {
  const judged = judgeOrder(request, service, known);
  const { fields, link } = judged.terms ?? judged;
  if (fields.expiry === undefined || !isExpired(fields.expiry, Date.now())) return judged;
  const passed = fieldFault('expiry', 'has passed');
  const [first, ...others] = judged.faults;
  const faults = first === undefined ? ([passed] as const) : ([first, ...others, passed] as const);
  return { cost: judged.cost, link, fields, faults };
}

function remember(seen: Map<number, ServiceOffer>, offer: ServiceOffer): void {
  seen.delete(offer.service.id);
  seen.set(offer.service.id, offer);
  const [oldest] = seen.keys();
  if (seen.size > MOST_OFFERS && oldest !== undefined) seen.delete(oldest);
}
