import { CancellationScope, condition, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import { hearEvidence } from '../domain/evidence.ts';
import type { Life } from '../domain/life.ts';
import type { RefillAnswer } from '../domain/refill-life.ts';
import { requestRefill, resolveRefill } from '../domain/refill-requests.ts';
import { type Answer, cancel, pause, type Request, readRequest, resolve, resume } from '../domain/requests.ts';
import {
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
  refillReportSignal,
  refillSignal,
  refillUpdate,
  reportSignal,
  resolveSignal,
  resolveUpdate,
  resumeSignal,
  resumeUpdate,
  turnSignal,
} from './messages.ts';
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
export function listen(run: OrderRun): void {
  setHandler(orderQuery, () => orderView(run), { description: 'The order as its workflow knows it' });
  setHandler(placeUpdate, (message) => placed(run, message), {
    description: 'Not for people. From the API: waits until the order is accepted or refused',
  });
  setHandler(turnSignal, () => hear(run, (life) => life.turn(Date.now())), {
    description: 'From the settlement of an earlier order for the same link',
  });

  const asks = {
    cancel: (message: unknown) => ask(run, message, cancel),
    pause: (message: unknown) => ask(run, message, pause),
    resume: (message: unknown) => ask(run, message, resume),
    resolve: (message: unknown) => decide(run, message),
    refill: (message: unknown) => askForRefill(run, message),
  };
  setHandler(cancelUpdate, asks.cancel, { description: HOW.cancel });
  setHandler(pauseUpdate, asks.pause, { description: HOW.pause });
  setHandler(resumeUpdate, asks.resume, { description: HOW.resume });
  setHandler(resolveUpdate, asks.resolve, { description: HOW.resolve });
  setHandler(refillUpdate, asks.refill, { description: HOW.refill });
  setHandler(refillSignal, async (message) => void (await asks.refill(message)), { description: HOW.refill });
  setHandler(cancelSignal, async (message) => void (await asks.cancel(message)), { description: HOW.cancel });
  setHandler(pauseSignal, async (message) => void (await asks.pause(message)), { description: HOW.pause });
  setHandler(resumeSignal, async (message) => void (await asks.resume(message)), { description: HOW.resume });
  setHandler(resolveSignal, async (message) => void (await asks.resolve(message)), { description: HOW.resolve });
  // Listed last: people look for theirs.
  setHandler(
    reportSignal,
    (message) => hear(run, (life) => (run.window ?? life).report(message?.batch, message, Date.now())),
    {
      description: "Not for people. From the watch: a provider's word about a batch",
    },
  );
  setHandler(
    refillReportSignal,
    (message) => hear(run, () => run.window?.reported(message?.refill, message?.rejected, Date.now())),
    { description: "Not for people. From the watch: a provider's last word about a refill" },
  );
  setHandler(foundSignal, (message) => hear(run, (life) => hearEvidence(life, message, Date.now())), {
    description: 'Not for people. From the watch: what the provider shows of a send whose outcome was not known',
  });
  setHandler(correctedSignal, (message) => corrected(run, message), {
    description: 'Not for people. From the watch: the provider took something back, and the customer has been refunded',
  });
  setDefaultSignalHandler((name) =>
    hear(run, (life) => life.note(Date.now(), 'signal.ignored', 'somebody', { name: String(name).slice(0, 60) })),
  );
  // The Cancel button of the Temporal UI.
  const scope = CancellationScope.current();
  scope.cancelRequested.catch(() => asks.cancel({ by: 'temporal-ui', reason: 'the workflow was asked to cancel' }));
}

async function placed(run: OrderRun, message: { fingerprint: string } | undefined): Promise<Placement> {
  await untilPlaced(run);
  const known = run.plan?.fingerprint;
  if (known !== undefined && known !== message?.fingerprint) return { kind: 'refused', code: 'idempotency_key_reused' };
  return run.placement ?? { kind: 'withdrawn' };
}

/** Handlers run in the workflow's own scope: once that is canceled, a wait that is not shielded would throw. */
const untilPlaced = (run: OrderRun): Promise<void> =>
  CancellationScope.nonCancellable(() => condition(() => run.placement !== undefined));

/** Lets the order's life take something in, as soon as there is one; for a claim that was refused there never is. */
async function hear(run: OrderRun, take: (life: Life) => void): Promise<void> {
  await untilPlaced(run);
  if (run.life === undefined) return;
  take(run.life);
  run.changed = true;
}

/** Only of an order that has ended; said while its settlement is just being written, it waits for that. */
async function corrected(run: OrderRun, message: CorrectedMessage | undefined): Promise<void> {
  await untilPlaced(run);
  const { life } = run;
  if (!life?.hasEnded) return;
  await CancellationScope.nonCancellable(() => condition(() => life.settled !== null || !life.settling));
  life.corrected(message, Date.now());
  run.changed = true;
}

async function ask(
  run: OrderRun,
  message: unknown,
  act: (life: Life, request: Request, now: number) => Answer,
): Promise<Answer> {
  let answer: Answer = { ok: false, message: 'there is no such order' };
  await hear(run, (life) => {
    const request = readRequest(message);
    answer = typeof request === 'string' ? { ok: false, message: request } : act(life, request, Date.now());
    if (!answer.ok)
      life.note(Date.now(), 'message.refused', typeof request === 'string' ? 'somebody' : request.by, {
        why: answer.message,
      });
  });
  return answer;
}

async function decide(run: OrderRun, message: unknown): Promise<Answer> {
  let answer: Answer = { ok: false, message: 'there is no such order' };
  const isEarly = run.placement === undefined;
  await untilPlaced(run);
  // PostgreSQL, and so who decides, may know that an outcome is not known a moment before this workflow does.
  const isSending = () => run.life?.attention === 'none' && run.life.batches.some(({ inFlight }) => inFlight);
  if (isSending()) await CancellationScope.nonCancellable(() => condition(() => !isSending(), '2 seconds'));
  await hear(run, (life) => {
    const { window } = run;
    const now = Date.now();
    answer = window === undefined ? resolve(life, message, now) : resolveRefill(life, window, message, isEarly, now);
  });
  return answer;
}

/** Answers once the target was looked at and the refill is written down, or refused. */
async function askForRefill(run: OrderRun, message: unknown): Promise<RefillAnswer> {
  let asked: ReturnType<typeof requestRefill> = 'there is no such order';
  const isEarly = run.placement === undefined;
  await untilPlaced(run);
  // PostgreSQL, and so the customer, may know of the end a moment before this workflow does.
  const isBeingSettled = () => run.life?.hasEnded === true && run.life.settled === null;
  await CancellationScope.nonCancellable(() => condition(() => !isBeingSettled()));
  await hear(run, (life) => {
    asked = requestRefill(life, run.window, message, isEarly, Date.now());
  });
  const refill = asked as ReturnType<typeof requestRefill>;
  if (typeof refill === 'string') return { ok: false, message: refill };
  await CancellationScope.nonCancellable(() => condition(() => refill.answer !== undefined));
  return refill.answer ?? { ok: false, message: 'it was not looked at' };
}
