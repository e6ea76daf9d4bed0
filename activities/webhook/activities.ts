import { Context, heartbeat } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { receiverOf } from '../../db/webhook/deliveries.ts';
import { listenForDeliveries } from '../../db/webhook/outbox.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { AttemptInput, AttemptResult } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { createNotifications } from '../runtime/notifications.ts';
import { createOutbox } from './outbox.ts';
import { createWriteDown, recordOf } from './record.ts';
import { runOutbox } from './run-outbox.ts';
import { createSend } from './send.ts';
import { createTraffic } from './traffic.ts';

/** How long one activity sends before it is renewed. */
const SHIFT_MS = 10 * 60_000;
const HEARTBEAT_MS = 2_000;

/** The activities on the webhooks' task queue. */
export function createWebhookActivities(deps: Deps) {
  const { sql, log } = deps;
  const traffic = createTraffic();
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

    /** Makes one more attempt of a delivery whose first attempt failed. */
    async attemptDelivery({ begunAt, now, ...round }: AttemptInput): Promise<AttemptResult> {
      const receiver = await receiverOf(sql, round.endpoint);
      if (receiver === undefined) return { state: 'stopped', nextAt: null };
      if (traffic.of(receiver) >= LIMITS.webhookRequestsEach) {
        // Temporal retries later, so that a slow receiver does not take the slots of others.
        throw ApplicationFailure.create({
          type: 'busy',
          message: 'the receiver has as many requests in flight as it may',
          nextRetryDelay: '3 seconds',
          category: ApplicationFailureCategory.BENIGN,
        });
      }
      const result = await traffic.during(receiver, () => send(round));
      if (result === undefined) return { state: 'stopped', nextAt: null };
      const record = recordOf(result, round, begunAt, now);
      await writeDown(round, record);
      return { state: record.state === 'gone' ? 'failed' : record.state, nextAt: record.nextAt };
    },
  };
}
