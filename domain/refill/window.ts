import { LIMITS } from '../limits.ts';
import { recordRefusal } from '../order/apply-request.ts';
import { restoreBatch } from '../order/batch.ts';
import type { OrderState } from '../order/state.ts';
import { clear, raise, recordEvent } from '../order/timeline.ts';
import { callForReview, followBatch } from './apply-refill.ts';
import { refillUntil, whyNoRefill } from './rules.ts';
import {
  newRefill,
  type OpenedRefill,
  type Refill,
  type RefillSnapshot,
  type RefillsSnapshot,
  type RefillWindow,
  refillChange,
} from './state.ts';

/** Opens the refill window of an order that was Completed. */
export function openWindow(state: OrderState, snapshot: RefillsSnapshot): RefillWindow {
  const { completedAt } = snapshot;
  const window: RefillWindow = {
    until: refillUntil(completedAt, state.terms.refill),
    completedAt,
    current: null,
    taken: 0,
    lastEndedAt: null,
    written: null,
    isStale: false,
    vainAt: [],
  };
  state.window = window;
  applyRefillsRead(state, window, snapshot);
  return window;
}

/** Replaces the window's refills by PostgreSQL's. A workflow that was reset reloads them in this way. */
export function applyRefillsRead(state: OrderState, window: RefillWindow, snapshot: RefillsSnapshot): void {
  const { taken, lastEndedAt, lastBatch, current } = snapshot;
  window.isStale = false;
  window.taken = taken;
  window.lastEndedAt = lastEndedAt;
  clear(state, 'review', 'uncertain');
  window.current = current === null ? null : restoreRefill(state, current, lastBatch);
  window.written = refillChange(window);
}

function restoreRefill(state: OrderState, known: RefillSnapshot, lastBatch: number): Refill {
  const { number, id, stage, missing, before, sentAgain, reviewAt } = known;
  const refill: Refill = { ...newRefill(number, null, reviewAt), id, stage, missing, before, lastBatch, sentAgain };
  if (known.batch !== null) followBatch(state, refill, restoreBatch(known.batch));
  else if (stage === 'resending' && missing === 0) refill.outcome = 'Completed';
  if (stage === 'review') raise(state, 'review');
  if (refill.batch?.state === 'uncertain') raise(state, 'uncertain');
  return refill;
}

/** Why the order cannot be refilled now, as a sentence; undefined when it can. `window`: null when it was never Completed. */
export function whyNoRefillNow(state: OrderState, window: RefillWindow | null, now: number): string | undefined {
  const { settled, status, terms } = state;
  const facts = {
    status: window === null ? status : (settled?.status ?? status),
    completedAt: window?.completedAt ?? null,
    delivered: settled?.delivered ?? 0,
    underWay: window !== null && window.current !== null,
    taken: window?.taken ?? 0,
    lastEndedAt: window?.lastEndedAt ?? null,
  };
  return whyNoRefill(facts, terms.refill, now)?.reason ?? tooOftenInVain(window, now);
}

const VAIN_MS = LIMITS.vainRefillsMinutes * 60_000;

/** Each request counts the target and stays in the history, so a customer cannot ask without end. */
function tooOftenInVain(window: RefillWindow | null, now: number): string | undefined {
  const recent = (window?.vainAt ?? []).filter((at) => at > now - VAIN_MS);
  const [first] = recent;
  if (first === undefined || recent.length < LIMITS.vainRefills) return undefined;
  return `nothing was missing when the target was counted ${recent.length} times: ask again at ${new Date(first + VAIN_MS).toISOString()}`;
}

/**
 * Applies the result of opening a refill: it was stored, or refused because of what the count showed. `isBraked`: the same refusal
 * is recorded once, and requests in vain come to an end.
 */
export function applyRefillOpened(
  state: OrderState,
  window: RefillWindow,
  refill: Refill,
  by: string,
  result: OpenedRefill,
  now: number,
  isBraked: boolean,
): void {
  if ('refused' in result) {
    window.current = null;
    if (isBraked) window.vainAt = [...window.vainAt, now].slice(-LIMITS.vainRefills);
    if (isBraked) recordRefusal(state, now, 'refill.refused', by, result.refused);
    else recordEvent(state, now, 'refill.refused', by, { why: result.refused });
    refill.answer = { ok: false, message: result.refused };
    return;
  }
  applyRefillsRead(state, window, result.standing);
  if (result.review !== undefined && window.current !== null)
    callForReview(state, window.current, result.review, null, now);
  const message =
    result.review === undefined ? 'the provider is asked for the refill' : `a person decides first: ${result.review}`;
  refill.answer = { ok: true, message, refill: result.id };
}

/** Closes the current refill, whose end has been written. */
export function applyRefillEnded(state: OrderState, window: RefillWindow, at: number): void {
  const { current } = window;
  if (current?.batch) state.batches = state.batches.filter((one) => one !== current.batch);
  window.current = null;
  window.taken = Math.max(window.taken, current?.number ?? 0);
  window.written = refillChange(window);
  window.lastEndedAt = at;
}
