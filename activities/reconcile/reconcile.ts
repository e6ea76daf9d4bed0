import { Context } from '@temporalio/activity';
import { keepRun, readCursors } from '../../db/reconcile/reconciliation.ts';
import type { Deps } from '../runtime/deps.ts';
import { findLostLists } from './lists.ts';
import {
  findEndedByForce,
  findUndecidedClaims,
  resolveFoundOrders,
  scanOpenOrders,
  scanRefillWindows,
} from './lost-orders.ts';
import { resolveFoundOrphans, scanRunningWorkflows } from './orphans.ts';
import { createMoveOutdated } from './outdated.ts';
import { Run } from './run.ts';
import { resolveGoingOrders, scanOtherOrders, scanOverdueOrders } from './stuck.ts';
import { findLostDeliveries, findLostOutbox } from './undelivered.ts';
import { findUnwatched } from './unwatched.ts';
import { resolveUnwritable } from './unwritable.ts';

const HEARTBEAT_MS = 5_000;
/** After this long a run begins no further work, so that the next run, a minute later, is not skipped. */
const LASTS_MS = 45_000;
/** Deadline of one call to Temporal. */
const CALLS_MS = 5 * 60_000;

type Part = (deps: Deps, run: Run) => Promise<void>;

/** The parts of a run, in their order. */
const PARTS: Readonly<Record<string, Part>> = {
  // Before any restart: an alert stays until a later run has seen the workflow.
  alerts: resolveFoundOrders,
  unwritable: resolveUnwritable,
  ended: findEndedByForce,
  stuckAlerts: resolveGoingOrders,
  stuck: scanOverdueOrders,
  watches: findUnwatched,
  outbox: findLostOutbox,
  deliveries: findLostDeliveries,
  lists: findLostLists,
  claims: findUndecidedClaims,
  orders: scanOpenOrders,
  windows: scanRefillWindows,
  orphanAlerts: resolveFoundOrphans,
  orphans: scanRunningWorkflows,
  stuckOthers: scanOtherOrders,
};

/**
 * Compares the workflows that must run according to PostgreSQL with those that Temporal runs. A missing workflow is started from
 * PostgreSQL, only if none of its id runs. Everything else raises an alert. verifyLedger checks the money.
 */
export function createReconcile(deps: Deps) {
  const { sql, temporal, log } = deps;
  const moveOutdated = createMoveOutdated(deps);
  const parts: typeof PARTS = { ...PARTS, outdated: (_, run) => moveOutdated(run) };
  return async (): Promise<void> => {
    const context = Context.current();
    const alive = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
    try {
      const run = new Run(await readCursors(sql), LASTS_MS, context.cancellationSignal);
      for (const [name, part] of Object.entries(parts)) {
        try {
          await temporal.withDeadline(Date.now() + CALLS_MS, () => part(deps, run));
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
