import { ApplicationFailure, Context } from '@temporalio/activity';
import {
  type Attempt,
  beginAttempt,
  GIVEN_UP_AFTER_SECONDS,
  isWanted,
  releaseAttempt,
  type SendInput,
  takeAttempt,
  whyNotBegun,
} from '../../db/dispatch/attempts.ts';
import { isPermanent } from '../../db/errors.ts';
import { isServiceType, ruleOf, upstreamOrder } from '../../domain/catalogue/service-types.ts';
import {
  type DispatchOutcome,
  FULL_PATIENCE_SECONDS,
  waitForFull,
  waitForRoom,
} from '../../domain/dispatch/outcome.ts';
import { DEADLINES } from '../../domain/limits.ts';
import { readProfile } from '../../domain/provider/profile.ts';
import { countBeforeSending } from '../delivery/count.ts';
import type { Watches } from '../delivery/watches.ts';
import { orStale, stale } from '../order/stale.ts';
import { openPanel, type Panel } from '../provider/open-panel.ts';
import { type AddRequest, type AddResult, addOrder } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { expected } from '../runtime/expected.ts';
import { committing } from '../runtime/fault-points.ts';
import { sleep } from '../runtime/sleep.ts';
import { recordSend, recordUnknown, recordUnwritable, storedOutcome, type Take } from './record-send.ts';
import { WaitingForRoom } from './waiting-for-room.ts';

/** Time between a sender's heartbeats. The activity's heartbeat timeout finds a dead sender. */
const HEARTBEAT_MS = 2_000;

/** A sender's heartbeat: its take of the attempt (`sends`), and the provider's answer once it has come. */
interface Beat {
  readonly sends: number;
  readonly answer?: AddResult;
}

/** What a process keeps for its sends. */
interface Sender extends Deps {
  readonly watches: Watches;
  readonly waitingForRoom: WaitingForRoom;
}

/** An attempt that this process has taken, and may send until `notAfter`, by `performance.now()`. */
interface Sendable extends Take {
  readonly notAfter: number;
}

export function createDispatchActivities(deps: Deps, watches: Watches) {
  const sender: Sender = { ...deps, watches, waitingForRoom: new WaitingForRoom() };
  return {
    /**
     * Places a batch with a provider, at most once for each (order, batch, attempt). A repeat, after a crash or a reset, gets the
     * outcome of the first call, and `unknown` when the first call died while it may have been sending.
     * @throws ApplicationFailure `stale` when PostgreSQL has another batch of this number or knows more about this one, or when
     * the order has ended.
     */
    async dispatch(send: SendInput): Promise<DispatchOutcome> {
      const taken = await takeForSending(sender, send);
      return 'kind' in taken ? taken : sendOnce(sender, send, taken);
    },
  };
}

/** Takes the attempt for sending, or returns its outcome: of an earlier send, or why it cannot be sent now. */
async function takeForSending(sender: Sender, send: SendInput): Promise<Sendable | DispatchOutcome> {
  const { sql, faults } = sender;
  const place = { orderId: send.orderId, step: 'take' } as const;
  const notAfter = performance.now() + DEADLINES.sendStart;
  const begin = () => beginAttempt(sql, send, temporalNow(), true);
  const attempt = await committing(faults, place, begin).catch((error: unknown) => {
    throw orStale(error);
  });
  if (attempt === undefined) {
    const why = await whyNotBegun(sql, send, temporalNow());
    return why.kind === 'full' ? full(sender, why.provider, send.orderId) : why;
  }
  if (attempt.taken) return { ...takeOf(send, attempt, attempt.sends), notAfter };
  if (attempt.state === 'sending') return afterLostSender(sender, send, attempt);
  if (attempt.state !== 'intent') return storedOutcome(attempt);
  return attempt.countAt === null
    ? notTaken(sender, send, attempt)
    : takeCounted(sender, send, attempt, attempt.countAt);
}

/** Counts the target, then takes the attempt. After FULL_PATIENCE_SECONDS it waits no longer for a counter that has no room. */
async function takeCounted(
  sender: Sender,
  send: SendInput,
  attempt: Attempt,
  countAt: string,
): Promise<Sendable | DispatchOutcome> {
  const { attempt: tries } = Context.current().info;
  await countBeforeSending(sender, send.orderId, countAt, attempt.link, tries).catch((error: unknown) => {
    if (!isPatienceOver()) throw error;
    sender.log.warn(
      { order: send.orderId },
      'a target was not counted before its order was sent: its counter had no room',
    );
  });
  const notAfter = performance.now() + DEADLINES.sendStart;
  const take = () => takeAttempt(sender.sql, { ...keyOf(send), sends: attempt.sends }, temporalNow());
  return (await committing(sender.faults, { orderId: send.orderId, step: 'take' }, take))
    ? { ...takeOf(send, attempt, attempt.sends + 1), notAfter }
    : notTaken(sender, send, attempt);
}

/** Another sender has just taken this attempt, or another send took the last room at the provider, or the order has ended. */
async function notTaken(sender: Sender, send: SendInput, { provider }: Attempt): Promise<DispatchOutcome> {
  if (!(await isWanted(sender.sql, send))) throw stale();
  return full(sender, provider, send.orderId);
}

/**
 * The provider has no room for another send. At first Temporal retries the activity, which holds no slot meanwhile and adds
 * nothing to the order's history. After FULL_PATIENCE_SECONDS the order itself waits, so that it can be canceled and its review
 * clock runs.
 */
function full({ waitingForRoom }: Sender, provider: number, orderId: number): DispatchOutcome {
  const { attempt } = Context.current().info;
  const waiting = waitingForRoom.add(provider, orderId);
  if (isPatienceOver()) {
    return { kind: 'paused', seconds: waitForFull(waiting, orderId) };
  }
  const seconds = waitForRoom(attempt, waiting, orderId);
  throw expected('the provider has as many sends in flight as it may', `${seconds}s`);
}

/** Whether this activity, with its retries, has waited for room for FULL_PATIENCE_SECONDS. */
const isPatienceOver = (): boolean =>
  temporalNow().getTime() - Context.current().info.scheduledTimestampMs > FULL_PATIENCE_SECONDS * 1_000;

/** The attempt was taken by a sender that may have died. Its heartbeat has the provider's answer, if it got one. */
async function afterLostSender(sender: Sender, send: SendInput, attempt: Attempt): Promise<DispatchOutcome> {
  const before = Context.current().info.heartbeatDetails as Beat | undefined;
  const take = takeOf(send, attempt, attempt.sends);
  const answer = before?.sends === attempt.sends ? before.answer : undefined;
  if (answer !== undefined) {
    // That sender could not store the answer: the database was away.
    return recordSend(sender, take, answer).catch((error: unknown) =>
      recordUnwritable(sender, send, take, answer, error),
    );
  }
  if (attempt.sendingSeconds < GIVEN_UP_AFTER_SECONDS) {
    throw expected('another sender may still get the answer to this attempt', '2s');
  }
  return recordUnknown(sender, take, 'the sender died while it may have been sending');
}

/** Sends a taken attempt and stores the outcome. */
async function sendOnce(sender: Sender, send: SendInput, taken: Sendable): Promise<DispatchOutcome> {
  const { faults, watches, waitingForRoom } = sender;
  const { orderId } = send;
  const panel = await openOrRelease(sender, taken);
  waitingForRoom.delete(orderId);

  // Most sends end before the first heartbeat and cost the server none.
  const context = Context.current();
  let beat: Beat = { sends: taken.key.sends };
  const alive = setInterval(() => context.heartbeat(beat), HEARTBEAT_MS);
  try {
    await faults?.('beforeSend', { orderId, step: 'send' });
    const answer = await addOrder(panel, requestOf(taken.attempt), {
      notAfter: taken.notAfter,
      profile: readProfile(taken.attempt.profile),
    });
    await faults?.('afterSend', { orderId, step: 'send' });
    measure(sender, send, taken.attempt, answer);
    beat = { sends: taken.key.sends, answer: withoutWords(answer) };
    const outcome = await keepTrying(
      () => committing(faults, { orderId, step: 'record' }, () => recordSend(sender, taken, answer)),
      // If this worker dies before the database is back, the next one still has the answer.
      () => context.heartbeat(beat),
      context.cancellationSignal,
    ).catch((error: unknown) => recordUnwritable(sender, send, taken, answer, error));
    // The provider's watch follows the order, or searches for it.
    if (outcome.kind === 'accepted' || outcome.kind === 'unknown') await watches.ensure(outcome.provider);
    return outcome;
  } finally {
    clearInterval(alive);
  }
}

/** Adds an attempt to the metrics, and how long its order waited for it: later batches have a time of their own. */
function measure({ metrics }: Sender, { batch }: SendInput, taken: Attempt, { kind }: AddResult): void {
  metrics?.attempt(taken.provider, kind);
  const isPlaced = kind === 'accepted' || kind === 'unclear';
  if (batch === 1 && isPlaced) metrics?.firstSend(Math.max(0, taken.dueSeconds));
}

/** Opens the provider's panel. When that fails, nothing has left: the attempt may be taken again. */
async function openOrRelease(sender: Sender, { key, attempt }: Take): Promise<Panel> {
  try {
    return openPanel(sender, attempt.provider, attempt);
  } catch (error) {
    await releaseAttempt(sender.sql, key, 'the key of the provider cannot be read');
    throw error;
  }
}

const keyOf = ({ orderId, batch, attempt }: SendInput) => ({ orderId, batch, attempt });

const takeOf = (send: SendInput, attempt: Attempt, sends: number): Take => ({
  key: { ...keyOf(send), sends },
  attempt,
  at: temporalNow,
});

/** Leaves out the provider's words: Temporal stores heartbeats, and the words may quote a link. */
function withoutWords(answer: AddResult): AddResult {
  if (answer.kind === 'error') return { ...answer, error: answer.meaning };
  return answer.kind === 'unclear' ? { ...answer, detail: 'the answer was not clear' } : answer;
}

/** Now, but not before Temporal's clock: tests that skip time set it far ahead of this machine's. */
const temporalNow = (): Date =>
  new Date(Math.max(Date.now(), Context.current().info.currentAttemptScheduledTimestampMs));

/** The request to a provider, with the fields that the type of service needs. */
function requestOf({ providerService, link, quantity, type, fields }: Attempt): AddRequest {
  if (!isServiceType(type)) return { service: providerService, link, quantity, fields };
  const target = ruleOf(type).target === 'link' ? { link } : {};
  return { service: providerService, ...target, ...upstreamOrder(type, fields, quantity) };
}

/**
 * Repeats a write while the database is away, because an outcome that is not stored turns into `unknown`. A write that can never
 * succeed is not repeated.
 */
async function keepTrying<T>(write: () => Promise<T>, failed: () => void, stop: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (error instanceof ApplicationFailure || stop.aborted || isPermanent(error)) throw error;
      failed();
      await sleep(250, stop);
    }
  }
}
