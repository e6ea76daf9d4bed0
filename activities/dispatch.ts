import { ApplicationFailure, Context } from '@temporalio/activity';
import { ApplicationFailureCategory, type Duration } from '@temporalio/common';
import {
  type Attempt,
  type AttemptKey,
  attemptAccepted,
  attemptRefused,
  attemptUnknown,
  beginAttempt,
  releaseAttempt,
  type SendInput,
  takeAttempt,
} from '../db/attempts.ts';
import { isUniqueViolation } from '../db/client.ts';
import { open } from '../db/secrets.ts';
import { type DispatchOutcome, type ErrorMeaning, waitBeforeRetry } from '../domain/dispatch.ts';
import { DEADLINES } from '../domain/limits.ts';
import { isServiceType, SERVICE_TYPES } from '../domain/service-types.ts';
import type { Deps } from './deps.ts';
import { type AddResult, addOrder } from './provider/panel.ts';
import type { Watches } from './watches.ts';

/** Tries of one attempt that provably did not leave, before the next route is taken. */
const SENDS_BEFORE_NEXT_ROUTE = 6;

/** A send that began so long ago has had its answer, or never will. */
const GIVEN_UP_AFTER_SECONDS = DEADLINES.send / 1_000 + 5;

/** How often an alive sender says so; a dead one is noticed by the activity's heartbeat timeout. */
const HEARTBEAT_MS = 2_000;

export function createDispatchActivities(deps: Deps, watches: Watches) {
  const { sql, log } = deps;

  /** What is known of an attempt that had been decided before. */
  function recorded(attempt: Attempt): DispatchOutcome {
    const { provider, providerOrder, decidedAt, error, detail } = attempt;
    if (attempt.state === 'accepted' && providerOrder !== null) {
      return { kind: 'accepted', provider, providerOrder, at: decidedAt?.getTime() ?? 0 };
    }
    if (attempt.state === 'refused')
      return refused(provider, error ?? '', detail as ErrorMeaning | null, attempt.sends);
    return { kind: 'unknown', provider, detail: detail ?? 'not known' };
  }

  function refused(provider: number, error: string, meaning: ErrorMeaning | null, tries: number): DispatchOutcome {
    return meaning === 'refused' || meaning === null
      ? { kind: 'refused', provider, error }
      : { kind: 'wait', provider, error, seconds: waitBeforeRetry(tries) };
  }

  async function unknown(key: AttemptKey, provider: number, detail: string): Promise<DispatchOutcome> {
    await attemptUnknown(sql, key, detail);
    log.warn({ order: key.orderId, batch: key.batch, attempt: key.attempt, provider, detail }, 'dispatch uncertain');
    return { kind: 'unknown', provider, detail };
  }

  async function record(key: AttemptKey, attempt: Attempt, result: AddResult): Promise<DispatchOutcome> {
    const { provider } = attempt;
    switch (result.kind) {
      case 'accepted': {
        const at = temporalNow();
        try {
          if (!(await attemptAccepted(sql, key, result.providerOrder, at))) {
            return { kind: 'unknown', provider, detail: 'answered after it had been given up' };
          }
        } catch (error) {
          if (!isUniqueViolation(error)) throw error;
          return unknown(key, provider, `order ${result.providerOrder} of the provider is another batch's`);
        }
        return { kind: 'accepted', provider, providerOrder: result.providerOrder, at: at.getTime() };
      }
      case 'error':
        await attemptRefused(sql, key, result.error, result.meaning);
        return refused(provider, result.error, result.meaning, key.attempt);
      case 'unclear':
        return unknown(key, provider, result.detail);
      case 'notSent':
        if (attempt.sends + 1 >= SENDS_BEFORE_NEXT_ROUTE) {
          await attemptRefused(sql, key, `unreachable: ${result.detail}`, 'providerTrouble');
          return { kind: 'wait', provider, error: 'unreachable', seconds: waitBeforeRetry(key.attempt) };
        }
        await releaseAttempt(sql, key, result.detail);
        throw benign(`the provider could not be reached: ${result.detail}`, `${Math.min(2 ** attempt.sends, 30)}s`);
    }
  }

  return {
    /**
     * Places a batch with a provider, at most once for each (order, batch, attempt): whoever calls it again, after a crash
     * or a reset, gets the outcome of the first call, and `unknown` when the first one died while it may have been sending.
     */
    async dispatch(send: SendInput): Promise<DispatchOutcome> {
      const key: AttemptKey = { orderId: send.orderId, batch: send.batch, attempt: send.attempt };
      const attempt = await beginAttempt(sql, send);
      if (attempt === undefined) return { kind: 'exhausted' };
      if (attempt.state === 'sending') {
        const before = Context.current().info.heartbeatDetails as AddResult | undefined;
        // The sender had its answer, but the database was gone.
        if (before?.kind !== undefined) return record(key, attempt, before);
        if (attempt.sendingSeconds < GIVEN_UP_AFTER_SECONDS) {
          throw benign('another sender may still hear of this attempt', '2s');
        }
        return unknown(key, attempt.provider, 'the sender died while it may have been sending');
      }
      if (attempt.state !== 'intent') return recorded(attempt);

      const notAfter = performance.now() + DEADLINES.sendStart;
      const panel = { url: attempt.url, key: open(deps.masterKey, `provider:${attempt.provider}`, attempt.keyCipher) };
      if (!(await takeAttempt(sql, key))) throw new Error('another sender has just taken this attempt');

      const context = Context.current();
      let answer: AddResult | undefined;
      const alive = setInterval(() => context.heartbeat(answer), HEARTBEAT_MS);
      try {
        answer = await addOrder(panel, sendable(attempt), notAfter);
        context.heartbeat(answer);
        const outcome = await keepTrying(() => record(key, attempt, answer as AddResult), context.cancellationSignal);
        if (outcome.kind === 'accepted') await watches.ensure(outcome.provider);
        return outcome;
      } finally {
        clearInterval(alive);
      }
    },
  };
}

/** Now, but not before Temporal's clock: in tests that skip time it is far ahead of this machine's. */
const temporalNow = (): Date =>
  new Date(Math.max(Date.now(), Context.current().info.currentAttemptScheduledTimestampMs));

/** A failure that is expected and simply tried again after a while. */
const benign = (message: string, nextRetryDelay: Duration): ApplicationFailure =>
  ApplicationFailure.create({ message, category: ApplicationFailureCategory.BENIGN, nextRetryDelay });

/** The request for a provider: packages are ordered without a quantity. */
function sendable({ providerService, link, quantity, type, fields }: Attempt) {
  const counted = isServiceType(type) ? SERVICE_TYPES[type].quantity : 'given';
  return { service: providerService, link, fields, ...(counted === 'one' ? {} : { quantity }) };
}

/** What is known now must be written, or it turns into `unknown`: a database that is away for a moment is waited for. */
async function keepTrying<T>(write: () => Promise<T>, stop: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (error instanceof ApplicationFailure || stop.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
