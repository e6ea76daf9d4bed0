import { Gauge, type Registry } from 'prom-client';
import { countOpenOrders, OPEN_STATUSES, oldestUncertainSeconds } from '../../db/order/open-orders.ts';
import { ALERT_KINDS, countOpenAlerts } from '../../db/reconcile/alerts.ts';
import { countByAttention } from '../../db/review/reviews.ts';
import { ATTENTIONS } from '../../domain/order/status.ts';
import type { Deps } from '../deps.ts';
import { NOT_KNOWN } from '../http/timeouts.ts';
import { answerOf } from './shared-read.ts';

type Source = Pick<Deps, 'sql' | 'log'>;

/** Orders that have not ended. How many have ended grows with the past, so no scrape counts them. */
export function gaugeOrders(registry: Registry, { sql, log }: Source): void {
  new Gauge({
    name: 'holdfast_orders',
    help: 'Orders that have not ended, by status; NaN is unknown',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      const open = await answerOf(log, 'failed to count the open orders', countOpenOrders(sql));
      const none = OPEN_STATUSES.map((status) => ({ status, count: NOT_KNOWN }));
      for (const { status, count } of open ?? none) this.set({ status }, count);
    },
  });
  new Gauge({
    name: 'holdfast_oldest_uncertain_seconds',
    help: 'For how long the oldest send of unknown outcome has waited for a decision; 0 is none, NaN is unknown',
    registers: [registry],
    async collect() {
      const seconds = await answerOf(log, 'failed to read the oldest unknown send', oldestUncertainSeconds(sql));
      this.set(seconds ?? NOT_KNOWN);
    },
  });
}

export function gaugeAlerts(registry: Registry, { sql, log }: Source): void {
  new Gauge({
    name: 'holdfast_open_alerts',
    help: 'Open alerts by kind; NaN is unknown',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      const open = await answerOf(log, 'failed to count the open alerts', countOpenAlerts(sql));
      for (const { kind, count } of open ?? ALERT_KINDS.map((kind) => ({ kind, count: NOT_KNOWN })))
        this.set({ kind }, count);
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
      const failure = 'failed to count the orders that need attention';
      const waiting = await answerOf(log, failure, countByAttention(sql));
      const none = ATTENTIONS.map((attention) => ({ attention, count: NOT_KNOWN }));
      for (const { attention, count } of waiting ?? none) if (attention !== 'none') this.set({ attention }, count);
    },
  });
}
