import type { Answer, Request } from './asks.ts';
import { pauseOrder, resumeOrder } from './pause.ts';
import { hasEnded, isSent, type OrderState } from './state.ts';
import { REASONS, type Reason } from './status.ts';
import { askStopsAgain, mayAskStopAgain, stopsSaid } from './stops.ts';
import { recordEvent, takesRefusal } from './timeline.ts';

export const NOT_CANCELABLE = 'this service cannot be canceled once it has been sent';
export const yes = (message: string): Answer => ({ ok: true, message });
export const no = (message: string): Answer => ({ ok: false, message });

export const endedSentence = ({ settled, status }: OrderState): string =>
  `the order has ended${settled === null ? ', its settlement is being written' : `: ${status}`}`;

const asReason = (text: string): Reason => REASONS.find((reason) => reason === text.toLowerCase()) ?? 'requested';

/** The answer to a request that changes nothing; undefined when the request changes something. */
export const atOnce = {
  cancel(state: OrderState, now: number): Answer | undefined {
    if (hasEnded(state)) return no(endedSentence(state));
    if (state.canceledBy !== null) {
      if (state.batches.some((batch) => mayAskStopAgain(batch, now))) return undefined;
      return yes(`canceling has been requested already${stopsSaid(state.batches, now)}`);
    }
    return isSent(state) && !state.terms.cancelable ? no(NOT_CANCELABLE) : undefined;
  },
  pause(state: OrderState): Answer | undefined {
    if (hasEnded(state)) return no(endedSentence(state));
    // A provider's pause ends by the provider's report. A person's pause must last until a person resumes.
    return state.pausedAt !== null && state.pausedBy !== 'provider' ? yes('the order is paused already') : undefined;
  },
  resume(state: OrderState): Answer | undefined {
    if (hasEnded(state)) return no(endedSentence(state));
    return state.pausedAt === null ? yes('the order is not paused') : undefined;
  },
} as const;

/** A cancel before the first send ends the order at once. Afterwards the provider is asked to stop, and its report decides. */
export function applyCancel(state: OrderState, { by, reason }: Request, now: number): Answer {
  const answer = atOnce.cancel(state, now);
  if (answer !== undefined && !(state.isOld && answer.ok)) return answer;
  if (state.canceledBy !== null) {
    askStopsAgain(state, now);
    return yes('canceling has been requested already; the provider is asked to stop again');
  }
  state.canceledBy = by;
  recordEvent(state, now, 'cancel.requested', by, { reason });
  if (isSent(state) && state.batches.length === 0)
    return yes('what was sent has ended; what was not delivered is refunded');
  return yes(
    isSent(state)
      ? 'the provider is asked to stop; what it has not delivered is refunded when it says so'
      : 'the order is canceled and refunded in full',
  );
}

export function applyPause(state: OrderState, { by, reason }: Request, now: number): Answer {
  const answer = atOnce.pause(state);
  if (answer !== undefined) return answer;
  pauseOrder(state, now, by, asReason(reason), reason);
  return yes(
    'the order is paused: nothing further is sent, and no clock runs; what a provider has begun may go on there',
  );
}

export function applyResume(state: OrderState, { by, reason }: Request, now: number): Answer {
  const answer = atOnce.resume(state);
  if (answer !== undefined) return answer;
  resumeOrder(state, now, by, reason);
  return yes('the order goes on');
}

/** Records a refusal as an event: the same refusal once in `LIMITS.refusalsNotedMinutes`, and few in that time. */
export function recordRefusal(state: OrderState, now: number, type: string, actor: string, why: string): void {
  if (state.isOld || takesRefusal(state, now, `${type}: ${why}`)) recordEvent(state, now, type, actor, { why });
}
