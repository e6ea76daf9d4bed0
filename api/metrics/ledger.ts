import { Gauge, type Registry } from 'prom-client';
import { withTimeout } from '../../db/client.ts';
import { verifyLedger } from '../../db/ledger/ledger.ts';
import type { Deps } from '../deps.ts';
import { NOT_KNOWN } from '../http/timeouts.ts';

/** Verifying the ledger reads all of it, so scrapes within this time get the last result. */
const DRIFT_TTL_MS = 15_000;
const DRIFT_MS = 9_000;

export function gaugeLedger(registry: Registry, { sql, log }: Pick<Deps, 'sql' | 'log'>): void {
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
}
