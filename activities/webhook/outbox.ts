import { type OwnedDelivery, takeDeliveries } from '../../db/webhook/deliveries.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../runtime/deps.ts';
import { createWriteDown, recordOf } from './record.ts';
import type { Send } from './send.ts';
import { startDelivery } from './start-delivery.ts';
import type { Traffic } from './traffic.ts';

/** Makes the first attempt of each delivery. Any number of outboxes may run at the same time. */
export interface Outbox {
  /** Takes due deliveries and begins to send them, within the limits of the traffic. Returns how many. */
  take(): Promise<number>;
  /** Resolves when all attempts that have begun are over. */
  settled(): Promise<void>;
}

export function createOutbox(deps: Deps, send: Send, traffic: Traffic): Outbox {
  const { sql, temporal, log } = deps;
  const writeDown = createWriteDown(deps);
  const underWay = new Set<Promise<void>>();

  async function deliver(key: OwnedDelivery): Promise<void> {
    try {
      const result = await send(key);
      if (result === undefined) return;
      const now = Date.now();
      const record = recordOf(result, key, now, now);
      const retryAfter = result.kind === 'answered' ? result.retryAfter : 0;
      // A workflow makes the other attempts: it must exist before the delivery leaves the outbox.
      if (record.state === 'retrying') await startDelivery(temporal, { ...key, retryAfter }, 'REJECT_DUPLICATE');
      await writeDown(key, record);
    } catch (error) {
      // The delivery stays in the outbox and is taken again when its lease ends.
      log.error({ event: key.event, endpoint: key.endpoint, err: error }, 'failed to make a delivery');
    }
  }

  return {
    async take() {
      const most = LIMITS.webhookRequests - traffic.total();
      if (most <= 0) return 0;
      const taken = await takeDeliveries(sql, { most, each: LIMITS.webhookRequestsEach, busy: traffic.busy() });
      for (const { receiver, ...round } of taken) {
        const one = traffic.during(receiver, () => deliver(round)).finally(() => underWay.delete(one));
        underWay.add(one);
      }
      return taken.length;
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
