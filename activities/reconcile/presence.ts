import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/** How a workflow that does not run has ended. */
export type Ending = 'unknown' | 'completed' | 'failed' | 'canceled' | 'terminated' | 'timedOut';

const ENDINGS: Readonly<Record<string, Ending>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'canceled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timedOut',
};

/** The endings in words, for alerts. */
export const HOW: Readonly<Record<Ending, string>> = {
  unknown: 'Temporal does not know it',
  completed: 'it has completed',
  failed: 'it failed',
  canceled: 'it was canceled',
  terminated: 'it was terminated',
  timedOut: 'it timed out',
};

/** Ids in one query. */
const IDS = 200;

/**
 * The workflows that Temporal does not list as running. The list may be some seconds old: ask `endingOf` before acting on
 * one.
 */
export async function notListed(temporal: Client, ids: readonly string[]): Promise<string[]> {
  const listed = new Set<string>();
  for (let from = 0; from < ids.length; from += IDS) {
    const some = ids.slice(from, from + IDS).map((id) => `"${id}"`);
    const query = `ExecutionStatus="Running" AND WorkflowId IN (${some.join(',')})`;
    for await (const { workflowId } of temporal.workflow.list({ query, pageSize: IDS })) listed.add(workflowId);
  }
  return ids.filter((id) => !listed.has(id));
}

/** How a workflow has ended, at this moment; undefined while it runs or is paused. */
export async function endingOf(temporal: Client, id: string): Promise<Ending | undefined> {
  try {
    return ENDINGS[(await temporal.workflow.getHandle(id).describe()).status.name];
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
}

/** Failed tries of the pending task of a running workflow; 0 when there is none, or it does not run. */
export async function failedTries(temporal: Client, id: string): Promise<number> {
  try {
    const { raw, status } = await temporal.workflow.getHandle(id).describe();
    return status.name === 'RUNNING' ? Math.max((raw.pendingWorkflowTask?.attempt ?? 0) - 1, 0) : 0;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 0;
    throw error;
  }
}
