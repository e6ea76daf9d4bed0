import { Verification } from '../delivery/verification.ts';
import { allowedResolutions, extension, type Resolution, readResolution } from '../review/resolution.ts';
import { type Answer, type Request, readRequest, unreadBy } from './asks.ts';
import type { Batch } from './batch.ts';
import type { Life } from './life.ts';
import { REASONS, type Reason } from './status.ts';
import { askStopsAgain, mayAskStopAgain, stopsSaid } from './stops.ts';

export type { Answer, Request };

const NOT_CANCELABLE = 'this service cannot be canceled once it has been sent';
export const yes = (message: string): Answer => ({ ok: true, message });
export const no = (message: string): Answer => ({ ok: false, message });

const hasEnded = ({ settled, status }: Life): string =>
  `the order has ended${settled === null ? ', its settlement is being written' : `: ${status}`}`;

const asReason = (text: string): Reason => REASONS.find((reason) => reason === text.toLowerCase()) ?? 'requested';

/** What may be asked of an order, beside a decision. Each says at once what changes nothing: undefined, there is something to be done. */
export const atOnce = {
  cancel(life: Life, now: number): Answer | undefined {
    if (life.hasEnded) return no(hasEnded(life));
    if (life.canceledBy !== null) {
      if (life.batches.some((batch) => mayAskStopAgain(batch, now))) return undefined;
      return yes(`canceling has been requested already${stopsSaid(life.batches, now)}`);
    }
    return life.sent && !life.terms.cancelable ? no(NOT_CANCELABLE) : undefined;
  },
  pause(life: Life): Answer | undefined {
    if (life.hasEnded) return no(hasEnded(life));
    // A pause of the provider's ends with its word; a person who asks for one means until a person says otherwise.
    return life.pausedAt !== null && life.pausedBy !== 'provider' ? yes('the order is paused already') : undefined;
  },
  resume(life: Life): Answer | undefined {
    if (life.hasEnded) return no(hasEnded(life));
    return life.pausedAt === null ? yes('the order is not paused') : undefined;
  },
  resolve(life: Life, message: unknown, now: number): Answer | undefined {
    if (life.hasEnded) return no(hasEnded(life));
    const decision = decisionOn(life, message);
    return 'why' in decision ? no(decision.why) : saidAlready(life, decision, now);
  },
} as const;

/** Before anything was sent an order ends at once; afterwards the provider is asked, and its word decides. */
export function cancel(life: Life, { by, reason }: Request, now: number): Answer {
  const answer = atOnce.cancel(life, now);
  if (answer !== undefined && !(life.isOld && answer.ok)) return answer;
  if (life.canceledBy !== null) {
    askStopsAgain(life, now);
    return yes('canceling has been requested already; the provider is asked to stop again');
  }
  life.canceledBy = by;
  life.note(now, 'cancel.requested', by, { reason });
  if (life.sent && life.batches.length === 0) return yes('what was sent has ended; what was not delivered is refunded');
  return yes(
    life.sent
      ? 'the provider is asked to stop; what it has not delivered is refunded when it says so'
      : 'the order is canceled and refunded in full',
  );
}

export function pause(life: Life, { by, reason }: Request, now: number): Answer {
  const answer = atOnce.pause(life);
  if (answer !== undefined) return answer;
  life.pause(now, by, asReason(reason), reason);
  return yes(
    'the order is paused: nothing further is sent, and no clock runs; what a provider has begun may go on there',
  );
}

export function resume(life: Life, { by, reason }: Request, now: number): Answer {
  const answer = atOnce.resume(life);
  if (answer !== undefined) return answer;
  life.resume(now, by, reason);
  return yes('the order goes on');
}

/** What a person decides about an order that waits for one. What is not possible is refused, and noted. */
export function resolve(life: Life, message: unknown, now: number): Answer {
  if (life.hasEnded) return no(hasEnded(life));
  const decision = decisionOn(life, message);
  if ('why' in decision) return refused(life, decision, now);
  const { resolution, request } = decision;
  const said = life.isOld ? undefined : saidAlready(life, decision, now);
  if (said !== undefined) return said;
  noteDecision(life, decision, now);
  return carryOut(life, resolution, request, now);
}

/** Who decides what. */
export interface PersonsDecision {
  readonly request: Request;
  readonly resolution: Resolution;
}

/** Whose decision is not possible, and why. */
export interface Impossible {
  readonly by: string;
  readonly why: string;
}

/** Reads a decision and whether the order's attention allows it. */
export function readDecision(life: Life, message: unknown): PersonsDecision | Impossible {
  const request = readRequest(life, message);
  if (typeof request === 'string') return { by: unreadBy(life), why: request };
  const { by } = request;
  const resolution = readResolution(message, life.terms.totalQuantity);
  if (typeof resolution === 'string') return { by, why: resolution };
  const allowed = allowedResolutions(life.attention);
  if (allowed.includes(resolution.action)) return { request, resolution };
  const can = allowed.length === 0 ? 'nothing needs to be decided' : `possible are ${allowed.join(', ')}`;
  return { by, why: `${resolution.action} is not possible while the attention is ${life.attention}: ${can}` };
}

function decisionOn(life: Life, message: unknown): PersonsDecision | Impossible {
  const decision = readDecision(life, message);
  const why = 'why' in decision ? decision.why : whyNot(life, decision.resolution);
  return 'why' in decision || why === undefined ? decision : { by: decision.request.by, why };
}

/** A cancel that has been asked for already changes nothing until its provider may be asked again. */
const saidAlready = (life: Life, { resolution }: PersonsDecision, now: number): Answer | undefined =>
  resolution.action === 'cancel' && life.attention !== 'uncertain' ? atOnce.cancel(life, now) : undefined;

export function noteDecision(life: Life, { request, resolution }: PersonsDecision, now: number): void {
  const { action, ...numbers } = resolution;
  life.note(now, `resolved.${action}`, request.by, { ...numbers, reason: request.reason });
}

export function refused(life: Life, { by, why }: Impossible, now: number): Answer {
  life.noteRefusal(now, 'resolve.refused', by, why);
  return no(why);
}

/**
 * The attempt that a decision is about: the one it names, or the only one there is. Said of no one while there are two, it
 * might be taken for the other, and what was placed would be sent again: then a sentence.
 */
export function meant(batches: readonly Batch[], resolution: Resolution): Batch | string {
  const batch = 'batch' in resolution ? resolution.batch : undefined;
  const uncertain = batches.filter(({ state }) => state === 'uncertain');
  if (batch === undefined && uncertain.length > 1) {
    return `the outcome of more than one attempt is not known: say which batch, ${uncertain.map(({ number }) => number).join(' or ')}`;
  }
  const one = batch === undefined ? uncertain[0] : uncertain.find(({ number }) => number === batch);
  if (one === undefined) return batch === undefined ? 'it is being decided already' : `batch ${batch} is not uncertain`;
  const attempt = 'attempt' in resolution ? resolution.attempt : undefined;
  if (attempt !== undefined && attempt !== one.attempt)
    return `attempt ${attempt} of batch ${one.number} is not uncertain`;
  return one.decision === null ? one : 'it is being decided already';
}

const isRunning = ({ state }: Batch): boolean => state === 'running';

/** What stands against a resolution that the attention would allow. */
function whyNot(life: Life, resolution: Resolution): string | undefined {
  const { action } = resolution;
  if (life.decided !== null) return 'the order is being settled already';
  if (life.attention === 'uncertain') {
    const one = meant(life.batches, resolution);
    return typeof one === 'string' ? one : undefined;
  }
  if (action === 'redispatch' && !life.batches.some(isRunning)) return 'redispatch is not possible: no provider has it';
  if (action === 'redispatch' && life.canceledBy !== null) return 'redispatch is not possible: the order is canceled';
  if (action === 'cancel' && life.sent && !life.terms.cancelable) return NOT_CANCELABLE;
  return undefined;
}

function carryOut(life: Life, resolution: Resolution, { by, reason }: Request, now: number): Answer {
  const one = meant(life.batches, resolution);
  const uncertain = typeof one === 'string' ? undefined : one;
  const running = life.batches.filter(isRunning);
  switch (resolution.action) {
    case 'extend':
      for (const batch of life.batches.filter(({ state, reviewAt }) => state === 'running' || reviewAt !== null)) {
        // The end of a pause adds its whole length.
        batch.reviewAt = (life.pausedAt ?? now) + extension(resolution);
        batch.forgetStall();
        batch.looked = true;
      }
      life.clear('review', 'stalled', 'conflict');
      life.restartClocks = true;
      life.verification = new Verification();
      if (life.isUnverified && life.batches.length === 0) return yes('the target is counted again, from now on');
      return yes(`the cap starts again: ${resolution.hours} hours from now`);
    case 'complete':
      life.decided = { delivered: life.terms.totalQuantity, actor: by };
      return yes('the order is settled as Completed');
    case 'partial':
      life.decided = { delivered: resolution.delivered, actor: by };
      return yes(`the order is settled with ${resolution.delivered} delivered`);
    case 'redispatch':
      askStopsAgain(life, now);
      for (const batch of running) {
        batch.resend = true;
        batch.reviewAt = (life.pausedAt ?? now) + life.terms.reviewAfterMs;
        batch.forgetStall();
      }
      life.clear('review', 'stalled');
      life.restartClocks = true;
      if (running.some(({ stopAsked }) => !stopAsked))
        return yes('the provider is asked to stop; what it has not delivered goes to the next route when it says so');
      return yes(
        `what the provider has not delivered goes to the next route when it says so${stopsSaid(running, now)}`,
      );
    case 'cancel':
      if (uncertain === undefined) return cancel(life, { by, reason }, now);
      uncertain.decision = { kind: 'cancel' };
      return yes('what may have been placed counts as not delivered; if it turns up, its cost is a booked loss');
    case 'notPlaced':
      if (uncertain !== undefined) uncertain.decision = { kind: 'notPlaced' };
      return yes('the attempt is free; the next one follows the routes');
    case 'attach':
      if (uncertain !== undefined) uncertain.decision = { kind: 'attach', providerOrder: resolution.providerOrder };
      return yes(`order ${resolution.providerOrder} of the provider is watched from now on`);
  }
}
