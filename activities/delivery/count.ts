import { Context } from '@temporalio/activity';
import { withTimeout } from '../../db/client.ts';
import { readTarget, recordCountedStart } from '../../db/delivery/targets.ts';
import type { TargetCount } from '../../domain/delivery/verification.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import { readCount } from '../provider/counter.ts';
import { guardOf } from '../provider/open-panel.ts';
import type { Deps } from '../runtime/deps.ts';
import { Places } from '../runtime/places.ts';

type Counting = Pick<Deps, 'sql' | 'log' | 'allowLoopback' | 'counterUrl' | 'resolve'>;

/** The activities of this process that ask a counter, by its origin. */
const counting = new Places(LIMITS.asksOfCounter);

/** Where a counter may be: a service's own counter only at public addresses, the installation's counter anywhere. */
const guardFor = (deps: Counting, counterUrl: string) =>
  guardOf(counterUrl === deps.counterUrl ? { ...deps, allowLoopback: true } : deps, false);

/**
 * Counts an order's target. What the target has lost since the delivery is start + delivered − count.
 * @throws ApplicationFailure when the counter has no room for this attempt of an activity.
 */
export async function countOrder(deps: Counting, orderId: number, attempt: number): Promise<TargetCount> {
  const { sql, log } = deps;
  const { counterUrl, link, start } = await readTarget(sql, orderId);
  if (counterUrl === null) return { kind: 'none' };
  const read = () => readCount(counterUrl, link, guardFor(deps, counterUrl));
  const answer = await counting.hold(new URL(counterUrl).origin, orderId, attempt, read);
  if (answer.kind === 'unanswered') log.warn({ order: orderId, why: answer.detail }, 'failed to count a target');
  return answer.kind === 'unanswered' || start === null
    ? { kind: 'unanswered' }
    : { kind: 'counted', count: answer.count, start };
}

/**
 * Counts a target before its order is sent. A slow or broken counter delays the send by DEADLINES.count at most.
 * @throws ApplicationFailure when the counter has no room for this attempt of an activity.
 */
export async function countBeforeSending(
  deps: Counting,
  orderId: number,
  counterUrl: string,
  link: string,
  attempt: number,
): Promise<void> {
  const { sql, log } = deps;
  const count = async () => {
    const answer = await readCount(counterUrl, link, guardFor(deps, counterUrl));
    if (answer.kind === 'unanswered') throw new Error(answer.detail);
    await recordCountedStart(sql, orderId, answer.count);
  };
  await counting.hold(new URL(counterUrl).origin, orderId, attempt, () =>
    withTimeout(DEADLINES.count, count()).catch((error: unknown) =>
      log.warn({ order: orderId, err: error }, 'a target was not counted before its order was sent'),
    ),
  );
}

export function createCountActivities(deps: Deps) {
  return {
    countTarget: (orderId: number): Promise<TargetCount> => countOrder(deps, orderId, Context.current().info.attempt),
  };
}
