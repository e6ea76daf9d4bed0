import { verifyLedger } from '../../db/ledger/ledger.ts';
import { raiseAlert, resolveAlert } from '../../db/reconcile/alerts.ts';
import type { Deps } from '../runtime/deps.ts';

/** Proves the books; drift is an alert until the books are right again. */
export const createVerifyLedger =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    const drift = await verifyLedger(sql);
    const alert = { kind: 'ledger_drift', subject: 'ledger' } as const;
    if (drift.length === 0) return resolveAlert(sql, alert);
    const detail = `${drift.length} things are not as they must be; npm run verify:ledger lists them`;
    if (await raiseAlert(sql, { ...alert, detail })) log.error({ drift }, 'the books do not add up');
  };
