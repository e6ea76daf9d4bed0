import { dirname, join } from 'node:path';
import { runCommand } from '../../../dev/processes/command.ts';
import { ensureNode, type NodeVersion } from '../engines/node-versions.ts';
import { PROJECT } from '../reads/compose-file.ts';

const LIMIT_MS = 1_800_000;

/**
 * Runs the unit tests under another version of Node.js, as the gate does under this one. Returns their last line.
 * @throws Error with the last lines when a test fails.
 */
export async function unitTestsUnder(version: NodeVersion, onLine?: (line: string) => void): Promise<string> {
  const node = await ensureNode(version);
  const said = await runCommand(node, [join(PROJECT, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'unit'], {
    cwd: PROJECT,
    // The small numbers of the gate; what the tests start runs under the same version.
    env: { ...process.env, RELEASE: '', PATH: `${dirname(node)}:${process.env.PATH ?? ''}` },
    timeoutMs: LIMIT_MS,
    ...(onLine === undefined ? {} : { onLine }),
  });
  return said.split('\n').at(-1) ?? '';
}
