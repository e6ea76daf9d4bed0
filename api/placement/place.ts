import { withTimeout } from '../../db/client.ts';
import { isPermanent } from '../../db/errors.ts';
import {
  type Claim,
  findClaim,
  insertClaim,
  type NewClaim,
  nextOrder,
  readClaim,
  withdrawClaim,
} from '../../db/placement/claims.ts';
import { type ErrorCode, isErrorCode, Refusal } from '../../domain/errors.ts';
import { DEADLINES } from '../../domain/limits.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import type { Deps } from '../deps.ts';
import { LAST_LOOK_MS, QUERY_MS } from '../http/timeouts.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import { checkOrder, type Offer, presentOffer } from './order-terms.ts';
import { startOrder } from './start-order.ts';

export interface Asked {
  readonly accountId: number;
  readonly route: string;
  readonly request: OrderRequest;
  /** What the caller repeats the request with; null: it cannot be repeated. */
  readonly idempotencyKey: string | null;
  /**
   * What becomes of a request that was not decided in time. `keep`: it stays open, and its caller asks again with the
   * key. `withdraw`: it is over, so that an error can be taken as "there is no order".
   */
  readonly late: 'keep' | 'withdraw';
  /** When its caller stops waiting, in milliseconds since 1970; by default DEADLINES.place from now. */
  readonly notAfter?: number;
}

export type Placed =
  | { readonly kind: 'order'; readonly orderId: number; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly replayed: boolean }
  /** Nobody can say yet whether there is, or will be, an order. */
  | { readonly kind: 'unknown' };

/**
 * Places an order: a claim in the database, then the order's workflow, which decides it; at most DEADLINES.place, give or
 * take the last look. Until the claim is written nothing is, so an error thrown here means that there is no order.
 * @throws Refusal when the request cannot become an order; an error of the database before anything was written.
 */
export async function placeOrder(deps: Deps, asked: Asked): Promise<Placed> {
  const { sql } = deps;
  const { accountId, idempotencyKey } = asked;
  const notAfter = asked.notAfter ?? Date.now() + DEADLINES.place;
  // Of what was asked: a repeat says the same when its start has passed meanwhile.
  const fingerprint = fingerprintOf(asked.route, asked.request);
  const request = startingNow(asked.request);

  const before = await claimOf(deps, asked);
  if (before !== undefined) return join(deps, asked, before, fingerprint, notAfter);
  let offer: Offer;
  try {
    offer = await checkOrder(sql, accountId, request);
  } catch (error) {
    // The same request may have come first a moment ago, and its order be what is in the way of this one.
    const first = error instanceof Refusal ? await claimOf(deps, asked) : undefined;
    if (first === undefined) throw error;
    return join(deps, asked, first, fingerprint, notAfter);
  }
  const { orderId, expiresAt } = await withTimeout(QUERY_MS, nextOrder(sql, DEADLINES.place));
  const claim: NewClaim = {
    orderId,
    accountId,
    idempotencyKey,
    fingerprint,
    request,
    expiresAt: asked.late === 'withdraw' ? expiresAt : null,
  };
  try {
    if (await withTimeout(QUERY_MS, insertClaim(sql, claim)))
      return await decide(deps, asked, claim, offer, notAfter, false);
    const winner = await claimOf(deps, asked);
    if (winner !== undefined) return await join(deps, asked, winner, fingerprint, notAfter);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // Nothing was written, and never will be.
    if (isPermanent(error)) {
      deps.log.error({ err: error, orderId }, 'a request can never be written down');
      throw new Refusal('cannot_be_placed');
    }
    deps.log.warn({ err: error, orderId }, 'an order could not be placed in time');
  }
  return lastLook(deps, asked, claim);
}

/** A start that has passed means now. */
function startingNow({ scheduledAt, ...request }: OrderRequest): OrderRequest {
  return scheduledAt === undefined || scheduledAt <= Date.now() ? request : { ...request, scheduledAt };
}

const claimOf = async ({ sql }: Deps, { accountId, idempotencyKey }: Asked): Promise<Claim | undefined> =>
  idempotencyKey === null ? undefined : withTimeout(QUERY_MS, findClaim(sql, accountId, idempotencyKey));

/** A repeat: gets what was decided, or waits with the first for it. */
async function join(deps: Deps, asked: Asked, claim: Claim, fingerprint: string, notAfter: number): Promise<Placed> {
  if (claim.fingerprint !== fingerprint) throw new Refusal('idempotency_key_reused');
  if (claim.state !== 'open') return answerOf(claim, true);
  const { accountId, idempotencyKey, request } = asked;
  const known = { orderId: claim.orderId, accountId, idempotencyKey, fingerprint, request, expiresAt: null };
  // Only for the workflow's summary: without it the outcome is the same.
  const offer = await presentOffer(deps.sql, request).catch(() => undefined);
  return decide(deps, asked, known, offer, notAfter, true);
}

/** Has the order's workflow decide the claim, and waits for it; whatever goes wrong, the claim itself has the last word. */
async function decide(
  deps: Deps,
  asked: Asked,
  claim: NewClaim,
  offer: Offer | undefined,
  notAfter: number,
  replayed: boolean,
): Promise<Placed> {
  try {
    const placement = await startOrder(deps, claim, offer, notAfter);
    switch (placement.kind) {
      case 'order':
        return { kind: 'order', orderId: claim.orderId, replayed };
      case 'refused':
        return { kind: 'refused', refusal: refusalOf(placement), replayed };
      case 'withdrawn':
        return { kind: 'refused', refusal: new Refusal('claim_withdrawn'), replayed };
    }
  } catch (error) {
    deps.log.warn({ orderId: claim.orderId, why: String(error) }, 'the workflow did not answer in time');
    return lastLook(deps, asked, claim, replayed);
  }
}

/** What the claim says in the end. */
async function lastLook({ sql, log }: Deps, { late }: Asked, claim: NewClaim, replayed = false): Promise<Placed> {
  try {
    const look = late === 'withdraw' ? withdrawClaim(sql, claim) : readClaim(sql, claim.orderId);
    const after = await withTimeout(LAST_LOOK_MS, look);
    if (after !== undefined && after.state !== 'open') return answerOf(after, replayed);
  } catch (error) {
    log.warn({ err: error, orderId: claim.orderId }, 'the claim could not be read');
  }
  return { kind: 'unknown' };
}

function answerOf({ orderId, state, refusal }: Claim, replayed: boolean): Placed {
  if (state === 'order') return { kind: 'order', orderId, replayed };
  const why = refusal === null ? new Refusal('claim_withdrawn') : refusalOf(refusal);
  return { kind: 'refused', refusal: why, replayed };
}

function refusalOf({ code, detail }: { readonly code: string; readonly detail?: string }): Refusal {
  const known: ErrorCode = isErrorCode(code) ? code : 'internal';
  return new Refusal(known, detail);
}
