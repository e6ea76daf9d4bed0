import { newVerification } from '../delivery/verification.ts';
import { allowedResolutions, extension, type Resolution, readResolution } from '../review/resolution.ts';
import { applyCancel, atOnce, endedSentence, no, recordRefusal, yes } from './apply-request.ts';
import { type Answer, type Request, readRequest, unreadBy } from './asks.ts';
import { type Batch, forgetStall, isRunning, isUncertain } from './batch.ts';
import { NOT_CANCELABLE } from './can.ts';
import { hasEnded, isSent, isUnverified, type OrderState } from './state.ts';
import { askStopsAgain, stopsSaid } from './stops.ts';
import { attentionOf, clear, recordEvent } from './timeline.ts';

/** Applies a person's decision about an order that waits for one. An impossible decision is refused, and the refusal recorded. */
export function applyResolution(state: OrderState, message: unknown, now: number): Answer {
  if (hasEnded(state)) return no(endedSentence(state));
  const decision = decisionOn(state, message);
  if ('why' in decision) return refused(state, decision, now);
  const { resolution, request } = decision;
  const said = state.isOld ? undefined : saidAlready(state, decision, now);
  if (said !== undefined) return said;
  recordDecision(state, decision, now);
  return carryOut(state, resolution, request, now);
}

/** The answer to a decision that changes nothing, without applying it; undefined when the decision must be carried out. */
export function resolveAtOnce(state: OrderState, message: unknown, now: number): Answer | undefined {
  if (hasEnded(state)) return no(endedSentence(state));
  const decision = decisionOn(state, message);
  return 'why' in decision ? no(decision.why) : saidAlready(state, decision, now);
}

/** A decision and the person who made it. */
export interface PersonsDecision {
  readonly request: Request;
  readonly resolution: Resolution;
}

/** A refused decision: the actor, and the reason as a sentence. */
export interface Impossible {
  readonly by: string;
  readonly why: string;
}

/** Reads a decision and checks that the order's attention allows it. */
export function readDecision(state: OrderState, message: unknown): PersonsDecision | Impossible {
  const request = readRequest(state, message);
  if (typeof request === 'string') return { by: unreadBy(state), why: request };
  const { by } = request;
  const resolution = readResolution(message, state.terms.totalQuantity);
  if (typeof resolution === 'string') return { by, why: resolution };
  const allowed = allowedResolutions(attentionOf(state));
  if (allowed.includes(resolution.action)) return { request, resolution };
  const can = allowed.length === 0 ? 'nothing needs to be decided' : `possible are ${allowed.join(', ')}`;
  return { by, why: `${resolution.action} is not possible while the attention is ${attentionOf(state)}: ${can}` };
}

function decisionOn(state: OrderState, message: unknown): PersonsDecision | Impossible {
  const decision = readDecision(state, message);
  const why = 'why' in decision ? decision.why : whyNot(state, decision.resolution);
  return 'why' in decision || why === undefined ? decision : { by: decision.request.by, why };
}

/** A repeated cancel changes nothing until the provider may be asked to stop again. */
const saidAlready = (state: OrderState, { resolution }: PersonsDecision, now: number): Answer | undefined =>
  resolution.action === 'cancel' && attentionOf(state) !== 'uncertain' ? atOnce.cancel(state, now) : undefined;

export function recordDecision(state: OrderState, { request, resolution }: PersonsDecision, now: number): void {
  const { action, ...numbers } = resolution;
  recordEvent(state, now, `resolved.${action}`, request.by, { ...numbers, reason: request.reason });
}

export function refused(state: OrderState, { by, why }: Impossible, now: number): Answer {
  recordRefusal(state, now, 'resolve.refused', by, why);
  return no(why);
}

/**
 * The uncertain batch that a decision is about: the batch that it names, or the only one. A decision that names none while
 * several are uncertain is refused with a sentence: applied to the wrong batch it would send a placed order again.
 */
export function meant(batches: readonly Batch[], resolution: Resolution): Batch | string {
  const batch = 'batch' in resolution ? resolution.batch : undefined;
  const uncertain = batches.filter(isUncertain);
  if (batch === undefined && uncertain.length > 1) {
    return `the outcome of more than one attempt is not known: say which batch, ${uncertain.map(({ number }) => number).join(' or ')}`;
  }
  const one = batch === undefined ? uncertain[0] : uncertain.find(({ number }) => number === batch);
  if (one === undefined)
    return batch === undefined ? 'the attempt is being decided already' : `batch ${batch} is not uncertain`;
  const attempt = 'attempt' in resolution ? resolution.attempt : undefined;
  if (attempt !== undefined && attempt !== one.attempt)
    return `attempt ${attempt} of batch ${one.number} is not uncertain`;
  return one.decision === null ? one : 'the attempt is being decided already';
}

/** Why a resolution is not possible although the attention allows it; undefined when it is possible. */
function whyNot(state: OrderState, resolution: Resolution): string | undefined {
  const { action } = resolution;
  if (state.decided !== null) return 'the order is being settled already';
  if (attentionOf(state) === 'uncertain') {
    const one = meant(state.batches, resolution);
    return typeof one === 'string' ? one : undefined;
  }
  if (action === 'redispatch' && !state.batches.some(isRunning))
    return 'redispatch is not possible: no provider has the order';
  if (action === 'redispatch' && state.canceledBy !== null) return 'redispatch is not possible: the order is canceled';
  if (action === 'cancel' && isSent(state) && !state.terms.cancelable) return NOT_CANCELABLE;
  return undefined;
}

function carryOut(state: OrderState, resolution: Resolution, { by, reason }: Request, now: number): Answer {
  const one = meant(state.batches, resolution);
  const uncertain = typeof one === 'string' ? undefined : one;
  switch (resolution.action) {
    case 'extend':
      return extend(state, resolution, now);
    case 'complete':
      state.decided = { delivered: state.terms.totalQuantity, actor: by };
      return yes('the order is settled as Completed');
    case 'partial':
      state.decided = { delivered: resolution.delivered, actor: by };
      return yes(`the order is settled with ${resolution.delivered} delivered`);
    case 'redispatch':
      return redispatch(state, now);
    case 'cancel':
      if (uncertain === undefined) return applyCancel(state, { by, reason }, now);
      uncertain.decision = { kind: 'cancel' };
      return yes('what may have been placed counts as not delivered; if it turns up, its cost is a booked loss');
    case 'notPlaced':
    case 'attach':
      return decideAttempt(uncertain, resolution);
  }
}

/** Restarts the review clocks and the counts of the target. Contradictions that the person has seen no longer count. */
function extend(state: OrderState, resolution: Extract<Resolution, { action: 'extend' }>, now: number): Answer {
  for (const batch of state.batches.filter((one) => isRunning(one) || one.reviewAt !== null)) {
    // Counted from the start of a pause, because resuming adds the whole length of the pause.
    batch.reviewAt = (state.pausedAt ?? now) + extension(resolution);
    forgetStall(batch);
    batch.conflictSeen = true;
  }
  clear(state, 'review', 'stalled', 'conflict');
  state.restartClocks = true;
  state.verification = newVerification();
  if (isUnverified(state) && state.batches.length === 0) return yes('the target is counted again, from now on');
  return yes(`the cap starts again: ${resolution.hours} hours from now`);
}

/** Asks the providers to stop. What they report as not delivered goes to the next route. */
function redispatch(state: OrderState, now: number): Answer {
  const running = state.batches.filter(isRunning);
  askStopsAgain(state, now);
  for (const batch of running) {
    batch.resend = true;
    batch.reviewAt = (state.pausedAt ?? now) + state.terms.reviewAfterMs;
    forgetStall(batch);
  }
  clear(state, 'review', 'stalled');
  state.restartClocks = true;
  if (running.some(({ stopAsked }) => !stopAsked))
    return yes('the provider is asked to stop; what it has not delivered goes to the next route when it says so');
  return yes(`what the provider has not delivered goes to the next route when it says so${stopsSaid(running, now)}`);
}

/** Stores a person's finding about an uncertain attempt of an order or a refill. The next step writes it. */
export function decideAttempt(
  batch: Batch | undefined,
  resolution: Extract<Resolution, { action: 'attach' | 'notPlaced' }>,
): Answer {
  if (resolution.action === 'notPlaced') {
    if (batch !== undefined) batch.decision = { kind: 'notPlaced' };
    return yes('the attempt counts as not placed; the batch is sent again by its routes');
  }
  const { providerOrder } = resolution;
  if (batch !== undefined) batch.decision = { kind: 'attach', providerOrder };
  return yes(`order ${providerOrder} of the provider is watched from now on`);
}
