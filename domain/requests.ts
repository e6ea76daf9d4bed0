import type { Life } from './life.ts';
import { REASONS, type Reason } from './order.ts';
import { allowedResolutions, type Resolution, readResolution } from './resolution.ts';

/** What a person asked of an order, and what came of it: `message` is a sentence for that person. */
export interface Answer {
  readonly ok: boolean;
  readonly message: string;
}

/** Who asks and why; people type these, so nothing about them is taken for granted. */
export interface Request {
  readonly by: string;
  readonly reason: string;
}

const LONGEST = 200;
const yes = (message: string): Answer => ({ ok: true, message });
const no = (message: string): Answer => ({ ok: false, message });

/** Reads what a person sent; a sentence about what is missing otherwise. */
export function readRequest(message: unknown): Request | string {
  const { by, reason } = (message ?? {}) as Record<string, unknown>;
  if (typeof by !== 'string' || by.trim() === '') return 'by is missing: say who you are';
  if (reason !== undefined && typeof reason !== 'string') return 'reason must be text';
  return { by: by.trim().slice(0, LONGEST), reason: (reason ?? '').trim().slice(0, LONGEST) };
}

const asReason = (text: string): Reason => REASONS.find((reason) => reason === text.toLowerCase()) ?? 'requested';

/** Before anything was sent an order ends at once; afterwards the provider is asked, and its word decides. */
export function cancel(life: Life, { by, reason }: Request, now: number): Answer {
  if (life.hasEnded) return no(`the order has ended: ${life.status}`);
  if (life.canceledBy !== null) return yes('canceling has been requested already');
  if (life.sent && !life.terms.cancelable) return no('this service cannot be canceled once it has been sent');
  life.canceledBy = by;
  life.note(now, 'cancel.requested', by, { reason });
  return yes(
    life.sent
      ? 'the provider is asked to stop; what it has not delivered is refunded when it says so'
      : 'the order is canceled and refunded in full',
  );
}

export function pause(life: Life, { by, reason }: Request, now: number): Answer {
  if (life.hasEnded) return no(`the order has ended: ${life.status}`);
  if (life.pausedAt !== null) return yes('the order is paused already');
  life.pause(now, by, asReason(reason), reason);
  return yes(
    'the order is paused: nothing further is sent, and no clock runs; what a provider has begun may go on there',
  );
}

export function resume(life: Life, { by, reason }: Request, now: number): Answer {
  if (life.hasEnded) return no(`the order has ended: ${life.status}`);
  if (life.pausedAt === null) return yes('the order is not paused');
  life.resume(now, by, reason);
  return yes('the order goes on');
}

/** What a person decides about an order that waits for one. What is not possible is refused, and noted. */
export function resolve(life: Life, message: unknown, now: number): Answer {
  const request = readRequest(message);
  if (typeof request === 'string') return refused(life, 'somebody', request, now);
  const resolution = readResolution(message, life.terms.totalQuantity);
  if (typeof resolution === 'string') return refused(life, request.by, resolution, now);
  if (life.hasEnded) return no(`the order has ended: ${life.status}`);
  const allowed = allowedResolutions(life.attention);
  if (!allowed.includes(resolution.action)) {
    const can = allowed.length === 0 ? 'nothing needs to be decided' : `possible are ${allowed.join(', ')}`;
    return refused(
      life,
      request.by,
      `${resolution.action} is not possible while the attention is ${life.attention}: ${can}`,
      now,
    );
  }
  const { action, ...numbers } = resolution;
  life.note(now, `resolved.${action}`, request.by, { ...numbers, reason: request.reason });
  return carryOut(life, resolution, request, now);
}

function refused(life: Life, by: string, why: string, now: number): Answer {
  life.note(now, 'resolve.refused', by, { why });
  return no(why);
}

function carryOut(life: Life, resolution: Resolution, { by, reason }: Request, now: number): Answer {
  const uncertain = life.batches.find(({ state }) => state === 'uncertain');
  switch (resolution.action) {
    case 'extend':
      for (const batch of life.batches)
        if (batch.state === 'running') batch.reviewAt = now + resolution.hours * 3_600_000;
      life.clear('review', 'stalled', 'conflict');
      life.restartClocks = true;
      return yes(`the cap starts again: ${resolution.hours} hours from now`);
    case 'complete':
      life.decided = { delivered: life.terms.totalQuantity, actor: by };
      return yes('the order is settled as Completed');
    case 'partial':
      life.decided = { delivered: resolution.delivered, actor: by };
      return yes(`the order is settled with ${resolution.delivered} delivered`);
    case 'redispatch':
      for (const batch of life.batches) if (batch.state === 'running') batch.resend = true;
      life.clear('review', 'stalled');
      return yes('the provider is asked to stop; what it has not delivered goes to the next route when it says so');
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
