import { ERRORS, type ErrorCode, Refusal } from '../../domain/errors.ts';
import { DEADLINES } from '../../domain/limits.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import type { Deps } from '../deps.ts';
import { asRefusal } from '../http/errors.ts';
import { type FieldError, InvalidRequest } from '../http/problems.ts';
import { placeOrder } from './place.ts';

/** What became of a line; `unknown`: repeating the list says, and does no harm. */
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

/** Lines that are placed at the same time: they wait for the same wallet anyway. */
const AT_ONCE = 20;

/** What says nothing about the line itself. */
const PASSING: readonly ErrorCode[] = ['outcome_unknown', 'unavailable', 'internal'];

export interface Line {
  readonly line: number;
  /** @throws Refusal for what is no request. */
  readonly read: () => OrderRequest;
}

export interface LinesAsked {
  readonly accountId: number;
  readonly route: string;
  /** Of the whole list. */
  readonly idempotencyKey: string;
  readonly lines: readonly Line[];
}

/**
 * Places the lines of a list, each an order of its own: what is wrong with one stops no other. Every line has its key from
 * the list's, so a list that is sent again finds what it placed. Within DEADLINES.placeList; lines that had no turn are unknown.
 */
export async function placeLines(deps: Deps, requestId: string, asked: LinesAsked): Promise<LineResult[]> {
  const { lines } = asked;
  const notAfter = Date.now() + DEADLINES.placeList;
  const results: LineResult[] = [];
  const waiting = lines.entries();
  const placeNext = async (): Promise<void> => {
    for (const [index, line] of waiting) results[index] = await placeLine(deps, requestId, asked, line, notAfter);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, placeNext));
  return results;
}

/** No client can send a line feed in a header, so no key of theirs is ever one of these. */
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
      notAfter: Math.min(notAfter, now + DEADLINES.place),
    });
    if (placed.kind === 'order') return { line, status: 'placed', order: placed.orderId, error: null };
    throw placed.kind === 'refused' ? placed.refusal : new Refusal('outcome_unknown');
  } catch (error) {
    const refusal = asRefusal(error, deps.log, requestId);
    const status = PASSING.includes(refusal.code) ? 'unknown' : 'refused';
    return { line, status, order: null, error: lineError(refusal) };
  }
}

export const lineError = (refusal: Refusal): LineError => ({
  code: refusal.code,
  title: ERRORS[refusal.code].title,
  detail: refusal.detail ?? ERRORS[refusal.code].title,
  ...(refusal instanceof InvalidRequest ? { errors: [...refusal.errors] } : {}),
});
