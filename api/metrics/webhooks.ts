import { Gauge, type Registry } from 'prom-client';
import { withTimeout } from '../../db/client.ts';
import { type Backlog, readBacklog } from '../../db/reconcile/backlog.ts';
import type { Deps } from '../deps.ts';
import { NOT_KNOWN, QUERY_MS } from '../http/timeouts.ts';

/** What waits to be told to webhooks; NaN when the database does not say. */
export function gaugeWebhooks(registry: Registry, { sql, log }: Pick<Deps, 'sql' | 'log'>): void {
  let asked: Promise<Backlog> | undefined;
  /** Both gauges are asked by the same scrape. */
  const backlog = (): Promise<Backlog> => {
    asked ??= withTimeout(QUERY_MS, readBacklog(sql))
      .catch((error: unknown) => {
        log.warn({ err: error }, 'the backlog of webhooks could not be counted');
        return { pending: NOT_KNOWN, retrying: NOT_KNOWN, oldestSeconds: NOT_KNOWN };
      })
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
  new Gauge({
    name: 'holdfast_webhook_oldest_pending_seconds',
    help: 'How long the oldest event waits that no attempt has been made to tell; NaN is not known',
    registers: [registry],
    async collect() {
      this.set((await backlog()).oldestSeconds);
    },
  });
  new Gauge({
    name: 'holdfast_webhook_deliveries',
    help: 'Deliveries to webhooks that are not over: pending, waiting for their first attempt; retrying, after it. NaN is not known',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const { pending, retrying } = await backlog();
      this.set({ state: 'pending' }, pending);
      this.set({ state: 'retrying' }, retrying);
    },
  });
}
