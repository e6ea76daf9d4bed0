import { dirname, join } from 'node:path';
import { runCommand } from '../../../dev/processes/command.ts';
import { ensureNode, type NodeVersion } from '../engines/node-versions.ts';
import { PROJECT } from '../reads/compose-file.ts';

const LIMIT_MS = 1_800_000;

/**
 * Runs the unit tests under another version of Node.js, as the gate does under this one. Returns their last line.
 * @throws Error with the names of the tests that fail, and the last lines.
 */
export async function unitTestsUnder(version: NodeVersion): Promise<string> {
  const node = await ensureNode(version);
  const failed: string[] = [];
  const vitest = [join(PROJECT, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'unit'];
  const run = runCommand(node, vitest, {
    cwd: PROJECT,
    // The small numbers of the gate; what the tests start runs under the same version.
    env: { ...process.env, RELEASE: '', NO_COLOR: '1', PATH: `${dirname(node)}:${process.env.PATH ?? ''}` },
    timeoutMs: LIMIT_MS,
    onLine: (line) => {
      if (line.includes(' FAIL ')) failed.push(line.trim());
    },
  });
  const said = await run.catch((error: Error) => {
    throw new Error([...failed, error.message].join('\n'));
  });
  return said.split('\n').at(-1) ?? '';
}
