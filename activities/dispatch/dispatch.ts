import { ApplicationFailure, Context } from '@temporalio/activity';
import { ApplicationFailureCategory, type Duration } from '@temporalio/common';
import { isUniqueViolation } from '../../db/client.ts';
import {
  type Attempt,
  type AttemptKey,
  attemptAccepted,
  attemptRefused,
  attemptUnknown,
  beginAttempt,
  GIVEN_UP,
  GIVEN_UP_AFTER_SECONDS,
  isWanted,
  releaseAttempt,
  type SendInput,
  takeAttempt,
  whyNotBegun,
} from '../../db/dispatch/attempts.ts';
import { isPermanent, nameOfError } from '../../db/errors.ts';
import { isServiceType, ruleOf, upstreamOrder } from '../../domain/catalogue/service-types.ts';
import {
  type DispatchOutcome,
  type ErrorMeaning,
  FULL_PATIENCE_SECONDS,
  waitBeforeRetry,
  waitForFull,
  waitForRoom,
} from '../../domain/dispatch/outcome.ts';
import { DEADLINES } from '../../domain/limits.ts';
import { readProfile } from '../../domain/provider/profile.ts';
import { countBeforeSending } from '../delivery/count.ts';
import type { Watches } from '../delivery/watches.ts';
import { orStale, stale } from '../order/stale.ts';
import { openPanel } from '../provider/open-panel.ts';
import { type AddRequest, type AddResult, addOrder } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { committing } from '../runtime/fault-points.ts';
import { WaitingForRoom } from './waiting-for-room.ts';

/** Sends of one attempt that provably did not leave, before the order takes its next route. */
const SENDS_BEFORE_NEXT_ROUTE = 6;

/** Time between a sender's heartbeats. The activity's heartbeat timeout finds a dead sender. */
const HEARTBEAT_MS = 2_000;

/** A sender's heartbeat: its take of the attempt (`sends`), and the provider's answer once it has come. */
interface Beat {
  readonly sends: number;
  readonly answer?: AddResult;
}

/** Leaves out the provider's words: Temporal stores heartbeats, and the words may quote a link. */
function withoutWords(answer: AddResult): AddResult {
  if (answer.kind === 'error') return { ...answer, error: answer.meaning };
  return answer.kind === 'unclear' ? { ...answer, detail: 'the answer was not clear' } : answer;
}

export function createDispatchActivities(deps: Deps, watches: Watches) {
  const { sql, log, faults } = deps;
  const waitingForRoom = new WaitingForRoom();

  /**
   * The provider has no room for another send. At first Temporal retries the activity, which holds no slot meanwhile and adds
   * nothing to the order's history. After FULL_PATIENCE_SECONDS the order itself waits, so that it can be canceled and its review
   * clock runs.
   */
  function full(provider: number, orderId: number): DispatchOutcome {
    const { attempt, scheduledTimestampMs } = Context.current().info;
    const waiting = waitingForRoom.add(provider, orderId);
    if (temporalNow().getTime() - scheduledTimestampMs > FULL_PATIENCE_SECONDS * 1_000) {
      return { kind: 'paused', seconds: waitForFull(waiting, orderId) };
    }
    const seconds = waitForRoom(attempt, waiting, orderId);
    throw benign('the provider has as many sends in flight as it may', `${seconds}s`);
  }

  /** The outcome of an attempt that is decided already. */
  function recorded({ state, provider, providerOrder, decidedAt, detail, sends }: Attempt): DispatchOutcome {
    if (state === 'accepted' && providerOrder !== null) {
      return { kind: 'accepted', provider, providerOrder, at: decidedAt?.getTime() ?? 0 };
    }
    if (state === 'refused') return refused(provider, detail as ErrorMeaning | null, sends);
    // A person, or the search at the provider, decided that it was not placed; or a person gave it up.
    if (state === 'released') return detail === GIVEN_UP ? { kind: 'exhausted' } : { kind: 'refused', provider };
    return { kind: 'unknown', provider };
  }

  function refused(provider: number, meaning: ErrorMeaning | null, tries: number): DispatchOutcome {
    // A provider in trouble is paused by now: the next attempt takes the next route, or waits for the pause to end.
    return meaning === 'wait'
      ? { kind: 'wait', provider, seconds: waitBeforeRetry(tries) }
      : { kind: 'refused', provider };
  }

  /** Stores a provider's definite error. When the error means trouble, the provider is paused and staff get an alert. */
  async function refusing(
    key: AttemptKey,
    provider: number,
    error: string,
    meaning: ErrorMeaning,
    retryAfter?: number,
  ) {
    const taken = await attemptRefused(sql, key, error, meaning, temporalNow(), retryAfter);
    if (taken.alerted) log.warn({ provider, trouble: meaning }, 'a provider is in trouble and paused');
    return refused(provider, taken.meaning, key.attempt);
  }

  /**
   * Stores that an attempt's outcome is unknown. Pass `profile` when the provider gave no clear answer: a few of those in a row
   * pause the provider. Omit it for a dead worker, which is not the provider's fault.
   */
  async function unknown(
    key: AttemptKey,
    provider: number,
    detail: string,
    profile?: unknown,
  ): Promise<DispatchOutcome> {
    const breakAfter = profile === undefined ? null : readProfile(profile).breakAfter;
    const alerted = await attemptUnknown(sql, key, detail, breakAfter, temporalNow());
    if (alerted) log.warn({ provider }, 'a provider gives no clear answers and is paused');
    log.warn({ order: key.orderId, batch: key.batch, attempt: key.attempt, provider }, 'dispatch uncertain');
    return { kind: 'unknown', provider };
  }

  /**
   * Handles an answer that the database refuses for good: the attempt is unknown, and a person sees what is known of the answer.
   */
  async function unwritten(
    send: SendInput,
    key: AttemptKey,
    provider: number,
    answer: AddResult,
    error: unknown,
  ): Promise<DispatchOutcome> {
    if (!isPermanent(error)) throw error;
    const providerOrder = answer.kind === 'accepted' ? answer.providerOrder : null;
    log.error(
      { order: key.orderId, batch: key.batch, provider, providerOrder, err: error },
      "failed to store a provider's answer",
    );
    const said = providerOrder === null ? 'its answer' : `order ${providerOrder} of the provider`;
    const outcome = await unknown(key, provider, `${said} could not be stored: ${nameOfError(error)}`);
    // The write may have been committed although PostgreSQL's reply was lost: then the stored outcome counts.
    const kept = await beginAttempt(sql, send, temporalNow());
    return kept === undefined || kept.state === 'sending' ? outcome : recorded(kept);
  }

  /** Stores the outcome of a send; `key` names the take of the attempt. */
  async function record(
    key: AttemptKey,
    { provider, sends, inTrouble, saidNotPlaced, profile }: Attempt,
    result: AddResult,
  ): Promise<DispatchOutcome> {
    switch (result.kind) {
      case 'accepted': {
        const at = temporalNow();
        try {
          if (!(await attemptAccepted(sql, key, result.providerOrder, at))) {
            log.error({ order: key.orderId, provider }, 'a provider accepted after the attempt had been given up');
            return { kind: 'unknown', provider };
          }
        } catch (error) {
          if (!isUniqueViolation(error)) throw error;
          return unknown(
            key,
            provider,
            `order ${result.providerOrder} of the provider belongs to another batch`,
            profile,
          );
        }
        return { kind: 'accepted', provider, providerOrder: result.providerOrder, at: at.getTime() };
      }
      case 'error':
        if (result.meaning === 'wait' && saidNotPlaced && readProfile(profile).duplicateGuard) {
          // This provider refuses a second order only while one of ours runs. That may be the send that was declared not placed.
          return unknown(
            key,
            provider,
            'the provider says that an order for the link is running, perhaps the earlier send',
          );
        }
        return refusing(key, provider, result.error, result.meaning, result.retryAfter);
      case 'unclear':
        return unknown(key, provider, result.detail, profile);
      case 'notSent':
        // A provider that has accepted no order since its last pause gets one try only.
        if (inTrouble || sends + 1 >= SENDS_BEFORE_NEXT_ROUTE) {
          return refusing(key, provider, `unreachable: ${result.detail}`, 'unreachable');
        }
        await releaseAttempt(sql, key, result.detail);
        throw benign(`the provider could not be reached: ${result.detail}`, `${Math.min(2 ** sends, 30)}s`);
    }
  }

  return {
    /**
     * Places a batch with a provider, at most once for each (order, batch, attempt). A repeat, after a crash or a reset, gets the
     * outcome of the first call, and `unknown` when the first call died while it may have been sending.
     * @throws ApplicationFailure `stale` when PostgreSQL has another batch of this number, or the order has ended.
     */
    async dispatch(send: SendInput): Promise<DispatchOutcome> {
      const key: AttemptKey = { orderId: send.orderId, batch: send.batch, attempt: send.attempt };
      const attempt = await beginAttempt(sql, send, temporalNow()).catch((error: unknown) => {
        throw orStale(error);
      });
      if (attempt === undefined) {
        const why = await whyNotBegun(sql, key, temporalNow());
        return why.kind === 'full' ? full(why.provider, key.orderId) : why;
      }
      if (attempt.state === 'sending') {
        const before = Context.current().info.heartbeatDetails as Beat | undefined;
        const taken = { ...key, sends: attempt.sends };
        // The sender of this take had the provider's answer but could not store it: the database was away.
        const { answer } = before ?? {};
        if (answer !== undefined && before?.sends === attempt.sends)
          return record(taken, attempt, answer).catch((error: unknown) =>
            unwritten(send, taken, attempt.provider, answer, error),
          );
        if (attempt.sendingSeconds < GIVEN_UP_AFTER_SECONDS) {
          throw benign('another sender may still get the answer to this attempt', '2s');
        }
        return unknown(taken, attempt.provider, 'the sender died while it may have been sending');
      }
      if (attempt.state !== 'intent') return recorded(attempt);
      if (attempt.countAt !== null) await countBeforeSending(deps, key.orderId, attempt.countAt, attempt.link);

      const place = { orderId: key.orderId };
      const notAfter = performance.now() + DEADLINES.sendStart;
      const panel = openPanel(deps, attempt.provider, attempt);
      const take = () => takeAttempt(sql, { ...key, sends: attempt.sends }, temporalNow());
      if (!(await committing(faults, { ...place, step: 'take' }, take))) {
        if (!(await isWanted(sql, key))) throw stale();
        // Another sender has just taken this attempt, or another send took the last room at the provider.
        return full(attempt.provider, key.orderId);
      }
      const taken = { ...key, sends: attempt.sends + 1 };
      waitingForRoom.delete(key.orderId);

      // Most sends end before the first heartbeat and cost the server none.
      const context = Context.current();
      let beat: Beat = { sends: taken.sends };
      const alive = setInterval(() => context.heartbeat(beat), HEARTBEAT_MS);
      try {
        await faults?.('beforeSend', { ...place, step: 'send' });
        const answer = await addOrder(panel, sendable(attempt), { notAfter, profile: readProfile(attempt.profile) });
        await faults?.('afterSend', { ...place, step: 'send' });
        beat = { sends: taken.sends, answer: withoutWords(answer) };
        const outcome = await keepTrying(
          () => committing(faults, { ...place, step: 'record' }, () => record(taken, attempt, answer)),
          // If this worker dies before the database is back, the next one still has the answer.
          () => context.heartbeat(beat),
          context.cancellationSignal,
        ).catch((error: unknown) => unwritten(send, taken, attempt.provider, answer, error));
        // The provider's watch follows the order, or searches for it.
        if (outcome.kind === 'accepted' || outcome.kind === 'unknown') await watches.ensure(outcome.provider);
        return outcome;
      } finally {
        clearInterval(alive);
      }
    },
  };
}

/** Now, but not before Temporal's clock: tests that skip time set it far ahead of this machine's. */
const temporalNow = (): Date =>
  new Date(Math.max(Date.now(), Context.current().info.currentAttemptScheduledTimestampMs));

/** An expected failure, which Temporal retries after `nextRetryDelay`. */
const benign = (message: string, nextRetryDelay: Duration): ApplicationFailure =>
  ApplicationFailure.create({ message, category: ApplicationFailureCategory.BENIGN, nextRetryDelay });

/** The request to a provider, with the fields that the type of service needs. */
function sendable({ providerService, link, quantity, type, fields }: Attempt): AddRequest {
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
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
