import { Gauge, type Registry } from 'prom-client';
import { readBacklog } from '../../db/reconcile/backlog.ts';
import type { Deps } from '../deps.ts';
import { NOT_KNOWN } from '../http/timeouts.ts';
import { answerOf, sharedRead } from './shared-read.ts';

/** Events that wait for delivery to webhooks; NaN when PostgreSQL does not answer. */
export function gaugeWebhooks(registry: Registry, { sql, log }: Pick<Deps, 'sql' | 'log'>): void {
  const nothing = { pending: NOT_KNOWN, retrying: NOT_KNOWN, oldestSeconds: NOT_KNOWN };
  const backlog = sharedRead(
    async () => (await answerOf(log, 'failed to count the backlog of webhooks', readBacklog(sql))) ?? nothing,
  );
  new Gauge({
    name: 'holdfast_webhook_oldest_pending_seconds',
    help: 'Age of the oldest event without a delivery attempt; NaN is unknown',
    registers: [registry],
    async collect() {
      this.set((await backlog()).oldestSeconds);
    },
  });
  new Gauge({
    name: 'holdfast_webhook_deliveries',
    help: 'Unfinished deliveries to webhooks: pending before the first attempt, retrying after it; NaN is unknown',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const { pending, retrying } = await backlog();
      this.set({ state: 'pending' }, pending);
      this.set({ state: 'retrying' }, retrying);
    },
  });
}
