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
import { placeByWorkflow } from './start-order.ts';

export interface Asked {
  readonly accountId: number;
  readonly route: string;
  readonly request: OrderRequest;
  /** The key of a repeat; null when the request cannot be repeated. */
  readonly idempotencyKey: string | null;
  /**
   * How to treat a claim that was not decided in time. `keep`: it stays open, and the caller repeats the request with its key.
   * `withdraw`: it is withdrawn, so that an error means "there is no order".
   */
  readonly late: 'keep' | 'withdraw';
  /** Part of a list that was admitted as a whole. */
  readonly isAdmitted?: boolean;
  /** The caller's deadline, in milliseconds since 1970; by default DEADLINES.place from now. */
  readonly notAfter?: number;
}

export type Placed =
  | { readonly kind: 'order'; readonly orderId: number; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly replayed: boolean }
  /** Not known yet: the claim may still become an order. */
  | { readonly kind: 'unknown' };

/**
 * Places an order: writes a claim, then starts the order's workflow, which decides the claim. Takes at most DEADLINES.place, plus
 * the last read of the claim. The claim is the first thing written, so an error thrown here means that there is no order.
 * @throws Refusal when the request cannot become an order, or would wait too long (`overloaded`); an error of the database before
 * the claim was written.
 */
export async function placeOrder(deps: Deps, asked: Asked): Promise<Placed> {
  const { sql } = deps;
  const { accountId } = asked;
  const notAfter = asked.notAfter ?? Date.now() + DEADLINES.place;
  // Of the request as sent: a repeat must match even when its start has passed meanwhile.
  const fingerprint = fingerprintOf(asked.route, asked.request);
  const request = startingNow(asked.request);

  const before = await claimOf(deps, asked);
  if (before !== undefined) return join(deps, asked, before, fingerprint, notAfter);
  let offer: Offer;
  try {
    offer = await checkOrder(sql, accountId, request);
  } catch (error) {
    // The same request may have arrived a moment earlier, and its order may be the reason for this refusal.
    const first = error instanceof Refusal ? await claimOf(deps, asked) : undefined;
    if (first === undefined) throw error;
    return join(deps, asked, first, fingerprint, notAfter);
  }
  if (asked.isAdmitted !== true) deps.admission.require(accountId);
  return deps.admission.measure(
    accountId,
    () => placeNew(deps, asked, { fingerprint, request, offer, notAfter }),
    ({ kind }) => kind === 'order',
  );
}

interface Checked {
  readonly fingerprint: string;
  readonly request: OrderRequest;
  readonly offer: Offer;
  readonly notAfter: number;
}

/** Writes the claim and has it decided. */
async function placeNew(deps: Deps, asked: Asked, checked: Checked): Promise<Placed> {
  const { sql } = deps;
  const { accountId, idempotencyKey } = asked;
  const { fingerprint, request, offer, notAfter } = checked;
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
    // Nothing was written, and a repeat cannot be written either.
    if (isPermanent(error)) {
      deps.log.error({ err: error, orderId }, 'a request can never be stored');
      throw new Refusal('cannot_be_placed');
    }
    deps.log.warn({ err: error, orderId }, 'failed to write the claim of an order');
  }
  return readClaimLast(deps, asked, claim);
}

/** A start in the past means now. */
function startingNow({ scheduledAt, ...request }: OrderRequest): OrderRequest {
  return scheduledAt === undefined || scheduledAt <= Date.now() ? request : { ...request, scheduledAt };
}

const claimOf = async ({ sql }: Deps, { accountId, idempotencyKey }: Asked): Promise<Claim | undefined> =>
  idempotencyKey === null ? undefined : withTimeout(QUERY_MS, findClaim(sql, accountId, idempotencyKey));

/** Answers a repeat: with the decision, or by waiting for it together with the first request. */
async function join(deps: Deps, asked: Asked, claim: Claim, fingerprint: string, notAfter: number): Promise<Placed> {
  if (claim.fingerprint !== fingerprint) throw new Refusal('idempotency_key_reused');
  if (claim.state !== 'open') return answerOf(claim, true);
  const { accountId, idempotencyKey, request } = asked;
  const known = { orderId: claim.orderId, accountId, idempotencyKey, fingerprint, request, expiresAt: null };
  // Only for the workflow's summary; the outcome does not depend on it.
  const offer = await presentOffer(deps.sql, request).catch(() => undefined);
  return decide(deps, asked, known, offer, notAfter, true);
}

/** Starts the order's workflow and waits for its decision. After any error the claim itself is read, and has the last word. */
async function decide(
  deps: Deps,
  asked: Asked,
  claim: NewClaim,
  offer: Offer | undefined,
  notAfter: number,
  replayed: boolean,
): Promise<Placed> {
  try {
    const placement = await placeByWorkflow(deps, claim, offer, notAfter);
    switch (placement.kind) {
      case 'order':
        return { kind: 'order', orderId: claim.orderId, replayed };
      case 'refused':
        return { kind: 'refused', refusal: refusalOf(placement), replayed };
      case 'withdrawn':
        return { kind: 'refused', refusal: new Refusal('claim_withdrawn'), replayed };
    }
  } catch (error) {
    deps.log.warn({ orderId: claim.orderId, why: String(error) }, 'an order workflow did not answer in time');
    return readClaimLast(deps, asked, claim, replayed);
  }
}

/** Reads the claim after the deadline, or withdraws it. */
async function readClaimLast({ sql, log }: Deps, { late }: Asked, claim: NewClaim, replayed = false): Promise<Placed> {
  try {
    const look = late === 'withdraw' ? withdrawClaim(sql, claim) : readClaim(sql, claim.orderId);
    const after = await withTimeout(LAST_LOOK_MS, look);
    if (after !== undefined && after.state !== 'open') return answerOf(after, replayed);
  } catch (error) {
    log.warn({ err: error, orderId: claim.orderId }, 'failed to read a claim');
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
