import { ORDER_WORKFLOW, upgradeSignal } from '../../workflows/contract.ts';
import { DEPLOYMENT } from '../runtime/deployment.ts';
import type { Deps } from '../runtime/deps.ts';
import { inParallel } from '../runtime/parallel.ts';
import type { Run } from './run.ts';

/** Orders that one run asks to move; the next run asks further ones. */
const ORDERS_A_RUN = 1_000;
const PARALLEL = 10;
/** Each signal makes a history longer: an order that has not moved after this time is asked once an hour. */
const SOON_MS = 5 * 60_000;
const AGAIN_MS = 3_600_000;

/** When this worker first asked an order to move, and when it last did, in milliseconds since 1970. */
interface Asked {
  readonly since: number;
  readonly at: number;
}

/**
 * Asks orders that are pinned to another build to move to this one. Without it, an order that sleeps in its refill window would need
 * a worker of its own build for a year. Housekeeping runs on the current build.
 */
export function createMoveOutdated({ temporal, build, log }: Pick<Deps, 'temporal' | 'build' | 'log'>) {
  const asked = new Map<string, Asked>();
  const isDue = (id: string, now: number): boolean => {
    const { since, at } = asked.get(id) ?? { since: now, at: now };
    return now - since < SOON_MS || now - at >= AGAIN_MS;
  };
  return async (run: Pick<Run, 'isOver' | 'startedAt'>): Promise<void> => {
    if (build === undefined) return;
    const query = [
      `WorkflowType="${ORDER_WORKFLOW}"`,
      'ExecutionStatus="Running"',
      'TemporalWorkflowVersioningBehavior="Pinned"',
      `TemporalWorkerDeploymentVersion!="${DEPLOYMENT}:${build}"`,
    ].join(' AND ');
    const now = run.startedAt.getTime();
    for (const [id, { at }] of asked) if (now - at > 2 * AGAIN_MS) asked.delete(id);
    const outdated: string[] = [];
    for await (const { workflowId } of temporal.workflow.list({ query, pageSize: ORDERS_A_RUN })) {
      if (isDue(workflowId, now)) outdated.push(workflowId);
      if (outdated.length === ORDERS_A_RUN) break;
    }
    await inParallel(outdated, PARALLEL, async (id) => {
      if (run.isOver) return;
      asked.set(id, { since: asked.get(id)?.since ?? now, at: now });
      // An order that has ended meanwhile needs nothing.
      await temporal.workflow
        .getHandle(id)
        .signal(upgradeSignal)
        .catch(() => undefined);
    });
    if (outdated.length > 0) log.info({ orders: outdated.length, build }, 'orders were asked to move to this build');
  };
}
