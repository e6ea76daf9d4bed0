import type { Life } from './life.ts';
import type { Refill, RefillWindow } from './refill-window.ts';
import {
  type Answer,
  noteDecision,
  type PersonsDecision,
  readDecision,
  readRequest,
  refused,
  yes,
} from './requests.ts';

/** Somebody asks for a refill: the one that is to be opened, whose answer follows, or why there is none. */
export function requestRefill(life: Life, window: RefillWindow | undefined, message: unknown, now: number) {
  const request = readRequest(message);
  const by = typeof request === 'string' ? 'somebody' : request.by;
  const refill =
    typeof request === 'string'
      ? request
      : (window?.request(request, now) ??
        (life.terms.refill.days === 0
          ? 'this service is sold without refill'
          : `only a Completed order is refilled; this one is ${life.status}`));
  if (typeof refill === 'string') life.note(now, 'refill.refused', by, { why: refill });
  return refill;
}

/** What a person decides about a refill that waits for one. What is not possible is refused, and noted. */
export function resolveRefill(life: Life, window: RefillWindow, message: unknown, now: number): Answer {
  const decision = readDecision(life, message, now);
  if ('ok' in decision) return decision;
  const refill = window.current;
  const impossible = refill === null ? 'nothing needs to be decided' : whyNot(life, refill, decision);
  if (refill === null || impossible !== undefined) {
    return refused(life, decision.request.by, impossible ?? '', now);
  }
  noteDecision(life, decision, now);
  return carryOut(window, refill, decision, now);
}

function whyNot(life: Life, refill: Refill, { resolution }: PersonsDecision): string | undefined {
  if (refill.outcome !== null || refill.counts !== null) return 'it is being decided already';
  if (life.attention === 'uncertain') return refill.batch?.decision ? 'it is being decided already' : undefined;
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

function carryOut(window: RefillWindow, refill: Refill, { request, resolution }: PersonsDecision, now: number): Answer {
  refill.by = request.by;
  switch (resolution.action) {
    case 'extend':
      window.goOn(refill, now + resolution.hours * 3_600_000);
      return yes(`it is waited for: ${resolution.hours} hours from now`);
    case 'redispatch':
      window.sendAgain(refill, now);
      return yes("what is missing goes to the next route, at the house's cost");
    case 'complete':
      window.decide(refill, 'Completed', request.reason, request.by);
      return yes('the refill counts as Completed');
    case 'partial':
      refill.counts = resolution.delivered;
      return yes(`what is above ${resolution.delivered} delivered is given back, and the refill is closed`);
    case 'cancel':
      if (refill.batch?.state === 'uncertain') refill.batch.decision = { kind: 'cancel' };
      else window.decide(refill, 'Rejected', request.reason, request.by);
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
