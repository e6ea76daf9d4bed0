import { ApplicationFailure, CancellationScope, condition, patched } from '@temporalio/workflow';
import {
  applyCancel,
  applyPause,
  applyResume,
  atOnce,
  recordRefusal,
  tooSoon,
} from '../../domain/order/apply-request.ts';
import { applyResolution, resolveAtOnce } from '../../domain/order/apply-resolution.ts';
import { applyLinkFree } from '../../domain/order/apply-send.ts';
import { type Answer, applyAsk, readRequest, unreadBy } from '../../domain/order/asks.ts';
import { hasEnded, type OrderState } from '../../domain/order/state.ts';
import { attentionOf } from '../../domain/order/timeline.ts';
import {
  applyRefillRequest,
  applyRefillResolution,
  refillAtOnce,
  resolveRefillAtOnce,
} from '../../domain/refill/apply-request.ts';
import type { Refill, RefillAnswer } from '../../domain/refill/state.ts';
import { ANSWERED, refillUpdate, resolveUpdate } from '../contract.ts';
import type { OrderRun } from './view.ts';

/** Handlers run in the workflow's root scope. Once that scope is canceled, an unshielded wait would throw. */
export const until = (isSo: () => boolean): Promise<void> => CancellationScope.nonCancellable(() => condition(isSo));

export const untilPlaced = (run: OrderRun): Promise<void> => until(() => run.placement !== undefined);

/**
 * Applies a person's request and returns its answer; undefined when there is no order. A request that changes nothing does not
 * wake the order, because setting its timer again would cost events.
 */
export async function applyAsked<T>(
  run: OrderRun,
  message: unknown,
  update: string,
  change: (state: OrderState) => T,
): Promise<T | undefined> {
  await untilPlaced(run);
  const { state } = run;
  if (state === undefined) return undefined;
  const request = readRequest(state, message);
  const before = marks(state);
  const answer = change(state);
  const isNews = marks(state).some((mark, at) => mark !== before[at]);
  if (isNews && typeof request !== 'string') applyAsk(state, request, update, message);
  run.changed ||= isNews || state.isOld;
  return answer;
}

/** Every change that a request can make changes at least one of these values. */
const marks = ({ eventCount, batches, window }: OrderState): unknown[] => [
  eventCount,
  batches.filter(({ stopAsked }) => stopAsked).length,
  window?.current,
];

const NO_ORDER: Answer = { ok: false, message: 'there is no such order' };
const APPLY = { cancel: applyCancel, pause: applyPause, resume: applyResume } as const;

export async function ask(run: OrderRun, message: unknown, kind: keyof typeof APPLY): Promise<Answer> {
  const isEarly = run.placement === undefined;
  const answer = await applyAsked(run, message, kind, (state) => {
    const now = Date.now();
    const request = readRequest(state, message);
    const early = isEarly ? tooSoonAndEarly(state, kind, message, now) : undefined;
    const said =
      typeof request === 'string' ? { ok: false, message: request } : (early ?? APPLY[kind](state, request, now));
    const by = typeof request === 'string' ? unreadBy(state) : request.by;
    if (!said.ok) recordRefusal(state, now, 'message.refused', by, said.message);
    // While it was paused, no turn in the queue for its link came to it.
    if (said.ok && kind === 'resume' && state.queuedUntil > now && patched('turn-at-resume')) applyLinkFree(state, now);
    return said;
  });
  return answer ?? NO_ORDER;
}

/** The validator's answer to a request that passed it because it came before the order's state. */
function tooSoonAndEarly(
  state: OrderState,
  kind: keyof typeof APPLY,
  message: unknown,
  now: number,
): Answer | undefined {
  const answer = tooSoon(state, kind, message, now);
  // Older histories applied such a request. `patched` is asked last, because it adds an event.
  return answer !== undefined && patched('too-soon-and-early') ? answer : undefined;
}

type Kind = keyof typeof APPLY | 'resolve' | 'refill';

/** The answer to a request that changes nothing, or comes too soon; undefined when the handler must carry the request out. */
function saidAtOnce(state: OrderState, kind: Kind, message: unknown, now: number): Answer | undefined {
  if (kind === 'refill') return isBeingSettled(state) ? undefined : refillAtOnce(state, message, now);
  if (kind === 'resolve') {
    if (isSending(state)) return undefined;
    if (state.window !== null) return resolveRefillAtOnce(state, state.window, message);
    return resolveAtOnce(state, message, now);
  }
  const request = readRequest(state, message);
  if (typeof request === 'string') return { ok: false, message: request };
  return atOnce[kind](state, now) ?? tooSoon(state, kind, message, now);
}

/** A validator that rejects an update which changes nothing, with its answer: that costs no event. It must not change state. */
export function answersAtOnce(run: OrderRun, kind: Kind): (message: unknown) => void {
  return (message) => {
    const { state } = run;
    // The handler waits until the order is placed. Histories with the old rules reject no updates.
    if (state === undefined || run.placement === undefined || state.isOld) return;
    const answer = saidAtOnce(state, kind, message, Date.now());
    if (answer === undefined) return;
    throw ApplicationFailure.create({ type: ANSWERED, message: answer.message, nonRetryable: true, details: [answer] });
  };
}

/** A send is running. PostgreSQL, and so the person, may know a moment before this workflow that its outcome is unknown. */
const isSending = (state: OrderState): boolean =>
  attentionOf(state) === 'none' && state.batches.some(({ inFlight }) => inFlight);

/** The settlement is being written. PostgreSQL, and so the customer, may know its result a moment before this workflow. */
const isBeingSettled = (state: OrderState): boolean => hasEnded(state) && state.settled === null;

export async function resolve(run: OrderRun, message: unknown): Promise<Answer> {
  const isEarly = run.placement === undefined;
  await untilPlaced(run);
  const mayKnowSoon = () => run.state !== undefined && isSending(run.state);
  if (mayKnowSoon()) await CancellationScope.nonCancellable(() => condition(() => !mayKnowSoon(), '2 seconds'));
  const answer = await applyAsked(run, message, resolveUpdate.name, (state) => {
    const now = Date.now();
    return state.window === null
      ? applyResolution(state, message, now)
      : applyRefillResolution(state, state.window, message, isEarly, now);
  });
  return answer ?? NO_ORDER;
}

/** Answers once the refill is stored or refused, after the target was counted. */
export async function askForRefill(run: OrderRun, message: unknown): Promise<RefillAnswer> {
  const isEarly = run.placement === undefined;
  await untilPlaced(run);
  await until(() => run.state === undefined || !isBeingSettled(run.state));
  const refill = await applyAsked(run, message, refillUpdate.name, (state) =>
    applyRefillRequest(state, message, isEarly, Date.now()),
  );
  if (refill === undefined) return NO_ORDER;
  return typeof refill === 'string' ? { ok: false, message: refill } : answerTo(refill);
}

async function answerTo(refill: Refill): Promise<RefillAnswer> {
  await until(() => refill.answer !== null);
  return refill.answer ?? { ok: false, message: 'the refill request was not processed' };
}
