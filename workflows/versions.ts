import { continueAsNew, makeContinueAsNewFunc, type Workflow, workflowInfo } from '@temporalio/workflow';

/** Whether the installation now runs another version of the workflows than the one that this workflow is pinned to. */
export const isOutdated = (): boolean => workflowInfo().targetWorkerDeploymentVersionChanged;

/**
 * Whether a workflow that has done some work should continue as new: its history is long, or it is outdated. A run that has done
 * nothing yet must not ask: where an override pins the workflow, it would continue for ever.
 */
export const shouldContinue = (): boolean => workflowInfo().continueAsNewSuggested || isOutdated();

/** Continues as new, on the version that the installation runs now. */
export async function continueRun<F extends Workflow>(...input: Parameters<F>): Promise<never> {
  const continues = isOutdated()
    ? makeContinueAsNewFunc<F>({ initialVersioningBehavior: 'AUTO_UPGRADE' })
    : continueAsNew<F>;
  return continues(...input);
}

/**
 * The options of a workflow that takes each new version at once, so what it does may change only as docs/change-a-workflow.md says. A
 * server fails the tasks of a workflow that speaks of versions on a worker without one.
 */
export const takesEachVersion = (): { readonly versioningBehavior?: 'AUTO_UPGRADE' } =>
  (workflowInfo().currentDeploymentVersion?.deploymentName ?? '') === '' ? {} : { versioningBehavior: 'AUTO_UPGRADE' };
