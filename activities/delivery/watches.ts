import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TASK_QUEUE, WATCH_WORKFLOW, watchWorkflowId } from '../../workflows/contract.ts';

/** Keeps a `watch` workflow alive for each provider that has orders of ours. */
export interface Watches {
  /** Starts the provider's watch unless it runs; asks Temporal at most once in TRUSTED_MS for each provider. */
  ensure(provider: number): Promise<void>;
}

const TRUSTED_MS = 30_000;

/** Starts the provider's watch unless it runs. */
export async function startWatch(temporal: Client, provider: number): Promise<void> {
  try {
    await temporal.workflow.start(WATCH_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: watchWorkflowId(provider),
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ providerId: provider }],
      staticSummary: `Watches the running orders of provider ${provider}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

export function createWatches(temporal: Client): Watches {
  const seen = new Map<number, number>();
  return {
    async ensure(provider) {
      if (performance.now() - (seen.get(provider) ?? Number.NEGATIVE_INFINITY) < TRUSTED_MS) return;
      await startWatch(temporal, provider);
      seen.set(provider, performance.now());
    },
  };
}
