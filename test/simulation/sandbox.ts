import { TypedSearchAttributes } from '@temporalio/common';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';
import { bundleWorkflows } from '../../activities/workflow-code.ts';
import { ORDER_WORKFLOW, TASK_QUEUE } from '../../workflows/contract.ts';

/** Types of the SDK's core: a workflow's input (activation, jobs) and output (completion, commands). */
export type Activation = Parameters<Workflow['activate']>[0];
export type Completion = Awaited<ReturnType<Workflow['activate']>>;
export type Job = NonNullable<Activation['jobs']>[number];
export type Command = NonNullable<NonNullable<Completion['successful']>['commands']>[number];

/** One run of a workflow, from its start or from a continue-as-new. */
export interface RunIdentity {
  readonly workflowId: string;
  readonly runId: string;
  readonly firstRunId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/**
 * The sandbox in which the SDK's worker runs workflows, with the workers' own bundle. Driven here without core and server.
 * The SDK gives no stability promise for these classes, so its version is pinned.
 */
export interface Sandbox {
  begin(run: RunIdentity): Promise<Workflow>;
  close(): Promise<void>;
}

/** Longer than any task takes, even on a busy machine. */
const TASK_TIMEOUT_MS = 60_000;

/** Shared by the process: bundling takes seconds, and a process opens several simulations. */
let bundled: Promise<ReturnType<typeof parseWorkflowCode>> | undefined;

export async function openSandbox(activityNames: readonly string[]): Promise<Sandbox> {
  bundled ??= bundleWorkflows().then(({ code }) => parseWorkflowCode(code));
  const bundle = await bundled;
  const creator = await ReusableVMWorkflowCreator.create(bundle, TASK_TIMEOUT_MS, new Set(activityNames));
  // These hooks track every promise for stack traces, which the simulation does not need.
  globalHandlers.uninstall();
  return {
    begin: ({ workflowId, runId, firstRunId, startedAt }) =>
      creator.createWorkflow({
        info: {
          workflowId,
          runId,
          workflowType: ORDER_WORKFLOW,
          searchAttributes: {},
          typedSearchAttributes: new TypedSearchAttributes(),
          taskQueue: TASK_QUEUE,
          namespace: 'default',
          firstExecutionRunId: firstRunId,
          originalExecutionRunId: runId,
          startTime: new Date(startedAt),
          runStartTime: new Date(startedAt),
          taskTimeoutMs: 10_000,
          attempt: 1,
          historyLength: 3,
          historySize: 0,
          continueAsNewSuggested: false,
          targetWorkerDeploymentVersionChanged: false,
          unsafe: {
            now: () => startedAt,
            isReplaying: false,
            isReplayingHistoryEvents: false,
            random: { fill: () => {} } as never,
          },
        } as never,
        randomnessSeed: [1, 2, 3, 4],
        now: startedAt,
        showStackTraceSources: false,
      }),
    close: () => creator.destroy(),
  };
}
