import {
  ApplicationFailure,
  CancellationScope,
  condition,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import { applyEvidence } from '../../domain/order/apply-evidence.ts';
import { applyCorrected, applyReport } from '../../domain/order/apply-report.ts';
import { applyCancel, applyPause, applyResume, atOnce, recordRefusal } from '../../domain/order/apply-request.ts';
import { applyResolution, resolveAtOnce } from '../../domain/order/apply-resolution.ts';
import { applyLinkFree } from '../../domain/order/apply-send.ts';
import { type Answer, applyAsk, readRequest, unreadBy } from '../../domain/order/asks.ts';
import { hasEnded, type OrderState } from '../../domain/order/state.ts';
import { attentionOf, recordEvent, takesRefusal } from '../../domain/order/timeline.ts';
import { applyResendReport } from '../../domain/refill/apply-batch.ts';
import { applyRefillReport } from '../../domain/refill/apply-refill.ts';
import {
  applyRefillRequest,
  applyRefillResolution,
  refillAtOnce,
  resolveRefillAtOnce,
} from '../../domain/refill/apply-request.ts';
import type { Refill, RefillAnswer } from '../../domain/refill/state.ts';
import {
  ANSWERED,
  type CorrectedMessage,
  cancelSignal,
  cancelUpdate,
  correctedSignal,
  foundSignal,
  orderQuery,
  type Placement,
  pauseSignal,
  pauseUpdate,
  placeUpdate,
  type ReportMessage,
  refillReportSignal,
  refillSignal,
  refillUpdate,
  reportSignal,
  resolveSignal,
  resolveUpdate,
  resumeSignal,
  resumeUpdate,
  turnSignal,
} from '../contract.ts';
import { type OrderRun, orderView } from './view.ts';

const HOW = {
  cancel: 'Ends the order. {"by": "your name", "reason": "why"}',
  refill: 'Asks for a refill of a Completed order, within its window. {"by": "your name", "reason": "dropped"}',
  pause: 'Sends nothing further and stops the clocks. {"by": "your name", "reason": "private"}',
  resume: 'Lets a paused order go on. {"by": "your name", "reason": "why"}',
  resolve:
    'Decides what waits for a person. {"by": "your name", "reason": "why", "action": "extend", "hours": 24}; other actions: complete · partial {"delivered": 600} · redispatch · cancel · attach {"providerOrder": "123"} · notPlaced; these three with "batch": 3 where more than one is uncertain',
} as const;

/** All handlers, set before anything is awaited. None ever throws: one that did would stop the order for ever. */
export function setHandlers(run: OrderRun): void {
  setHandler(orderQuery, () => orderView(run), { description: 'The order as its workflow knows it' });
  setHandler(placeUpdate, (message) => placed(run, message), {
    description: 'Not for people. From the API: waits until the order is accepted or refused',
  });
  setHandler(turnSignal, () => apply(run, (state) => applyLinkFree(state, Date.now())), {
    description: 'From the settlement of an earlier order for the same link',
  });

  const asks = {
    cancel: (message: unknown) => ask(run, message, 'cancel'),
    pause: (message: unknown) => ask(run, message, 'pause'),
    resume: (message: unknown) => ask(run, message, 'resume'),
    resolve: (message: unknown) => resolve(run, message),
    refill: (message: unknown) => askForRefill(run, message),
  };
  setHandler(cancelUpdate, asks.cancel, { description: HOW.cancel, validator: answersAtOnce(run, 'cancel') });
  setHandler(pauseUpdate, asks.pause, { description: HOW.pause, validator: answersAtOnce(run, 'pause') });
  setHandler(resumeUpdate, asks.resume, { description: HOW.resume, validator: answersAtOnce(run, 'resume') });
  setHandler(resolveUpdate, asks.resolve, { description: HOW.resolve, validator: answersAtOnce(run, 'resolve') });
  setHandler(refillUpdate, asks.refill, { description: HOW.refill, validator: answersAtOnce(run, 'refill') });
  setHandler(refillSignal, async (message) => void (await asks.refill(message)), { description: HOW.refill });
  setHandler(cancelSignal, async (message) => void (await asks.cancel(message)), { description: HOW.cancel });
  setHandler(pauseSignal, async (message) => void (await asks.pause(message)), { description: HOW.pause });
  setHandler(resumeSignal, async (message) => void (await asks.resume(message)), { description: HOW.resume });
  setHandler(resolveSignal, async (message) => void (await asks.resolve(message)), { description: HOW.resolve });
  // Listed last: people look for theirs.
  setHandler(reportSignal, (message) => apply(run, (state) => reported(state, message)), {
    description: "Not for people. From the watch: a provider's word about a batch",
  });
  setHandler(
    refillReportSignal,
    (message) =>
      apply(run, (state) => state.window !== null && applyRefillReport(state, state.window, message, Date.now())),
    { description: "Not for people. From the watch: a provider's last word about a refill" },
  );
  setHandler(foundSignal, (message) => apply(run, (state) => applyEvidence(state, message, Date.now())), {
    description: 'Not for people. From the watch: what the provider shows of a send whose outcome was not known',
  });
  setHandler(correctedSignal, (message) => corrected(run, message), {
    description: 'Not for people. From the watch: the provider took something back, and the customer has been refunded',
  });
  setDefaultSignalHandler((name) => applyAsked(run, undefined, '', (state) => ignored(state, String(name))));
  // The Cancel button of the Temporal UI.
  const scope = CancellationScope.current();
  scope.cancelRequested.catch(() =>
    asks.cancel({ by: 'Request Cancellation', reason: 'the workflow was asked to cancel' }),
  );
}

/** A signal of a name that no handler has. */
function ignored(state: OrderState, name: string): void {
  const now = Date.now();
  if (!state.isOld && !takesRefusal(state, now, 'signal.ignored')) return;
  recordEvent(state, now, 'signal.ignored', unreadBy(state), { name: name.slice(0, 60) });
}

async function placed(run: OrderRun, message: { fingerprint: string } | undefined): Promise<Placement> {
  await untilPlaced(run);
  const known = run.plan?.fingerprint;
  if (known !== undefined && known !== message?.fingerprint) return { kind: 'refused', code: 'idempotency_key_reused' };
  return run.placement ?? { kind: 'withdrawn' };
}

/** Handlers run in the workflow's own scope: once that is canceled, a wait that is not shielded would throw. */
const until = (isSo: () => boolean): Promise<void> => CancellationScope.nonCancellable(() => condition(isSo));

const untilPlaced = (run: OrderRun): Promise<void> => until(() => run.placement !== undefined);

/** Applies a message of another part of Holdfast, as soon as there is a state; for a claim that was refused there never is. */
async function apply(run: OrderRun, change: (state: OrderState) => unknown): Promise<void> {
  await untilPlaced(run);
  if (run.state === undefined) return;
  change(run.state);
  run.changed = true;
}

/** A provider's report about a batch, of the order or of its refill. */
function reported(state: OrderState, message: ReportMessage): void {
  const now = Date.now();
  if (state.window === null) applyReport(state, message?.batch, message, now);
  else applyResendReport(state, state.window, message?.batch, message, now);
}

/**
 * Applies a person's request and returns its answer; undefined when there is no order. A request that changes nothing does not wake
 * the order: a timer that is set again would cost events.
 */
async function applyAsked<T>(
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

/** Whatever a request changes changes one of these. */
const marks = ({ eventCount, batches, window }: OrderState): unknown[] => [
  eventCount,
  batches.filter(({ stopAsked }) => stopAsked).length,
  window?.current,
];

/** Only of an order that has ended; said while its settlement is just being written, it waits for that. */
async function corrected(run: OrderRun, message: CorrectedMessage | undefined): Promise<void> {
  await untilPlaced(run);
  const { state } = run;
  if (state === undefined || !hasEnded(state)) return;
  await until(() => state.settled !== null || !state.settling);
  applyCorrected(state, message, Date.now());
  run.changed = true;
}

const NO_ORDER: Answer = { ok: false, message: 'there is no such order' };
const APPLY = { cancel: applyCancel, pause: applyPause, resume: applyResume } as const;

async function ask(run: OrderRun, message: unknown, kind: keyof typeof APPLY): Promise<Answer> {
  const answer = await applyAsked(run, message, kind, (state) => {
    const now = Date.now();
    const request = readRequest(state, message);
    const said = typeof request === 'string' ? { ok: false, message: request } : APPLY[kind](state, request, now);
    const by = typeof request === 'string' ? unreadBy(state) : request.by;
    if (!said.ok) recordRefusal(state, now, 'message.refused', by, said.message);
    return said;
  });
  return answer ?? NO_ORDER;
}

type Kind = keyof typeof APPLY | 'resolve' | 'refill';

/** The answer to a request that changes nothing; undefined when the handler is to carry the request out. */
function saidAtOnce(state: OrderState, kind: Kind, message: unknown, now: number): Answer | undefined {
  if (kind === 'refill') return isBeingSettled(state) ? undefined : refillAtOnce(state, message, now);
  if (kind === 'resolve') {
    if (isSending(state)) return undefined;
    if (state.window !== null) return resolveRefillAtOnce(state, state.window, message);
    return resolveAtOnce(state, message, now);
  }
  const request = readRequest(state, message);
  return typeof request === 'string' ? { ok: false, message: request } : atOnce[kind](state, now);
}

/** An update that would change nothing is rejected with its answer, and costs no event. Validators may change nothing. */
function answersAtOnce(run: OrderRun, kind: Kind): (message: unknown) => void {
  return (message) => {
    const { state } = run;
    // While it is not placed, or its outcome may become known soon, the handler waits.
    if (state === undefined || run.placement === undefined || state.isOld) return;
    const answer = saidAtOnce(state, kind, message, Date.now());
    if (answer === undefined) return;
    throw ApplicationFailure.create({ type: ANSWERED, message: answer.message, nonRetryable: true, details: [answer] });
  };
}

/** PostgreSQL, and so the person who decides, may know that an outcome is not known a moment before this workflow does. */
const isSending = (state: OrderState): boolean =>
  attentionOf(state) === 'none' && state.batches.some(({ inFlight }) => inFlight);

/** PostgreSQL, and so the customer, may know of the end a moment before this workflow does. */
const isBeingSettled = (state: OrderState): boolean => hasEnded(state) && state.settled === null;

async function resolve(run: OrderRun, message: unknown): Promise<Answer> {
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

/** Answers once the target was looked at and the refill is written down, or refused. */
async function askForRefill(run: OrderRun, message: unknown): Promise<RefillAnswer> {
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
  return refill.answer ?? { ok: false, message: 'it was not looked at' };
}
