import { openOrders, raiseAlert, resolveAlert } from '../../db/reconcile/alerts.ts';
import { withoutClaim } from '../../db/reconcile/lost-orders.ts';
import { ORDER_WORKFLOW, orderIdOf, orderWorkflowId } from '../../workflows/contract.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import { endingOf } from './presence.ts';
import type { Run } from './run.ts';

/** Running workflows that one run scans; the next run continues there. */
const WORKFLOWS_A_RUN = 5_000;
const PAGE = 500;
const PARALLEL = 10;

const DETAIL =
  'a workflow runs for an order that this database does not have: the database is older than Temporal; the workflow is left alone';

type FindDeps = Pick<Deps, 'sql' | 'temporal' | 'log'>;

const alertOf = (orderId: number) => ({ kind: 'workflow_orphaned', subject: `order:${orderId}` }) as const;

/** Resolves the alerts of workflows that have ended, or whose order exists again. */
export async function resolveFoundOrphans({ sql, temporal }: FindDeps): Promise<void> {
  const ids = await openOrders(sql, 'workflow_orphaned', WORKFLOWS_A_RUN);
  const without = new Set(await withoutClaim(sql, ids));
  await inParallel(ids, PARALLEL, async (id) => {
    if (!without.has(id) || !(await runs(temporal, id))) await resolveAlert(sql, alertOf(id));
  });
}

/**
 * Finds workflows whose order does not exist: a restored database knows less than Temporal. Providers may have what these workflows
 * sent, so no workflow is ended and a person decides. The newest are scanned first: a restored database lacks those.
 */
export async function scanRunningWorkflows(deps: FindDeps, run: Run): Promise<void> {
  const { startedUpTo } = run.next;
  const upTo = startedUpTo === null ? '' : ` AND StartTime <= "${startedUpTo.toISOString()}"`;
  const query = `WorkflowType="${ORDER_WORKFLOW}" AND ExecutionStatus="Running"${upTo}`;
  let passed = 0;
  let page: number[] = [];
  for await (const { workflowId, startTime } of deps.temporal.workflow.list({ query, pageSize: PAGE })) {
    const id = orderIdOf(workflowId);
    if (id !== undefined) page.push(id);
    passed += 1;
    if (page.length < PAGE) continue;
    await checkWorkflows(deps, run, page);
    page = [];
    if (passed < WORKFLOWS_A_RUN && !run.isOver) continue;
    // Workflows that began within the same millisecond are checked twice.
    run.next = { ...run.next, startedUpTo: new Date(startTime.getTime() + 1) };
    return;
  }
  await checkWorkflows(deps, run, page);
  run.next = { ...run.next, startedUpTo: null };
}

async function checkWorkflows({ sql, temporal, log }: FindDeps, run: Run, ids: readonly number[]): Promise<void> {
  run.looked.workflows += ids.length;
  await inParallel(await withoutClaim(sql, ids), PARALLEL, async (id) => {
    if (!(await runs(temporal, id))) return;
    run.found('workflow_orphaned', false);
    if (await raiseAlert(sql, { ...alertOf(id), detail: DETAIL })) log.error({ order: id }, DETAIL);
  });
}

const runs = async (temporal: Deps['temporal'], orderId: number): Promise<boolean> =>
  (await endingOf(temporal, orderWorkflowId(orderId))) === undefined;
