import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { builtWorkflows, bundleWorkflows } from '../../activities/workflow-code.ts';

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Where the programs of a checkout and of the image are. */
export const DIST = join(PROJECT, 'dist');

/**
 * Builds the API and the worker as `api.js` and `worker.js`, and bundles the workflows. They start with a third of the CPU that
 * their sources take. `folder` is flat and below the project, since they find SQL and assets by paths that begin at its parent; it is
 * replaced when all is built. Packages stay in node_modules: one of them has native code, and scanners look there. `files`: more
 * files, by name.
 */
export async function buildPrograms(folder: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  const next = `${folder}.next`;
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { recursive: true });
  await build({
    absWorkingDir: PROJECT,
    entryPoints: { api: 'api/server.ts', worker: 'activities/worker.ts' },
    outdir: next,
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
    await writeFile(join(next, builtWorkflows(isTraced)), (await bundleWorkflows(isTraced)).code);
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(next, name), text);
  await rm(folder, { recursive: true, force: true });
  await rename(next, folder);
}
