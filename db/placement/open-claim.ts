import type { Rate } from '../../domain/ledger/money.ts';
import type { OrderRequest, ServiceTerms } from '../../domain/placement/order-terms.ts';
import type { Sql } from '../client.ts';
import type { Claim, NewClaim } from './claims.ts';

/** A service as requests for orders are read by it. */
export interface ServiceOffer {
  /** Changes with the service and its routes. */
  readonly mark: string;
  readonly service: ServiceTerms & {
    readonly id: number;
    readonly name: string;
    /** Link parameters that make no other target for this service, beside those that never make one. */
    readonly ignoredLinkParameters: readonly string[];
  };
}

/** How the caller read a request: by the offer with this mark, which gave this link key and price. */
export interface ReadBy {
  readonly mark: string;
  readonly linkKey: string;
  readonly price: bigint;
}

/** A rule that PostgreSQL judges before a claim is written. */
export type ClaimRefusal = 'duplicate_link' | 'insufficient_funds';

export type OpenedClaim =
  | { readonly kind: 'opened'; readonly orderId: number }
  /** The key has a claim. */
  | { readonly kind: 'known'; readonly claim: Claim }
  /** Nothing was written: the service is like this, or (undefined) does not exist. */
  | { readonly kind: 'changed'; readonly offer: ServiceOffer | undefined }
  | { readonly kind: 'refused'; readonly code: ClaimRefusal }
  /** `withdrawClaim` was called first. */
  | { readonly kind: 'withdrawn' };

export type OfferJson = Omit<ServiceOffer['service'], 'rate'> & { readonly rate: string };

/** A claim to open; without an id it takes the next one. */
export type WantedClaim = Omit<NewClaim, 'orderId' | 'request'> & {
  readonly orderId: number | null;
  readonly request: OrderRequest;
};

/** Writes a claim, unless its key has one or a rule forbids it; without `readBy` it only looks. */
export async function openClaim(sql: Sql, wanted: WantedClaim, readBy: ReadBy | undefined): Promise<OpenedClaim> {
  const { orderId, accountId, idempotencyKey, fingerprint, request, expiresAt } = wanted;
  const [row] = await sql<
    (Claim & {
      outcome: 'opened' | 'known' | 'changed' | 'withdrawn' | ClaimRefusal;
      offer: OfferJson | null;
      mark: string;
    })[]
  >`
    select outcome, (claim).order_id::float8 as "orderId", (claim).state, (claim).refusal,
           encode((claim).fingerprint, 'hex') as fingerprint, case when outcome = 'changed' then offer end as offer, mark
      from open_claim(${orderId}, ${accountId}, ${idempotencyKey}, ${Buffer.from(fingerprint, 'hex')}, ${readBy === undefined ? null : sql.json(request as never)},
        ${expiresAt}::timestamptz, ${request.service}, ${readBy?.mark ?? null}, ${readBy?.linkKey ?? null}, ${readBy?.price ?? null})`;
  if (row === undefined) throw new Error('open_claim returned no row');
  const { outcome, offer, mark, ...claim } = row;
  switch (outcome) {
    case 'opened':
      return { kind: 'opened', orderId: claim.orderId };
    case 'known':
      return { kind: 'known', claim };
    case 'changed':
      return { kind: 'changed', offer: offer === null ? undefined : { mark, service: offered(offer) } };
    case 'withdrawn':
      return { kind: 'withdrawn' };
    default:
      return { kind: 'refused', code: outcome };
  }
}

/** The offer of a service; undefined when it does not exist. */
export async function readOffer(sql: Sql, service: number): Promise<ServiceOffer | undefined> {
  const [row] = await sql<{ offer: OfferJson | null; mark: string }[]>`
    select offer, md5(offer::text) as mark from service_offer(${service}) as offer`;
  return row === undefined || row.offer === null ? undefined : { mark: row.mark, service: offered(row.offer) };
}

/** The rules that would forbid a claim now, judged as `openClaim` does. Without a link key or a price its rule is not judged. */
export async function claimRefusals(
  sql: Sql,
  { accountId, service }: { readonly accountId: number; readonly service: number },
  { linkKey, price }: { readonly linkKey: string | null; readonly price: bigint | null },
): Promise<readonly ClaimRefusal[]> {
  const [row] = await sql<{ codes: ClaimRefusal[] }[]>`
    select claim_refusals(${accountId}, ${service}, ${linkKey}, ${price}) as codes`;
  return row?.codes ?? [];
}

export const offered = ({ rate, ...service }: OfferJson): ServiceOffer['service'] => ({
  ...service,
  rate: BigInt(rate) as Rate,
});
