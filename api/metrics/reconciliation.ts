import { Gauge, type Registry } from 'prom-client';
import { FINDING_KINDS, readLastRun } from '../../db/reconcile/reconciliation.ts';
import type { Deps } from '../deps.ts';
import { NOT_KNOWN } from '../http/timeouts.ts';
import { answerOf, sharedRead } from './shared-read.ts';

/** The result of the reconciler's last run; NaN before the first run, or when PostgreSQL does not answer. */
export function gaugeReconciliation(registry: Registry, { sql, log }: Pick<Deps, 'sql' | 'log'>): void {
  const lastRun = sharedRead(() => answerOf(log, 'failed to read the last reconciliation', readLastRun(sql)));
  new Gauge({
    name: 'holdfast_reconcile_age_seconds',
    help: 'Seconds since the last run of the reconciler began; it runs every minute, NaN is unknown',
    registers: [registry],
    async collect() {
      this.set((await lastRun())?.ageSeconds ?? NOT_KNOWN);
    },
  });
  new Gauge({
    name: 'holdfast_reconcile_findings',
    help: 'Findings of the last run of the reconciler, by kind; NaN is unknown',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      const found = new Map((await lastRun())?.report.findings.map((one) => [one.kind, one.found]));
      for (const kind of FINDING_KINDS) this.set({ kind }, found.get(kind) ?? NOT_KNOWN);
    },
  });
  new Gauge({
    name: 'holdfast_reconcile_failed_parts',
    help: 'Parts of the last run of the reconciler that failed; NaN is unknown',
    registers: [registry],
    async collect() {
      this.set((await lastRun())?.report.failed.length ?? NOT_KNOWN);
    },
  });
}
