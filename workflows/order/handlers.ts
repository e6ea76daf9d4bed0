import {
  ApplicationFailure,
  CancellationScope,
  condition,
  setDefaultSignalHandler,
  setHandler,
} from '@temporalio/workflow';
import { type Answer, readRequest, unreadBy } from '../../domain/order/asks.ts';
import { hearEvidence } from '../../domain/order/evidence.ts';
import type { Life } from '../../domain/order/life.ts';
import { atOnce, cancel, pause, resolve, resume } from '../../domain/order/requests.ts';
import type { RefillAnswer } from '../../domain/refill/refill-life.ts';
import { refillAtOnce, requestRefill, resolveRefill, resolveRefillAtOnce } from '../../domain/refill/requests.ts';
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
export function listen(run: OrderRun): void {
  setHandler(orderQuery, () => orderView(run), { description: 'The order as its workflow knows it' });
  setHandler(placeUpdate, (message) => placed(run, message), {
    description: 'Not for people. From the API: waits until the order is accepted or refused',
  });
  setHandler(turnSignal, () => hear(run, (life) => life.turn(Date.now())), {
    description: 'From the settlement of an earlier order for the same link',
  });

  const asks = {
    cancel: (message: unknown) => ask(run, message, 'cancel'),
    pause: (message: unknown) => ask(run, message, 'pause'),
    resume: (message: unknown) => ask(run, message, 'resume'),
    resolve: (message: unknown) => decide(run, message),
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
    hearAsk(run, undefined, '', (life) => {
      const data = { name: String(name).slice(0, 60) };
      if (life.isOld || life.isNewRefusal(Date.now(), 'signal.ignored'))
        life.note(Date.now(), 'signal.ignored', unreadBy(life), data);
    }),
  );
  // The Cancel button of the Temporal UI.
  const scope = CancellationScope.current();
  scope.cancelRequested.catch(() =>
    asks.cancel({ by: 'Request Cancellation', reason: 'the workflow was asked to cancel' }),
  );
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

/** The same of what a person asks. Where nothing comes of it nobody is woken: a timer that is set again would cost events. */
async function hearAsk(run: OrderRun, message: unknown, update: string, take: (life: Life) => void): Promise<void> {
  await untilPlaced(run);
  const { life } = run;
  if (life === undefined) return;
  const request = readRequest(life, message);
  const before = marks(run, life);
  take(life);
  const isNews = marks(run, life).some((mark, at) => mark !== before[at]);
  if (isNews && typeof request !== 'string') life.asks.take(request, update, message);
  run.changed ||= isNews || life.isOld;
}

/** What an ask changes, if it changes anything. */
const marks = ({ window }: OrderRun, life: Life): unknown[] => [
  life.notes,
  life.batches.filter(({ stopAsked }) => stopAsked).length,
  window?.current,
];

/** Only of an order that has ended; said while its settlement is just being written, it waits for that. */
async function corrected(run: OrderRun, message: CorrectedMessage | undefined): Promise<void> {
  await untilPlaced(run);
  const { life } = run;
  if (!life?.hasEnded) return;
  await CancellationScope.nonCancellable(() => condition(() => life.settled !== null || !life.settling));
  life.corrected(message, Date.now());
  run.changed = true;
}

const ACTS = { cancel, pause, resume } as const;

async function ask(run: OrderRun, message: unknown, kind: keyof typeof ACTS): Promise<Answer> {
  let answer: Answer = { ok: false, message: 'there is no such order' };
  await hearAsk(run, message, kind, (life) => {
    const now = Date.now();
    const request = readRequest(life, message);
    answer = typeof request === 'string' ? { ok: false, message: request } : ACTS[kind](life, request, now);
    const by = typeof request === 'string' ? unreadBy(life) : request.by;
    if (!answer.ok) life.noteRefusal(now, 'message.refused', by, answer.message);
  });
  return answer;
}

type Kind = keyof typeof ACTS | 'resolve' | 'refill';

/** What is known to be the answer before anything is done; undefined when the handler is to see to it. */
function saidAtOnce(run: OrderRun, life: Life, kind: Kind, message: unknown, now: number): Answer | undefined {
  if (kind === 'refill') {
    const isBeingSettled = life.hasEnded && life.settled === null;
    return isBeingSettled ? undefined : refillAtOnce(life, run.window, message, now);
  }
  if (kind === 'resolve') {
    if (isSending(life)) return undefined;
    if (run.window !== undefined) return resolveRefillAtOnce(life, run.window, message);
    return atOnce.resolve(life, message, now);
  }
  const request = readRequest(life, message);
  return typeof request === 'string' ? { ok: false, message: request } : atOnce[kind](life, now);
}

/** An update that would change nothing is rejected with its answer, and costs no event. Validators may change nothing. */
function answersAtOnce(run: OrderRun, kind: Kind): (message: unknown) => void {
  return (message) => {
    const { life } = run;
    // While it is not placed, or nobody may know yet, the handler waits.
    if (life === undefined || run.placement === undefined || life.isOld) return;
    const answer = saidAtOnce(run, life, kind, message, Date.now());
    if (answer === undefined) return;
    throw ApplicationFailure.create({ type: ANSWERED, message: answer.message, nonRetryable: true, details: [answer] });
  };
}

/** PostgreSQL, and so who decides, may know that an outcome is not known a moment before this workflow does. */
const isSending = (life: Life): boolean => life.attention === 'none' && life.batches.some(({ inFlight }) => inFlight);

async function decide(run: OrderRun, message: unknown): Promise<Answer> {
  let answer: Answer = { ok: false, message: 'there is no such order' };
  const isEarly = run.placement === undefined;
  await untilPlaced(run);
  const mayKnowSoon = () => run.life !== undefined && isSending(run.life);
  if (mayKnowSoon()) await CancellationScope.nonCancellable(() => condition(() => !mayKnowSoon(), '2 seconds'));
  await hearAsk(run, message, resolveUpdate.name, (life) => {
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
  await hearAsk(run, message, refillUpdate.name, (life) => {
    asked = requestRefill(life, run.window, message, isEarly, Date.now());
  });
  const refill = asked as ReturnType<typeof requestRefill>;
  if (typeof refill === 'string') return { ok: false, message: refill };
  await CancellationScope.nonCancellable(() => condition(() => refill.answer !== undefined));
  return refill.answer ?? { ok: false, message: 'it was not looked at' };
}
