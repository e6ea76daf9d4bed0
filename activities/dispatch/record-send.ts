import { isUniqueViolation } from '../../db/client.ts';
import {
  type Attempt,
  type AttemptKey,
  attemptAccepted,
  attemptRefused,
  attemptUnknown,
  beginAttempt,
  GIVEN_UP,
  releaseAttempt,
  type SendInput,
} from '../../db/dispatch/attempts.ts';
import { isPermanent, nameOfError } from '../../db/errors.ts';
import { type DispatchOutcome, type ErrorMeaning, waitBeforeRetry } from '../../domain/dispatch/outcome.ts';
import { readProfile } from '../../domain/provider/profile.ts';
import type { AddResult } from '../provider/panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { expected } from '../runtime/expected.ts';

/** Sends of one attempt that provably did not leave, before the order takes its next route. */
const SENDS_BEFORE_NEXT_ROUTE = 6;

type Recording = Pick<Deps, 'sql' | 'log'>;

/** One take of an attempt. `at` is the workflow's time. */
export interface Take {
  readonly key: AttemptKey & { readonly sends: number };
  readonly attempt: Attempt;
  readonly at: () => Date;
}

/** Stores the outcome of a send. */
export async function recordSend(deps: Recording, take: Take, result: AddResult): Promise<DispatchOutcome> {
  const { key, attempt } = take;
  switch (result.kind) {
    case 'accepted':
      return recordAccepted(deps, take, result.providerOrder);
    case 'error':
      if (result.meaning === 'wait' && attempt.saidNotPlaced && readProfile(attempt.profile).duplicateGuard) {
        // This provider refuses a second order only while one of ours runs. That may be the send that was declared not placed.
        const why = 'the provider says that an order for the link is running, perhaps the earlier send';
        return recordUnknown(deps, take, why, attempt.profile);
      }
      return recordRefused(deps, take, result.error, result.meaning, result.retryAfter);
    case 'unclear':
      return recordUnknown(deps, take, result.detail, attempt.profile);
    case 'notSent':
      // A provider that has accepted no order since its last pause gets one try only.
      if (attempt.inTrouble || key.sends >= SENDS_BEFORE_NEXT_ROUTE) {
        return recordRefused(deps, take, `unreachable: ${result.detail}`, 'unreachable');
      }
      await releaseAttempt(deps.sql, key, result.detail);
      throw expected(`the provider could not be reached: ${result.detail}`, `${Math.min(2 ** (key.sends - 1), 30)}s`);
  }
}

async function recordAccepted(deps: Recording, take: Take, providerOrder: string): Promise<DispatchOutcome> {
  const { key, attempt } = take;
  const { provider } = attempt;
  const at = take.at();
  try {
    if (await attemptAccepted(deps.sql, key, providerOrder, at)) {
      return { kind: 'accepted', provider, providerOrder, at: at.getTime() };
    }
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const why = `order ${providerOrder} of the provider belongs to another batch`;
    return recordUnknown(deps, take, why, attempt.profile);
  }
  deps.log.error({ order: key.orderId, provider }, 'a provider accepted after the attempt had been given up');
  return { kind: 'unknown', provider };
}

/** Stores a provider's definite error. When the error means trouble, the provider is paused and staff get an alert. */
async function recordRefused(
  { sql, log }: Recording,
  { key, attempt, at }: Take,
  error: string,
  meaning: ErrorMeaning,
  retryAfter?: number,
): Promise<DispatchOutcome> {
  const { provider } = attempt;
  const stored = await attemptRefused(sql, key, error, meaning, at(), retryAfter);
  if (stored.alerted) log.warn({ provider, trouble: meaning }, 'a provider is in trouble and paused');
  return refused(provider, stored.meaning, key.attempt);
}

/**
 * Stores that an attempt's outcome is unknown. Pass `profile` when the provider gave no clear answer: a few of those in a row
 * pause the provider. Omit it for a dead worker, which is not the provider's fault.
 */
export async function recordUnknown(
  { sql, log }: Recording,
  { key, attempt, at }: Take,
  detail: string,
  profile?: unknown,
): Promise<DispatchOutcome> {
  const { provider } = attempt;
  const breakAfter = profile === undefined ? null : readProfile(profile).breakAfter;
  const alerted = await attemptUnknown(sql, key, detail, breakAfter, at());
  if (alerted) log.warn({ provider }, 'a provider gives no clear answers and is paused');
  log.warn({ order: key.orderId, batch: key.batch, attempt: key.attempt, provider }, 'dispatch uncertain');
  return { kind: 'unknown', provider };
}

/** Handles an answer that the database refuses for good: the attempt is unknown, and a person sees what is known of the answer. */
export async function recordUnwritable(
  deps: Recording,
  send: SendInput,
  take: Take,
  answer: AddResult,
  error: unknown,
): Promise<DispatchOutcome> {
  if (!isPermanent(error)) throw error;
  const { orderId: order, batch } = send;
  const { provider } = take.attempt;
  const providerOrder = answer.kind === 'accepted' ? answer.providerOrder : null;
  deps.log.error({ order, batch, provider, providerOrder, err: error }, "failed to store a provider's answer");
  const said = providerOrder === null ? 'its answer' : `order ${providerOrder} of the provider`;
  const outcome = await recordUnknown(deps, take, `${said} could not be stored: ${nameOfError(error)}`);
  // The write may have been committed although PostgreSQL's reply was lost: then the stored outcome counts.
  const kept = await beginAttempt(deps.sql, send, take.at());
  return kept === undefined || kept.state === 'sending' ? outcome : storedOutcome(kept);
}

/** The outcome of an attempt that is decided already. */
export function storedOutcome({ state, provider, providerOrder, decidedAt, detail, sends }: Attempt): DispatchOutcome {
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
