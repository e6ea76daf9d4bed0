import { openOrders } from '../../db/reconcile/alerts.ts';
import {
  type OrderToRun,
  openClaims,
  openWindows,
  ordersFound,
  ordersToRun,
  showOrder,
  takeUpOrder,
  unendedOrders,
  withdrawExpired,
} from '../../db/reconcile/lost-orders.ts';
import { FIRST_CURSORS } from '../../db/reconcile/reconciliation.ts';
import { ORDER_WORKFLOW, orderIdOf, orderWorkflowId } from '../../workflows/contract.ts';
import { startOrder } from '../placement/start-order.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { type Ending, endingOf, HOW, notListed } from './presence.ts';
import type { Run } from './run.ts';

/** How many open orders one run scans, and how many that can be refilled; the next run continues there. */
const ORDERS_A_RUN = 5_000;
const PAGE = 500;
/** Workflows asked about, or started, at the same time. */
const PARALLEL = 10;
/** A claim or an order younger than this may still be about to start its workflow. */
const GRACE_SECONDS = 60;
/** More than the lag of Temporal's list of ended workflows. */
const LIST_LAG_MS = 5 * 60_000;

const BADLY = '("Terminated", "Failed", "TimedOut", "Canceled")';

/** PostgreSQL does not know what the completed workflow knew, so a new workflow might send again what was sent. */
const BEHIND =
  'its workflow has completed, but the order is open here: this database is older than Temporal; no workflow is started';

type FindDeps = Pick<Deps, 'sql' | 'temporal' | 'log' | 'publicUrl'>;

/** Resolves the alerts of orders whose workflows run again. */
export async function resolveFoundOrders(deps: FindDeps, run: Run): Promise<void> {
  const { sql, temporal } = deps;
  const ids = await openOrders(sql, 'order_lost', ORDERS_A_RUN);
  for (let from = 0; from < ids.length && !run.isOver; from += PAGE) {
    const some = ids.slice(from, from + PAGE);
    const needed = new Set((await ordersToRun(sql, some)).map(({ orderId }) => orderId));
    const found = some.filter((id) => !needed.has(id));
    await inParallel([...needed], PARALLEL, async (id) => {
      if ((await endingOf(temporal, orderWorkflowId(id))) === undefined) found.push(id);
    });
    await ordersFound(
      sql,
      found.sort((one, other) => one - other),
    );
    await checkOrders(deps, run, some);
  }
}

/** Finds workflows that were ended by force since the last run. Temporal lists them, so no scan of all orders is needed. */
export async function findEndedByForce(deps: FindDeps, run: Run): Promise<void> {
  const { temporal } = deps;
  const since = new Date(run.next.endedSince.getTime() - LIST_LAG_MS);
  const query = `WorkflowType="${ORDER_WORKFLOW}" AND ExecutionStatus IN ${BADLY} AND CloseTime >= "${since.toISOString()}"`;
  let page: number[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: PAGE })) {
    const id = orderIdOf(workflowId);
    if (id !== undefined) page.push(id);
    if (page.length < PAGE) continue;
    await checkOrders(deps, run, page);
    page = [];
    // The next run covers the same period again.
    if (run.isOver) return;
  }
  await checkOrders(deps, run, page);
  run.next = { ...run.next, endedSince: run.startedAt };
}

/** Finds claims that stayed undecided: the API died before it started the workflow. */
export async function findUndecidedClaims(deps: FindDeps, run: Run): Promise<void> {
  const { sql } = deps;
  const expired = await withdrawExpired(sql);
  if (expired > 0) run.found('claim_open', true, expired);
  await checkOrders(deps, run, await openClaims(sql, GRACE_SECONDS, PAGE));
}

/** Scans the open orders. */
export async function scanOpenOrders(deps: FindDeps, run: Run): Promise<void> {
  const { sql } = deps;
  for (let passed = 0; passed < ORDERS_A_RUN && !run.isOver; passed += PAGE) {
    const ids = await unendedOrders(sql, run.next.order, PAGE);
    await checkOrders(deps, run, ids);
    run.next = { ...run.next, order: ids.at(-1) ?? FIRST_CURSORS.order };
    if (ids.length === PAGE) continue;
    run.next = { ...run.next, order: FIRST_CURSORS.order, sweptAt: new Date() };
    return;
  }
}

/** Scans the orders that can be refilled. */
export async function scanRefillWindows(deps: FindDeps, run: Run): Promise<void> {
  const { sql } = deps;
  for (let passed = 0; passed < ORDERS_A_RUN && !run.isOver; passed += PAGE) {
    const some = await openWindows(sql, run.next.window, PAGE);
    await checkOrders(
      deps,
      run,
      some.map(({ id }) => id),
    );
    run.next = { ...run.next, window: (some.length === PAGE && some.at(-1)) || FIRST_CURSORS.window };
    if (some.length < PAGE) return;
  }
}

/** Checks the workflows of these orders, where PostgreSQL needs one. */
async function checkOrders(deps: FindDeps, run: Run, ids: readonly number[]): Promise<void> {
  const { sql, temporal } = deps;
  const needed = (await ordersToRun(sql, ids)).map(({ orderId }) => orderId);
  for (const id of needed) run.orders.add(id);
  const absent = new Set(await notListed(temporal, needed.map(orderWorkflowId)));
  const close = needed.filter((id) => absent.has(orderWorkflowId(id)) && !run.seen.has(id));
  for (const id of close) run.seen.add(id);
  await inParallel(close, PARALLEL, (id) => restartIfLost(deps, run, id));
}

/** Starts an order's workflow again when it has ended and PostgreSQL still needs it. */
async function restartIfLost(deps: FindDeps, run: Run, orderId: number): Promise<void> {
  const { sql, temporal, log } = deps;
  const ending = await endingOf(temporal, orderWorkflowId(orderId));
  if (ending === undefined) return;
  // A workflow writes PostgreSQL before it ends: only an order that is still open now, after the check, was lost.
  const [order] = await ordersToRun(sql, [orderId]);
  if (order === undefined || (ending === 'unknown' && order.ageSeconds < GRACE_SECONDS)) return;
  // The workflow completed because, by Temporal's clock, the refill window is over.
  if (order.need === 'window' && ending === 'completed') return;
  const again = await mayStart(deps, order, ending);
  if (again) await startOrder(deps, order, 'ALLOW_DUPLICATE');
  run.found(order.need === 'claim' ? 'claim_open' : 'order_lost', again);
  log.error({ order: orderId, need: order.need, ending, again }, 'an order had no workflow');
}

/** Whether a lost order's workflow is started again; raises the alert about it. */
async function mayStart({ sql }: FindDeps, { orderId, need }: OrderToRun, ending: Ending): Promise<boolean> {
  // Starting again is safe: no client was told of an order yet, and a claim is decided once.
  if (need === 'claim') return ending !== 'completed';
  if (ending !== 'completed') return takeUpOrder(sql, orderId, HOW[ending]);
  await showOrder(sql, orderId, 'order_lost', BEHIND);
  return false;
}
