import { type AttemptRecord, recordDelivery, recordSuccesses, type Success } from '../../db/webhook/deliveries.ts';
import { type DeliveryKey, type DeliveryRound, nextAttemptAt } from '../../domain/webhook/webhooks.ts';
import type { Deps } from '../runtime/deps.ts';
import { inGroups } from '../runtime/groups.ts';
import type { SendResult } from './attempt.ts';

const GONE = 410;

/**
 * The result of an attempt. Only 2xx is success; a redirect is a failure like any other. A mail that its server refuses
 * for good is not tried again.
 */
export function recordOf(
  result: SendResult,
  { event, endpoint }: DeliveryKey,
  begunAt: number,
  now: number,
): AttemptRecord {
  const status = result.kind === 'failed' ? null : result.status;
  const error = result.kind === 'failed' ? result.error : null;
  const over = (state: 'delivered' | 'gone' | 'failed'): AttemptRecord => ({ state, status, error, nextAt: null });
  const again = (retryAfter: number): AttemptRecord => {
    const nextAt = nextAttemptAt({ event, endpoint, begunAt, now, retryAfter });
    return nextAt === null ? over('failed') : { state: 'retrying', status, error, nextAt };
  };
  switch (result.kind) {
    case 'answered':
      if (result.status >= 200 && result.status < 300) return over('delivered');
      return result.status === GONE ? over('gone') : again(result.retryAfter);
    case 'taken':
      return over('delivered');
    case 'refused':
      return result.permanent ? over('failed') : again(0);
    case 'failed':
      return again(0);
  }
}

/** Stores the result of an attempt; successes that come at the same time in one statement. */
export function createWriteDown({ sql, log }: Pick<Deps, 'sql' | 'log'>) {
  const writeSuccess = inGroups((group: readonly Success[]) => recordSuccesses(sql, group));

  return async (round: DeliveryRound, record: AttemptRecord): Promise<void> => {
    if (record.state === 'delivered' && (await writeSuccess({ ...round, status: record.status }))) return;
    const disabled = await recordDelivery(sql, round, record);
    if (disabled) log.warn({ webhook: round.endpoint }, 'a webhook that failed for days was disabled');
  };
}
