import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadDevConfig } from '../../../dev/config.ts';
import { isProgram } from '../../../dev/engines/on-path.ts';
import { runCommand } from '../../../dev/processes/command.ts';

const FETCH_LIMIT_MS = 300_000;

/** The versions of Node.js beside that of this machine under which Holdfast is tried. The image has the last one. */
export const NODE_VERSIONS = ['22.23.3', '24.21.0'] as const;
export type NodeVersion = (typeof NODE_VERSIONS)[number];

/**
 * Path of a `node` of this version. npm has the official programs as packages, one for each platform; they are kept in the cache.
 * @throws Error when the registry does not have it for this platform.
 */
export async function ensureNode(version: NodeVersion): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(loadDevConfig().cache, 'node', version);
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (await isProgram(program)) return program;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', `${name}@${version}`];
  await runCommand('npm', install, { cwd: folder, timeoutMs: FETCH_LIMIT_MS });
  if (!(await isProgram(program))) throw new Error(`${name}@${version} has no program bin/node`);
  return program;
}
