import { type Answer, type Request, readRequest, unreadBy } from '../order/asks.ts';
import type { Life } from '../order/life.ts';
import {
  type Impossible,
  meant,
  no,
  noteDecision,
  type PersonsDecision,
  readDecision,
  refused,
  yes,
} from '../order/requests.ts';
import { extension } from '../review/resolution.ts';
import type { Refill } from './refill-life.ts';
import type { RefillWindow } from './window.ts';

/**
 * What a workflow hears before it knows that its order has ended was said to one before it: after a reset every message is
 * said again, and what was asked for once would be done twice.
 */
const TOO_EARLY = 'the order has just been taken up again, and this may have been done before: ask once more';

/** Somebody asks for a refill: the one that is to be opened, whose answer follows, or why there is none. */
export function requestRefill(
  life: Life,
  window: RefillWindow | undefined,
  message: unknown,
  isEarly: boolean,
  now: number,
): Refill | string {
  const request = readRequest(life, message);
  const by = typeof request === 'string' ? unreadBy(life) : request.by;
  const refill = typeof request === 'string' ? request : refillFor(life, window, request, isEarly, now);
  if (typeof refill === 'string') life.noteRefusal(now, 'refill.refused', by, refill);
  return refill;
}

/** The same before anything is done: what is refused anyhow; undefined when it is to be looked at. */
export function refillAtOnce(
  life: Life,
  window: RefillWindow | undefined,
  message: unknown,
  now: number,
): Answer | undefined {
  const request = readRequest(life, message);
  const why = typeof request === 'string' ? request : whyNoneFor(life, window, now);
  return why === undefined ? undefined : no(why);
}

function whyNoneFor(life: Life, window: RefillWindow | undefined, now: number): string | undefined {
  if (life.terms.refill.days === 0) return 'this service is sold without refill';
  if (window === undefined) return `only a Completed order is refilled; this one is ${life.status}`;
  return window.whyNot(now);
}

function refillFor(life: Life, window: RefillWindow | undefined, request: Request, isEarly: boolean, now: number) {
  const why = whyNoneFor(life, window, now);
  if (why !== undefined || window === undefined) return why ?? TOO_EARLY;
  return isEarly ? TOO_EARLY : window.request(request, now);
}

/** What a person decides about a refill that waits for one. What is not possible is refused, and noted. */
export function resolveRefill(
  life: Life,
  window: RefillWindow,
  message: unknown,
  isEarly: boolean,
  now: number,
): Answer {
  const decision = decisionOn(life, window.current, message, isEarly);
  if ('why' in decision) return refused(life, decision, now);
  const { refill, ...persons } = decision;
  noteDecision(life, persons, now);
  return carryOut(refill, persons, now);
}

/** The same before anything is done: why it is refused; undefined when it is to be carried out. */
export function resolveRefillAtOnce(life: Life, window: RefillWindow, message: unknown): Answer | undefined {
  const decision = decisionOn(life, window.current, message, false);
  return 'why' in decision ? no(decision.why) : undefined;
}

function decisionOn(
  life: Life,
  refill: Refill | null,
  message: unknown,
  isEarly: boolean,
): (PersonsDecision & { readonly refill: Refill }) | Impossible {
  const decision = readDecision(life, message);
  if ('why' in decision) return decision;
  const { by } = decision.request;
  if (refill === null) return { by, why: 'nothing needs to be decided' };
  const why = isEarly ? TOO_EARLY : whyNot(life, refill, decision);
  return why === undefined ? { ...decision, refill } : { by, why };
}

function whyNot(life: Life, refill: Refill, { resolution }: PersonsDecision): string | undefined {
  if (refill.isDecided) return 'it is being decided already';
  if (life.attention === 'uncertain') {
    const one = meant(refill.batch === null ? [] : [refill.batch], resolution);
    return typeof one === 'string' ? one : undefined;
  }
  const { missing, batch, before } = refill;
  switch (resolution.action) {
    case 'redispatch':
      if (batch !== null) return 'redispatch is not possible: what is missing is being sent again';
      return missing === null || missing === 0
        ? 'redispatch is not possible: nobody counted what is missing'
        : undefined;
    case 'extend':
      return before === null ? 'extend is not possible: there is nothing to wait for' : undefined;
    case 'partial':
      return resolution.delivered < (life.settled?.delivered ?? 0)
        ? undefined
        : `partial gives money back, so delivered must be below ${life.settled?.delivered}`;
    default:
      return undefined;
  }
}

function carryOut(refill: Refill, { request, resolution }: PersonsDecision, now: number): Answer {
  refill.by = request.by;
  switch (resolution.action) {
    case 'extend':
      refill.extend(now + extension(resolution));
      return yes(`it is waited for: ${resolution.hours} hours from now`);
    case 'redispatch':
      refill.sendAgain(now);
      return yes("what is missing goes to the next route, at the house's cost");
    case 'complete':
      refill.decide('Completed', request.reason, request.by);
      return yes('the refill counts as Completed');
    case 'partial':
      refill.counts = resolution.delivered;
      return yes(`what is above ${resolution.delivered} delivered is given back, and the refill is closed`);
    case 'cancel':
      refill.decide('Rejected', request.reason, request.by);
      return yes('the refill is closed as Rejected');
    case 'notPlaced':
      if (refill.batch !== null) refill.batch.decision = { kind: 'notPlaced' };
      return yes('the attempt is free; the next one follows the routes');
    case 'attach':
      if (refill.batch !== null) {
        refill.batch.decision = { kind: 'attach', providerOrder: resolution.providerOrder };
      }
      return yes(`order ${resolution.providerOrder} of the provider is watched from now on`);
  }
}
