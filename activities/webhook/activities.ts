import { Context, heartbeat, type Info } from '@temporalio/activity';
import { receiversOf } from '../../db/webhook/deliveries.ts';
import { listenForDeliveries } from '../../db/webhook/outbox.ts';
import { LIMITS } from '../../domain/limits.ts';
import { BUSY_SECONDS, busySeconds, type DeliveryRound } from '../../domain/webhook/webhooks.ts';
import { type AttemptInput, type AttemptResult, deliveryWorkflowId } from '../../workflows/contract.ts';
import { WaitingForRoom } from '../dispatch/waiting-for-room.ts';
import type { Deps } from '../runtime/deps.ts';
import { expected } from '../runtime/expected.ts';
import { inGroups } from '../runtime/groups.ts';
import { createNotifications } from '../runtime/notifications.ts';
import { createOutbox } from './outbox.ts';
import { createWriteDown, recordOf } from './record.ts';
import { runOutbox } from './run-outbox.ts';
import { createSend } from './send.ts';
import { createTraffic } from './traffic.ts';

/** How long one activity sends before it is renewed. */
const SHIFT_MS = 10 * 60_000;
const HEARTBEAT_MS = 2_000;

/** A delivery that has not asked for room for this long waits in another process, or no longer waits. */
const FORGOTTEN_MS = BUSY_SECONDS.longest * 1_200;

/** The result when no attempt is made, because the delivery is over. */
const NOT_MADE: AttemptResult = { state: 'stopped', nextAt: null };

/** The activities on the webhooks' task queue. */
export function createWebhookActivities(deps: Deps) {
  const { sql, log } = deps;
  const traffic = createTraffic();
  const waiting = new WaitingForRoom(FORGOTTEN_MS);
  const openReceiver = inGroups((rounds: readonly DeliveryRound[]) => receiversOf(sql, rounds));
  const send = createSend(deps);
  const writeDown = createWriteDown(deps);
  const outbox = createOutbox(deps, send, traffic);
  const notifications = createNotifications<'delivery'>(
    (onOne, onAny) => listenForDeliveries(sql, () => onOne('delivery'), onAny),
    log,
  );

  return {
    /** Makes the first attempts for about ten minutes. */
    async sendEvents(): Promise<void> {
      const { cancellationSignal } = Context.current();
      const alive = setInterval(() => heartbeat(), HEARTBEAT_MS);
      try {
        await runOutbox(deps, { outbox, traffic, notifications, lastsMs: SHIFT_MS, stop: cancellationSignal });
        await outbox.settled();
      } finally {
        clearInterval(alive);
      }
      cancellationSignal.throwIfAborted();
    },

    /**
     * Makes one more attempt of a delivery whose first attempt failed.
     * @throws ApplicationFailure when the receiver has no room: Temporal retries the activity, which holds no slot meanwhile
     */
    async attemptDelivery({ begunAt, now, ...round }: AttemptInput): Promise<AttemptResult> {
      const { info } = Context.current();
      const asker = deliveryWorkflowId(round);
      // A round that is over waits for no room.
      const receiver = await openReceiver(round);
      if (receiver !== undefined && traffic.of(receiver) >= LIMITS.webhookRequestsEach) {
        const seconds = busySeconds(round, info.attempt, waiting.add(receiver, asker));
        throw expected('the receiver has as many requests in flight as it may', `${seconds}s`);
      }
      waiting.delete(asker);
      if (receiver === undefined) return NOT_MADE;
      const result = await traffic.during(receiver, () => send(round));
      if (result === undefined) return NOT_MADE;
      const record = recordOf(result, round, begunAt, now + waitedMs(info));
      await writeDown(round, record);
      return { state: record.state === 'gone' ? 'failed' : record.state, nextAt: record.nextAt };
    },
  };
}

/** How long an activity has waited for room before this attempt, in milliseconds of Temporal's clock. */
const waitedMs = ({ scheduledTimestampMs, currentAttemptScheduledTimestampMs }: Info): number =>
  Math.max(currentAttemptScheduledTimestampMs - scheduledTimestampMs, 0);
