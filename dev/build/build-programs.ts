import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { builtWorkflows, bundleWorkflows } from '../../activities/workflow-code.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Where the programs of a checkout and of the image are. */
export const DIST = join(PROJECT, 'dist');

/**
 * Builds the API and the worker as `api.js` and `worker.js`, and bundles the workflows. They start with a third of the CPU that
 * their sources take. `folder` is flat and below the project, since they find SQL and assets by paths that begin at its parent.
 * Packages stay in node_modules: one of them has native code, and scanners look there.
 */
export async function buildPrograms(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await build({
    absWorkingDir: PROJECT,
    entryPoints: { api: 'api/server.ts', worker: 'activities/worker.ts' },
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  for (const isTraced of [false, true]) {
    await writeFile(join(folder, builtWorkflows(isTraced)), (await bundleWorkflows(isTraced)).code);
  }
}
