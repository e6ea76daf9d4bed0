import { no, recordRefusal, yes } from '../order/apply-request.ts';
import {
  decideAttempt,
  type Impossible,
  meant,
  type PersonsDecision,
  readDecision,
  recordDecision,
  refused,
} from '../order/apply-resolution.ts';
import { type Answer, type Request, readRequest, unreadBy } from '../order/asks.ts';
import { capFrom, type OrderState } from '../order/state.ts';
import { attentionOf } from '../order/timeline.ts';
import { extension } from '../review/resolution.ts';
import { decideOutcome, goOn, sendAgain } from './apply-refill.ts';
import { isDecided, newRefill, type Refill, type RefillWindow } from './state.ts';
import { whyNoRefillNow } from './window.ts';

/**
 * A reset sends every earlier message to the workflow again. A message that arrives before the workflow has read its order's
 * state may be such a repeat, and would be carried out twice.
 */
const TOO_EARLY = 'the workflow has just restarted and may have handled this request before: ask once more';

/** Applies a person's request for a refill. Returns the refill to open, which gets its answer later, or why it is refused. */
export function applyRefillRequest(
  state: OrderState,
  message: unknown,
  isEarly: boolean,
  now: number,
): Refill | string {
  const request = readRequest(state, message);
  const by = typeof request === 'string' ? unreadBy(state) : request.by;
  const refill = typeof request === 'string' ? request : refillFor(state, request, isEarly, now);
  if (typeof refill === 'string') recordRefusal(state, now, 'refill.refused', by, refill);
  return refill;
}

/** The answer to a request that is refused, without applying it; undefined when the request must be carried out. */
export function refillAtOnce(state: OrderState, message: unknown, now: number): Answer | undefined {
  const request = readRequest(state, message);
  const why = typeof request === 'string' ? request : whyNoRefillNow(state, state.window, now);
  return why === undefined ? undefined : no(why);
}

function refillFor(state: OrderState, request: Request, isEarly: boolean, now: number): Refill | string {
  const { window } = state;
  const why = whyNoRefillNow(state, window, now);
  if (why !== undefined) return why;
  if (window === null || isEarly) return TOO_EARLY;
  window.current = newRefill(window.taken + 1, request, capFrom(state, now));
  return window.current;
}

/** Applies a person's decision about a refill. An impossible decision is refused, and the refusal recorded. */
export function applyRefillResolution(
  state: OrderState,
  window: RefillWindow,
  message: unknown,
  isEarly: boolean,
  now: number,
): Answer {
  const decision = decisionOn(state, window.current, message, isEarly);
  if ('why' in decision) return refused(state, decision, now);
  const { refill, ...persons } = decision;
  recordDecision(state, persons, now);
  return carryOut(state, refill, persons, now);
}

/** The answer to a decision that is refused, without applying it; undefined when the decision must be carried out. */
export function resolveRefillAtOnce(state: OrderState, window: RefillWindow, message: unknown): Answer | undefined {
  const decision = decisionOn(state, window.current, message, false);
  return 'why' in decision ? no(decision.why) : undefined;
}

function decisionOn(
  state: OrderState,
  refill: Refill | null,
  message: unknown,
  isEarly: boolean,
): (PersonsDecision & { readonly refill: Refill }) | Impossible {
  const decision = readDecision(state, message);
  if ('why' in decision) return decision;
  const { by } = decision.request;
  if (refill === null) return { by, why: 'nothing needs to be decided' };
  const why = isEarly ? TOO_EARLY : whyNot(state, refill, decision);
  return why === undefined ? { ...decision, refill } : { by, why };
}

function whyNot(state: OrderState, refill: Refill, { resolution }: PersonsDecision): string | undefined {
  if (isDecided(refill)) return 'the refill is being decided already';
  if (attentionOf(state) === 'uncertain') {
    const one = meant(refill.batch === null ? [] : [refill.batch], resolution);
    return typeof one === 'string' ? one : undefined;
  }
  const { missing, batch, before } = refill;
  const delivered = state.settled?.delivered ?? 0;
  switch (resolution.action) {
    case 'redispatch':
      if (batch !== null) return 'redispatch is not possible: the missing items are being sent again';
      return missing === null || missing === 0
        ? 'redispatch is not possible: no missing items were counted'
        : undefined;
    case 'extend':
      return before === null ? 'extend is not possible: there is nothing to wait for' : undefined;
    case 'partial':
      return resolution.delivered < delivered
        ? undefined
        : `partial gives money back, so delivered must be below ${state.settled?.delivered}`;
    default:
      return undefined;
  }
}

function carryOut(state: OrderState, refill: Refill, { request, resolution }: PersonsDecision, now: number): Answer {
  refill.by = request.by;
  switch (resolution.action) {
    case 'extend':
      goOn(state, refill, now + extension(resolution));
      // Asks the watch to report again: the last report may have contradicted itself.
      state.restartClocks = true;
      return yes(`the refill has ${resolution.hours} more hours from now`);
    case 'redispatch':
      sendAgain(state, refill, now);
      return yes('the missing items go to the next route at our cost');
    case 'complete':
      decideOutcome(state, refill, 'Completed', request.reason, request.by);
      return yes('the refill counts as Completed');
    case 'partial':
      refill.counts = resolution.delivered;
      return yes(`the charge above ${resolution.delivered} delivered is refunded, and the refill is closed`);
    case 'cancel':
      decideOutcome(state, refill, 'Rejected', request.reason, request.by);
      return yes('the refill is closed as Rejected');
    case 'notPlaced':
    case 'attach':
      return decideAttempt(refill.batch ?? undefined, resolution);
  }
}
