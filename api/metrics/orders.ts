import { Gauge, type Registry } from 'prom-client';
import { withTimeout } from '../../db/client.ts';
import { listBalances } from '../../db/provider/checks.ts';
import { ALERT_KINDS, countOpenAlerts } from '../../db/reconcile/alerts.ts';
import { countByAttention } from '../../db/review/reviews.ts';
import { ATTENTIONS } from '../../domain/order/status.ts';
import type { Deps } from '../deps.ts';
import { NOT_KNOWN, QUERY_MS } from '../http/timeouts.ts';

type Source = Pick<Deps, 'sql' | 'log'>;

export function gaugeAlerts(registry: Registry, { sql, log }: Source): void {
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
}

export function gaugeAttention(registry: Registry, { sql, log }: Source): void {
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
}

export function gaugeBalances(registry: Registry, { sql, log }: Source): void {
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
}
