import { openOrders } from '../../db/reconcile/alerts.ts';
import { showOrder, unendedOrders } from '../../db/reconcile/lost-orders.ts';
import { openVersion, orderGetsOn, overdueOrders } from '../../db/reconcile/overdue-orders.ts';
import { FIRST_CURSORS } from '../../db/reconcile/reconciliation.ts';
import { orderQuery, orderWorkflowId } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { failedTries } from './presence.ts';
import type { Run } from './run.ts';

/** Overdue orders whose workflows one run checks; the next run continues there. */
const ORDERS_A_RUN = 1_000;
/** Other orders whose workflows one run checks; each costs a call, and most have nothing to do. */
const OTHERS_A_RUN = 400;
const PAGE = 200;
const PARALLEL = 10;
/** Orders with an alert that one run checks. */
const ALERTS = 5_000;
/** A healthy workflow does due work within seconds. */
const OVERDUE_SECONDS = 120;
/** One failure may be a dead worker; this many are a fault of the task. */
const TRIES = 3;
const QUERY_MS = 5_000;

const WHY =
  'its workflow is stuck: its task fails again and again, by a bug or a change of its code; the workflow is left as it is';

type FindDeps = Pick<Deps, 'sql' | 'temporal' | 'log'>;

// A stuck workflow counts as running in Temporal but makes no progress, because its code throws. Nothing is done to it: it goes on by
// itself once the code is fixed.

/** Resolves the alerts of orders that make progress again. */
export async function resolveGoingOrders(deps: FindDeps, run: Run): Promise<void> {
  const ids = await openOrders(deps.sql, 'workflow_stuck', ALERTS);
  await inParallel(ids, PARALLEL, async (id) => {
    if (!(await isStuck(deps, id))) return endAlert(deps, id);
    run.stuck.add(id);
    run.found('workflow_stuck', false);
  });
}

/** Scans the overdue orders. */
export const scanOverdueOrders = (deps: FindDeps, run: Run): Promise<void> =>
  scan(deps, run, 'overdue', ORDERS_A_RUN, (after) => overdueOrders(deps.sql, after, OVERDUE_SECONDS, PAGE));

/** Scans all open orders, a few a run: a workflow that is stuck at a request of a person has nothing overdue. */
export const scanOtherOrders = (deps: FindDeps, run: Run): Promise<void> =>
  scan(deps, run, 'asked', OTHERS_A_RUN, (after) => unendedOrders(deps.sql, after, PAGE));

/** Checks at most `most` orders, page by page. `cursor` keeps where the next run continues; after the last order it starts over. */
async function scan(
  deps: FindDeps,
  run: Run,
  cursor: 'overdue' | 'asked',
  most: number,
  read: (after: number) => Promise<number[]>,
): Promise<void> {
  for (let passed = 0; passed < most && !run.isOver; passed += PAGE) {
    const ids = await read(run.next[cursor]);
    await checkWorkflows(deps, run, ids);
    run.next = { ...run.next, [cursor]: (ids.length === PAGE && ids.at(-1)) || FIRST_CURSORS[cursor] };
    if (ids.length < PAGE) return;
  }
}

/** Checks the workflows that this run does not know as stuck yet; a stuck one goes to a person. */
async function checkWorkflows(deps: FindDeps, run: Run, ids: readonly number[]): Promise<void> {
  const { sql, log } = deps;
  const unknown = ids.filter((id) => !run.stuck.has(id));
  await inParallel(unknown, PARALLEL, async (id) => {
    if (!(await isStuck(deps, id))) return;
    run.stuck.add(id);
    run.found('workflow_stuck', false);
    if (await showOrder(sql, id, 'workflow_stuck', WHY)) log.error({ order: id }, WHY);
  });
}

const isStuck = async ({ temporal }: FindDeps, orderId: number): Promise<boolean> =>
  (await failedTries(temporal, orderWorkflowId(orderId))) >= TRIES;

/**
 * Ends the alert about an order that makes progress again. `showOrder` had changed the order's attention without its workflow, so the
 * workflow is asked what the order waits for.
 */
async function endAlert({ sql, temporal, log }: FindDeps, orderId: number): Promise<void> {
  const version = await openVersion(sql, orderId);
  if (version === undefined) return orderGetsOn(sql, orderId);
  const handle = temporal.workflow.getHandle(orderWorkflowId(orderId));
  try {
    const { attention } = await temporal.withDeadline(Date.now() + QUERY_MS, () => handle.query(orderQuery));
    await orderGetsOn(sql, orderId, { attention, version });
  } catch (error) {
    // There may be no worker to answer; the next run asks again.
    log.warn({ order: orderId, err: error }, 'failed to ask a workflow that was stuck');
  }
}
