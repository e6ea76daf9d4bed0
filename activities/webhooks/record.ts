import type { AttemptRecord } from '../../db/deliveries.ts';
import { type DeliveryKey, nextAttemptAt } from '../../domain/webhooks.ts';
import type { PostResult } from './post.ts';

const GONE = 410;

/** What an attempt amounts to. Only 2xx is success; a redirect is a failure like any other. */
export function recordOf(
  result: PostResult,
  { event, endpoint }: DeliveryKey,
  begunAt: number,
  now: number,
): AttemptRecord {
  const status = result.kind === 'answered' ? result.status : null;
  const error = result.kind === 'failed' ? result.error : null;
  if (status !== null && status >= 200 && status < 300) return { state: 'delivered', status, error, nextAt: null };
  if (status === GONE) return { state: 'gone', status, error, nextAt: null };
  const retryAfter = result.kind === 'answered' ? result.retryAfter : 0;
  const nextAt = nextAttemptAt({ event, endpoint, begunAt, now, retryAfter });
  return { state: nextAt === null ? 'failed' : 'retrying', status, error, nextAt };
}
