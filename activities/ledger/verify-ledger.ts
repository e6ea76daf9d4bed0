import { Context } from '@temporalio/activity';
import { listDrift, proveLedger, readProof } from '../../db/ledger/proof.ts';
import { raiseAlert, resolveAlert } from '../../db/reconcile/alerts.ts';
import type { Deps } from '../runtime/deps.ts';

const HEARTBEAT_MS = 5_000;
/** After this long a run begins no further statement, so that the next run, a minute later, is not skipped. */
const LASTS_MS = 45_000;
/** Errors that the log shows; `npm run verify:ledger` lists all. */
const LOGGED = 20;

/** Proves the ledger as far as a run must. An error raises an alert, which stays open until a run finds all errors gone. */
export const createVerifyLedger =
  ({ sql, log }: Deps) =>
  async (): Promise<void> => {
    const context = Context.current();
    const begun = performance.now();
    const isOver = () => context.cancellationSignal.aborted || performance.now() - begun > LASTS_MS;
    const alive = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
    try {
      const report = await proveLedger(sql, { isOver });
      if (report.stopped !== null) log.info({ report }, 'the proof of the ledger goes on in the next run');
      const { drift } = await readProof(sql);
      const alert = { kind: 'ledger_drift', subject: 'ledger' } as const;
      if (drift === null) return;
      if (drift === 0) return await resolveAlert(sql, alert);
      const detail = `the proof of the ledger found ${drift} errors; npm run verify:ledger lists them`;
      if (await raiseAlert(sql, { ...alert, detail })) {
        log.error({ drift: await listDrift(sql, LOGGED) }, 'the proof of the ledger found errors');
      }
    } finally {
      clearInterval(alive);
    }
  };
