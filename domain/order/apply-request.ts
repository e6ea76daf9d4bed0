import { type Answer, type Request, saysCustomer } from './asks.ts';
import { endedAs, type RequestFacts, whyNoCancel, whyNoPause, whyNoPauseAgain, whyNoResume } from './can.ts';
import type { Denial } from './denial.ts';
import { pauseOrder, resumeOrder } from './pause.ts';
import { hasEnded, isSent, type OrderState } from './state.ts';
import { REASONS, type Reason } from './status.ts';
import { askStopsAgain } from './stops.ts';
import { recordEvent, takesRefusal } from './timeline.ts';

export const yes = (message: string): Answer => ({ ok: true, message });
export const no = (message: string): Answer => ({ ok: false, message });

export const endedSentence = ({ settled, status }: OrderState): string =>
  settled === null ? 'the order has ended, its settlement is being written' : endedAs(status);

const factsOf = (state: OrderState): RequestFacts => ({
  ended: hasEnded(state) ? endedSentence(state) : null,
  isSent: isSent(state),
  cancelable: state.terms.cancelable,
  cancelRequested: state.canceledBy !== null,
  pausedBy: state.pausedAt === null ? null : (state.pausedBy ?? ''),
  customersPausedAt: state.customersPause?.at ?? null,
  batches: state.batches,
});

/** A request for what is so already is answered with yes. */
const SO_ALREADY = ['already_requested', 'already_paused', 'not_paused'];

const answerTo = (denial: Denial | undefined): Answer | undefined =>
  denial && { ok: SO_ALREADY.includes(denial.code), message: denial.reason };

const asReason = (text: string): Reason => REASONS.find((reason) => reason === text.toLowerCase()) ?? 'requested';

/** The answer to a request that changes nothing; undefined when the request changes something. */
export const atOnce = {
  cancel: (state: OrderState, now: number) => answerTo(whyNoCancel(factsOf(state), now)),
  pause: (state: OrderState) => answerTo(whyNoPause(factsOf(state))),
  resume: (state: OrderState) => answerTo(whyNoResume(factsOf(state))),
} as const;

/**
 * The answer to a customer who pauses again too soon; undefined to any other request. Validators ask this. A handler may ask only
 * about a request that no validator saw, and only in newer histories: the older ones would not replay.
 */
export const tooSoon = (state: OrderState, kind: keyof typeof atOnce, message: unknown, now: number) =>
  kind === 'pause' && saysCustomer(message) ? answerTo(whyNoPauseAgain(factsOf(state), now)) : undefined;

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
