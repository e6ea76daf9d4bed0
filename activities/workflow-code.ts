import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';

/**
 * The SDK records where each promise of a workflow was made, for the call stack in the Temporal UI. With ten frames, the default,
 * that is a quarter of the CPU of a workflow. The sandbox freezes Error before workflow code runs, so the bundle begins with this.
 */
const ONE_FRAME = 'Error.stackTraceLimit = 1;';

const pathOf = (workflows: string): string => fileURLToPath(new URL(`../workflows/${workflows}`, import.meta.url));

/** The workflows of this version, bundled for the sandbox; with tracing, their interceptors are in the bundle. */
export async function bundleWorkflows(isTraced = false): Promise<WorkflowBundle> {
  const workflowsPath = pathOf('index.ts');
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    // A worker loads the modules once instead of once a workflow. They keep no state (test/order/shared-modules.unit.test.ts).
    preloadModules: [workflowsPath],
    ...(isTraced ? { workflowInterceptorModules: [pathOf('tracing.ts')] } : {}),
    logger: new DefaultLogger('WARN'),
  });
  return { code: `${ONE_FRAME}${code}` };
}

/** The name of the file beside the worker's program in which `npm run build` keeps the workflows. */
export const builtWorkflows = (isTraced: boolean): string => `workflows${isTraced ? '-traced' : ''}.bundle`;

/** The workflows that `npm run build` bundled. A worker that runs from its sources has none, and bundles them anew. */
export async function loadWorkflows(isTraced: boolean): Promise<WorkflowBundle> {
  try {
    return { code: await readFile(new URL(`./${builtWorkflows(isTraced)}`, import.meta.url), 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return bundleWorkflows(isTraced);
  }
}
