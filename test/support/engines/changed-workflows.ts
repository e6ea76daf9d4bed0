import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/**
 * The workflows with a wait of so many milliseconds before an order's first step. Running orders cannot continue with them: replay
 * fails.
 */
export async function changedWorkflows(waitMs = 3_600_000): Promise<WorkflowBundleWithSourceMap> {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const copy = await mkdtemp(join(tmpdir(), 'holdfast-changed-'));
  try {
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    for (const folder of ['workflows', 'domain']) await cp(join(root, folder), join(copy, folder), { recursive: true });
    const order = join(copy, 'workflows', 'order', 'order.ts');
    const text = await readFile(order, 'utf8');
    const first = 'const { placement, plan } = await accept(';
    const changed = text.replace(first, `await condition(() => false, ${waitMs});\n  ${first}`);
    if (changed === text)
      throw new Error('workflows/order/order.ts has no line to insert the wait before: update `first`');
    await writeFile(order, changed);
    return await bundleWorkflowCode({
      workflowsPath: join(copy, 'workflows', 'index.ts'),
      logger: new DefaultLogger('ERROR'),
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
