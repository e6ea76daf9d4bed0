import { ERRORS, type ErrorCode, Refusal } from '../../domain/errors.ts';
import { DEADLINES } from '../../domain/limits.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import { inLogContext } from '../../net/log-context.ts';
import type { Deps } from '../deps.ts';
import { asRefusal } from '../http/errors.ts';
import { type FieldError, InvalidRequest } from '../http/problems.ts';
import { placeOrder, requireRoom } from './place.ts';

/** The result of a line. `unknown`: a repeat of the list is safe, and shows the result. */
export interface LineResult {
  readonly line: number;
  readonly status: 'placed' | 'refused' | 'unknown';
  readonly order: number | null;
  readonly error: LineError | null;
}

export interface LineError {
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  readonly errors?: FieldError[];
}

/** Lines that are placed in parallel; more would only wait for the lock of the same wallet. */
const AT_ONCE = 20;

/** Errors that say nothing about the line itself. */
const PASSING: readonly ErrorCode[] = ['outcome_unknown', 'overloaded', 'unavailable', 'internal'];

export interface Line {
  readonly line: number;
  /** @throws Refusal when the line is not a valid request. */
  readonly read: () => OrderRequest;
}

export interface LinesAsked {
  readonly accountId: number;
  readonly route: string;
  /** The key of the whole list. */
  readonly idempotencyKey: string;
  readonly lines: readonly Line[];
}

/**
 * Places the lines of a short list, each as an order of its own; a wrong line stops no other. Each line's key derives from the
 * list's key, so a repeated list finds the orders it placed. Lines that were not tried within DEADLINES.placeList are `unknown`.
 * @throws Refusal `overloaded`, before any line was tried.
 */
export async function placeShortList(deps: Deps, requestId: string, asked: LinesAsked): Promise<LineResult[]> {
  const { lines } = asked;
  await requireRoom(
    deps,
    asked.accountId,
    lines.map(({ line }) => lineKey(asked.idempotencyKey, line)),
  );
  const notAfter = Date.now() + DEADLINES.placeList;
  const results: LineResult[] = [];
  const waiting = lines.entries();
  const placeNext = async (): Promise<void> => {
    // Each line is about an order of its own.
    for (const [index, line] of waiting)
      results[index] = await inLogContext({}, () => placeLine(deps, requestId, asked, line, notAfter));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, placeNext));
  return results;
}

/** A header cannot hold a line feed, so no client's own key equals the key of a line. */
const lineKey = (key: string, line: number): string => `${key}\n${line}`;

async function placeLine(
  deps: Deps,
  requestId: string,
  { accountId, route, idempotencyKey }: LinesAsked,
  { line, read }: Line,
  notAfter: number,
): Promise<LineResult> {
  try {
    const now = Date.now();
    if (now >= notAfter) throw new Refusal('outcome_unknown');
    const placed = await placeOrder(deps, {
      accountId,
      route,
      request: read(),
      idempotencyKey: lineKey(idempotencyKey, line),
      late: 'keep',
      isAdmitted: true,
      notAfter: Math.min(notAfter, now + DEADLINES.place),
    });
    if (placed.kind === 'order') return { line, status: 'placed', order: placed.orderId, error: null };
    throw placed.kind === 'refused' ? placed.refusal : new Refusal('outcome_unknown');
  } catch (error) {
    const refusal = asRefusal(error, deps.log, requestId);
    return { line, status: statusOfRefusal(refusal), order: null, error: lineError(refusal) };
  }
}

/** `unknown`: the refusal says nothing about the request itself, and a repeat may show another result. */
export const statusOfRefusal = ({ code }: Refusal): 'unknown' | 'refused' =>
  PASSING.includes(code) ? 'unknown' : 'refused';

export const lineError = (refusal: Refusal): LineError => ({
  code: refusal.code,
  title: ERRORS[refusal.code].title,
  detail: refusal.detail ?? ERRORS[refusal.code].title,
  ...(refusal instanceof InvalidRequest ? { errors: [...refusal.errors] } : {}),
});
