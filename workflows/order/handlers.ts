import { CancellationScope, patched, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import { applyEvidence } from '../../domain/order/apply-evidence.ts';
import { applyCorrected, applyReport } from '../../domain/order/apply-report.ts';
import { applyLinkFree, noteTurn } from '../../domain/order/apply-send.ts';
import { unreadBy } from '../../domain/order/asks.ts';
import { hasEnded, type OrderState } from '../../domain/order/state.ts';
import { recordEvent, takesRefusal } from '../../domain/order/timeline.ts';
import { applyResendReport } from '../../domain/refill/apply-batch.ts';
import { applyRefillReport } from '../../domain/refill/apply-refill.ts';
import {
  type CorrectedMessage,
  cancelSignal,
  cancelUpdate,
  correctedSignal,
  foundSignal,
  linkFreeSignal,
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
  upgradeSignal,
} from '../contract.ts';
import { answersAtOnce, applyAsked, ask, askForRefill, resolve, until, untilPlaced } from './requests.ts';
import { type OrderRun, workflowView } from './view.ts';

const HOW = {
  cancel: 'Ends the order. {"by": "your name", "reason": "why"}',
  refill: 'Asks for a refill of a Completed order, within its window. {"by": "your name", "reason": "dropped"}',
  pause: 'Sends nothing further and stops the clocks. {"by": "your name", "reason": "private"}',
  resume: 'Lets a paused order go on. {"by": "your name", "reason": "why"}',
  resolve:
    'Decides an order that waits for a person. {"by": "your name", "reason": "why", "action": "extend", "hours": 24}; other actions: complete · partial {"delivered": 600} · redispatch · cancel · attach {"providerOrder": "123"} · notPlaced; these three with "batch": 3 where more than one is uncertain',
} as const;

/** Sets all handlers before the workflow awaits anything. A handler must never throw: that would stop the order for ever. */
export function setHandlers(run: OrderRun): void {
  setHandler(orderQuery, () => workflowView(run), { description: 'The order as its workflow knows it' });
  setHandler(placeUpdate, (message) => placed(run, message), {
    description: 'Not for people. From the API: waits until the order is accepted or refused',
  });
  setHandler(linkFreeSignal, () => apply(run, linkFree), {
    description: 'From the settlement of an earlier order for the same link',
  });
  setRequestHandlers(run);
  setWatchHandlers(run);
  setDefaultSignalHandler((name) => applyAsked(run, undefined, '', (state) => ignored(state, String(name))));
  // The Cancel button of the Temporal UI asks to cancel the order, like the signal.
  const scope = CancellationScope.current();
  scope.cancelRequested.catch(() =>
    ask(run, { by: 'Request Cancellation', reason: 'the workflow was asked to cancel' }, 'cancel'),
  );
}

/** People's requests. Each signal has an update with the same effect, which also answers. */
function setRequestHandlers(run: OrderRun): void {
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
}

/** Reports from other parts of Holdfast. They are last in the Temporal UI's list, so that people find their messages first. */
function setWatchHandlers(run: OrderRun): void {
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
  setHandler(upgradeSignal, () => askToMove(run), {
    description: 'Not for people. From housekeeping: the order continues on the version of the workflows that runs now',
  });
  setHandler(correctedSignal, (message) => corrected(run, message), {
    description: 'Not for people. From the watch: the provider took something back, and the customer has been refunded',
  });
}

function linkFree(state: OrderState): void {
  applyLinkFree(state, Date.now());
  if (patched('turn-while-asking')) noteTurn(state);
}

function askToMove(run: OrderRun): void {
  run.askedToMove = true;
}

/** Records a signal that has no handler. */
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

/** Applies a message of another part of Holdfast once the order has a state. A refused claim never gets a state. */
async function apply(run: OrderRun, change: (state: OrderState) => unknown): Promise<void> {
  await untilPlaced(run);
  if (run.state === undefined) return;
  change(run.state);
  run.changed = true;
}

/** Applies a provider's report about a batch of the order or of its refill. */
function reported(state: OrderState, message: ReportMessage): void {
  const now = Date.now();
  if (state.window === null) applyReport(state, message?.batch, message, now);
  else applyResendReport(state, state.window, message?.batch, message, now);
}

/** Applies a correction to an order that has ended. While the settlement is being written, it waits for the result first. */
async function corrected(run: OrderRun, message: CorrectedMessage | undefined): Promise<void> {
  await untilPlaced(run);
  const { state } = run;
  if (state === undefined || !hasEnded(state)) return;
  await until(() => state.settled !== null || !state.settling);
  applyCorrected(state, message, Date.now());
  run.changed = true;
}
