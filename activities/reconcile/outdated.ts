import { ORDER_WORKFLOW, upgradeSignal } from '../../workflows/contract.ts';
import { DEPLOYMENT } from '../runtime/deployment.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import type { Run } from './run.ts';

/** Orders that one run asks to move; the next run asks further ones. */
const ORDERS_A_RUN = 1_000;
const PARALLEL = 10;

/**
 * Asks orders that are pinned to another build to move to this one. Without it, an order that sleeps in its refill window would need
 * a worker of its own build for a year. Housekeeping runs on the current build.
 */
export async function moveOutdated(
  { temporal, build, log }: Pick<Deps, 'temporal' | 'build' | 'log'>,
  run: Run,
): Promise<void> {
  if (build === undefined) return;
  const query = [
    `WorkflowType="${ORDER_WORKFLOW}"`,
    'ExecutionStatus="Running"',
    'TemporalWorkflowVersioningBehavior="Pinned"',
    `TemporalWorkerDeploymentVersion!="${DEPLOYMENT}:${build}"`,
  ].join(' AND ');
  const outdated: string[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query, pageSize: ORDERS_A_RUN })) {
    outdated.push(workflowId);
    if (outdated.length === ORDERS_A_RUN) break;
  }
  await inParallel(outdated, PARALLEL, async (id) => {
    if (run.isOver) return;
    const order = temporal.workflow.getHandle(id);
    // An order that has ended meanwhile needs nothing.
    await order.signal(upgradeSignal).catch(() => undefined);
  });
  if (outdated.length > 0) log.info({ orders: outdated.length, build }, 'orders were asked to move to this build');
}
