import { Context } from '@temporalio/activity';
import { keepRun, readCursors } from '../../db/reconcile/reconciliation.ts';
import type { Deps } from '../runtime/deps.ts';
import { createLists } from './lists.ts';
import {
  findEndedByForce,
  findUndecidedClaims,
  resolveFoundOrders,
  scanOpenOrders,
  scanRefillWindows,
} from './lost-orders.ts';
import { createOrphans } from './orphans.ts';
import { moveOutdated } from './outdated.ts';
import { Run } from './run.ts';
import { createStuck } from './stuck.ts';
import { createUndelivered } from './undelivered.ts';
import { createUnwatched } from './unwatched.ts';
import { createUnwritable } from './unwritable.ts';

const HEARTBEAT_MS = 5_000;
/** After this long a run begins no further work, so that the next run, a minute later, is not skipped. */
const LASTS_MS = 45_000;
/** Deadline of one call to Temporal. */
const CALLS_MS = 5 * 60_000;

/**
 * Compares the workflows that must run according to PostgreSQL with those that Temporal runs. A missing workflow is started from
 * PostgreSQL, only if none of its id runs. Everything else raises an alert. verifyLedger checks the money.
 */
export function createReconcile(deps: Deps) {
  const { sql, temporal, log } = deps;
  const orphans = createOrphans(deps);
  const stuck = createStuck(deps);
  const undelivered = createUndelivered(deps);
  const parts: Readonly<Record<string, (run: Run) => Promise<void>>> = {
    // Before any restart: an alert stays until a later run has seen the workflow.
    alerts: (run) => resolveFoundOrders(deps, run),
    unwritable: createUnwritable(deps),
    ended: (run) => findEndedByForce(deps, run),
    stuckAlerts: stuck.alerted,
    stuck: stuck.overdue,
    watches: createUnwatched(deps),
    outbox: undelivered.first,
    deliveries: undelivered.further,
    lists: createLists(deps),
    claims: (run) => findUndecidedClaims(deps, run),
    orders: (run) => scanOpenOrders(deps, run),
    windows: (run) => scanRefillWindows(deps, run),
    orphanAlerts: orphans.alerted,
    orphans: orphans.running,
    stuckOthers: stuck.others,
    outdated: (run) => moveOutdated(deps, run),
  };

  return async (): Promise<void> => {
    const context = Context.current();
    const alive = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
    try {
      const run = new Run(await readCursors(sql), LASTS_MS, context.cancellationSignal);
      for (const [name, part] of Object.entries(parts)) {
        try {
          await temporal.withDeadline(Date.now() + CALLS_MS, () => part(run));
        } catch (error) {
          // A failed part does not stop the others; the next run tries it again.
          run.failed.push(name);
          log.error({ err: error, part: name }, 'a part of the reconciliation failed');
        }
      }
      await keepRun(sql, Math.round(performance.now() - run.begun), run.report, run.next);
    } finally {
      clearInterval(alive);
    }
  };
}
