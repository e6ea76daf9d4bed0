import { type Sql, withTimeout } from '../../db/client.ts';
import { isPermanent } from '../../db/errors.ts';
import {
  type Claim,
  findClaim,
  isClaimed,
  type NewClaim,
  nextOrder,
  readClaim,
  withdrawClaim,
} from '../../db/placement/claims.ts';
import type { WantedClaim } from '../../db/placement/open-claim.ts';
import { type ErrorCode, isErrorCode, Refusal } from '../../domain/errors.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import { noteInLog } from '../../net/log-context.ts';
import type { Deps } from '../deps.ts';
import { LAST_LOOK_MS, QUERY_MS } from '../http/timeouts.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import { Admission } from '../limits/admission.ts';
import { newOrder } from '../order/new-order.ts';
import type { ShownOrder } from '../order/order-view.ts';
import { perApp } from '../v1/per-app.ts';
import { claimOrder, type Offer } from './order-terms.ts';
import { placeByWorkflow } from './start-order.ts';

/** Decides whether one more order can be placed in time. */
const admissionOf = perApp(() => new Admission());

/** With less time left, an order is refused instead of handed to the engines. */
const LEAST_TO_PLACE_MS = 2_000;

export interface Asked {
  readonly accountId: number;
  readonly route: string;
  readonly request: OrderRequest;
  /** What the caller sent, where the request was made from it; a repeat must be equal. By default the request itself. */
  readonly sent?: unknown;
  /** The key of a repeat; null when the request cannot be repeated. */
  readonly idempotencyKey: string | null;
  /**
   * How to treat a claim that was not decided in time. `keep`: it stays open, and the caller repeats the request with its key.
   * `withdraw`: it is withdrawn, so that an error means "there is no order".
   */
  readonly late: 'keep' | 'withdraw';
  /** A line of a list that was admitted as a whole. */
  readonly isAdmitted?: boolean;
  /** The caller's deadline, in milliseconds since 1970; by default DEADLINES.place from now. */
  readonly notAfter?: number;
}

export type Placed =
  /** `view`: the order as it was accepted; absent when it must be read. */
  | {
      readonly kind: 'order';
      readonly orderId: number;
      readonly replayed: boolean;
      readonly view?: ShownOrder | undefined;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly replayed: boolean }
  /** Not known yet: the claim may still become an order. */
  | { readonly kind: 'unknown' };

/**
 * Places an order: writes a claim, then starts the order's workflow, which decides the claim. Takes at most DEADLINES.place, plus
 * the last read of the claim. The claim is the first thing written, so an error thrown here means that there is no order.
 * @throws Refusal when the request cannot become an order, or waits too long (`overloaded`); an error of the database before
 * the id of a claim was taken.
 */
export async function placeOrder(deps: Deps, asked: Asked): Promise<Placed> {
  const { accountId, idempotencyKey } = asked;
  const keys = idempotencyKey === null ? [] : [idempotencyKey];
  if (asked.isAdmitted !== true) await requireRoom(deps, accountId, keys);
  const notAfter = asked.notAfter ?? Date.now() + DEADLINES.place;
  const work = () => place(deps, asked, notAfter);
  const inTurn = await admissionOf(deps).inTurn(
    { account: accountId, key: idempotencyKey },
    Math.min(LIMITS.placingTurnMs, notAfter - Date.now() - LEAST_TO_PLACE_MS),
    work,
    (placed) => placed.kind !== 'unknown' && !placed.replayed,
  );
  if (inTurn !== undefined) return inTurn.result;
  // Another call with the key may be about to write the claim.
  if (admissionOf(deps).isPlacing(accountId, keys)) return { kind: 'unknown' };
  if (await isRepeat(deps, accountId, keys)) return work();
  throw new Refusal('overloaded', undefined, 1);
}

/**
 * @throws Refusal `overloaded` when a new order would wait too long. A repeat, by one of its keys, is not refused: its order may
 * be there.
 */
export async function requireRoom(deps: Deps, accountId: number, keys: readonly string[]): Promise<void> {
  const admission = admissionOf(deps);
  try {
    admission.require(accountId);
  } catch (refusal) {
    if (!(admission.isPlacing(accountId, keys) || (await isRepeat(deps, accountId, keys)))) throw refusal;
  }
}

const isRepeat = async ({ sql }: Deps, accountId: number, keys: readonly string[]): Promise<boolean> =>
  keys.length > 0 && (await withTimeout(QUERY_MS, isClaimed(sql, accountId, keys)));

async function place(deps: Deps, asked: Asked, notAfter: number): Promise<Placed> {
  const { sql } = deps;
  const { accountId, idempotencyKey } = asked;
  // Of the request as sent: a repeat must match even when its start has passed meanwhile.
  const fingerprint = fingerprintOf(asked.route, asked.sent ?? asked.request);
  const request = startingNow(asked.request);
  // A claim that may have to be withdrawn needs its id before it is written, whatever becomes of the write.
  const own = asked.late === 'keep' ? undefined : await withTimeout(QUERY_MS, nextOrder(sql, DEADLINES.place));
  const wanted: WantedClaim = {
    orderId: own?.orderId ?? null,
    accountId,
    idempotencyKey,
    fingerprint,
    request,
    expiresAt: own?.expiresAt ?? null,
  };
  try {
    const { opened, offer } = await claimOrder(deps, wanted);
    if (opened.kind === 'known') return await join(deps, asked, wanted, opened.claim, offer, notAfter);
    if (opened.kind === 'opened') return await decide(deps, asked, { ...wanted, ...opened }, offer, notAfter, false);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // Nothing was written, and a repeat cannot be written either.
    if (isPermanent(error)) {
      deps.log.error({ err: error, account: accountId }, 'a request can never be stored');
      throw new Refusal('cannot_be_placed');
    }
    deps.log.warn({ err: error, account: accountId }, 'failed to write the claim of an order');
  }
  return readClaimLast(deps, asked, wanted);
}

/** A start in the past means now. */
function startingNow({ scheduledAt, ...request }: OrderRequest): OrderRequest {
  return scheduledAt === undefined || scheduledAt <= Date.now() ? request : { ...request, scheduledAt };
}

/** Answers a repeat: with the decision, or by waiting for it together with the first request. */
async function join(
  deps: Deps,
  asked: Asked,
  wanted: WantedClaim,
  claim: Claim,
  offer: Offer | undefined,
  notAfter: number,
): Promise<Placed> {
  if (claim.fingerprint !== wanted.fingerprint) throw new Refusal('idempotency_key_reused');
  if (claim.state !== 'open') return answerOf(claim, true);
  return decide(deps, asked, { ...wanted, orderId: claim.orderId, expiresAt: null }, offer, notAfter, true);
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
  noteInLog({ order: claim.orderId });
  try {
    const placement = await placeByWorkflow(deps, claim, offer, notAfter);
    switch (placement.kind) {
      case 'order':
        return {
          kind: 'order',
          orderId: claim.orderId,
          replayed,
          view: newOrder(deps, claim, offer, placement.placed),
        };
      case 'refused':
        return { kind: 'refused', refusal: refusalOf(placement), replayed };
      case 'withdrawn':
        return { kind: 'refused', refusal: new Refusal('claim_withdrawn'), replayed };
    }
  } catch (error) {
    deps.log.warn({ why: String(error) }, 'an order workflow did not answer in time');
    return readClaimLast(deps, asked, claim, replayed);
  }
}

/** Reads the claim after the deadline, or withdraws it. */
async function readClaimLast(
  { sql, log }: Deps,
  { late }: Asked,
  wanted: WantedClaim,
  replayed = false,
): Promise<Placed> {
  const { orderId, accountId, idempotencyKey } = wanted;
  try {
    const look =
      orderId === null
        ? findClaim(sql, accountId, idempotencyKey ?? '')
        : late === 'withdraw'
          ? withdraw(sql, { ...wanted, orderId })
          : readClaim(sql, orderId);
    const after = await withTimeout(LAST_LOOK_MS, look);
    if (after !== undefined && after.state !== 'open') return answerOf(after, replayed);
  } catch (error) {
    log.warn({ err: error, ...(orderId === null ? {} : { order: orderId }) }, 'failed to read a claim');
  }
  return { kind: 'unknown' };
}

/** Withdraws a claim. When a call before this one has placed the order of the same request, the claim of that call counts. */
async function withdraw(sql: Sql, claim: NewClaim): Promise<Claim> {
  const { accountId, idempotencyKey, fingerprint } = claim;
  const own = await withdrawClaim(sql, claim);
  const keyed = idempotencyKey === null ? undefined : await findClaim(sql, accountId, idempotencyKey);
  return keyed?.fingerprint === fingerprint ? keyed : own;
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
