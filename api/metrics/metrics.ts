import { createMiddleware } from 'hono/factory';
import { Counter, Histogram } from 'prom-client';
import { type ProcessFigures, processRegistry } from '../../net/process-metrics.ts';
import type { Deps } from '../deps.ts';
import type { ApiEnv } from '../http/context.ts';
import { routeOf } from '../http/route-of.ts';
import { LIMITED_BY, type LimitedBy } from '../limits/rate-limits.ts';
import { gaugeLedger } from './ledger.ts';
import { gaugeAlerts, gaugeAttention, gaugeOrders } from './orders.ts';
import { gaugeProviders } from './providers.ts';
import { gaugeReconciliation } from './reconciliation.ts';
import { gaugeWebhooks } from './webhooks.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** The metrics of one API process, and their text for Prometheus. */
export function createMetrics(
  { metricsSql: sql, log, poolUse }: Pick<Deps, 'metricsSql' | 'log' | 'poolUse'>,
  certificates: NonNullable<ProcessFigures['certificates']> = () => [],
) {
  const registry = processRegistry({ process: 'api', pools: poolUse, certificates });
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

  gaugeLedger(registry, { sql, log });
  gaugeOrders(registry, { sql, log });
  gaugeAlerts(registry, { sql, log });
  gaugeAttention(registry, { sql, log });
  gaugeReconciliation(registry, { sql, log });
  gaugeProviders(registry, { sql, log });
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
