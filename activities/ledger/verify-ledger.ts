import { verifyLedger } from '../../db/ledger/ledger.ts';
import { raiseAlert, resolveAlert } from '../../db/reconcile/alerts.ts';
import type { Deps } from '../runtime/deps.ts';

/** Checks the ledger. Drift raises an alert, which stays open until a check finds none. */
export const createVerifyLedger =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    const drift = await verifyLedger(sql);
    const alert = { kind: 'ledger_drift', subject: 'ledger' } as const;
    if (drift.length === 0) return resolveAlert(sql, alert);
    const detail = `the ledger check found ${drift.length} errors; npm run verify:ledger lists them`;
    if (await raiseAlert(sql, { ...alert, detail })) log.error({ drift }, 'the ledger check found errors');
  };
