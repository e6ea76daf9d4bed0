import { createMiddleware } from 'hono/factory';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { withTimeout } from '../../db/client.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import { listBalances } from '../../db/provider/checks.ts';
import { ALERT_KINDS, countOpenAlerts } from '../../db/reconcile/alerts.ts';
import { countByAttention } from '../../db/review/reviews.ts';
import { ATTENTIONS } from '../../domain/order/status.ts';
import type { Deps } from '../deps.ts';
import type { ApiEnv } from '../http/context.ts';
import { routeOf } from '../http/route-of.ts';
import { NOT_KNOWN, QUERY_MS } from '../http/timeouts.ts';
import { LIMITED_BY, type LimitedBy } from '../limits/rate-limits.ts';
import { gaugeReconciliation } from './reconciliation.ts';
import { gaugeWebhooks } from './webhooks.ts';

/** Verifying the ledger reads all of it, so scrapes within this time get the last result. */
const DRIFT_TTL_MS = 15_000;
const DRIFT_MS = 9_000;

export type Metrics = ReturnType<typeof createMetrics>;

/** The metrics of one API process, and their text for Prometheus. */
export function createMetrics({ sql, log }: Deps) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labelNames = ['route', 'status'] as const;
  const requests = new Counter({
    name: 'holdfast_http_requests_total',
    help: 'Requests by route and status',
    labelNames,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'holdfast_http_request_seconds',
    help: 'Time to answer, by route',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
    registers: [registry],
  });

  let drift: { readonly at: number; readonly rows: Promise<number> } | undefined;
  const countDrift = async (): Promise<number> => {
    try {
      return (await withTimeout(DRIFT_MS, verifyLedger(sql))).length;
    } catch (error) {
      log.warn({ err: error }, 'failed to verify the ledger');
      return NOT_KNOWN;
    }
  };
  new Gauge({
    name: 'holdfast_ledger_drift',
    help: 'Errors in the ledger; 0 is right, NaN is unknown',
    registers: [registry],
    async collect() {
      if (drift === undefined || performance.now() - drift.at > DRIFT_TTL_MS) {
        drift = { at: performance.now(), rows: countDrift() };
      }
      this.set(await drift.rows);
    },
  });

  new Gauge({
    name: 'holdfast_open_alerts',
    help: 'Open alerts by kind; NaN is unknown',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      const open = await withTimeout(QUERY_MS, countOpenAlerts(sql)).catch((error: unknown) => {
        log.warn({ err: error }, 'failed to count the open alerts');
        return ALERT_KINDS.map((kind) => ({ kind, count: NOT_KNOWN }));
      });
      for (const { kind, count } of open) this.set({ kind }, count);
    },
  });

  new Gauge({
    name: 'holdfast_orders_with_attention',
    help: 'Orders that need attention, by attention; NaN is unknown',
    labelNames: ['attention'],
    registers: [registry],
    async collect() {
      const waiting = await withTimeout(QUERY_MS, countByAttention(sql)).catch((error: unknown) => {
        log.warn({ err: error }, 'failed to count the orders that need attention');
        return ATTENTIONS.map((attention) => ({ attention, count: NOT_KNOWN }));
      });
      for (const { attention, count } of waiting) if (attention !== 'none') this.set({ attention }, count);
    },
  });

  gaugeReconciliation(registry, { sql, log });
  new Gauge({
    name: 'holdfast_provider_balance',
    help: 'Our balance at each provider, in its own currency; NaN is unknown',
    labelNames: ['provider'],
    registers: [registry],
    async collect() {
      const balances = await withTimeout(QUERY_MS, listBalances(sql)).catch((error: unknown) => {
        log.warn({ err: error }, 'failed to read the balances at the providers');
        return [];
      });
      this.reset();
      for (const { provider, balance } of balances) {
        this.set({ provider: String(provider) }, balance === null ? NOT_KNOWN : Number(balance));
      }
    },
  });

  gaugeWebhooks(registry, { sql, log });

  const refused = new Counter({
    name: 'holdfast_rate_limited_total',
    help: 'Requests refused by a rate limit, of a key or of an address',
    labelNames: ['by'],
    registers: [registry],
  });
  for (const by of LIMITED_BY) refused.inc({ by }, 0);
  const limited = (by: LimitedBy): void => refused.inc({ by });

  const count = createMiddleware<ApiEnv>(async (c, next) => {
    const end = seconds.startTimer();
    await next();
    const route = routeOf(c) ?? 'none';
    end({ route });
    requests.inc({ route, status: String(c.res.status) });
  });

  return { count, limited, text: () => registry.metrics(), contentType: registry.contentType };
}
