import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCommand } from '../../dev/processes/command.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const MINUTES = 60_000;

test(
  'Holdfast sells what Holdfast delivers, and three sets of books agree to the last digit',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
    await chmod(folder, 0o711);
    const said: string[] = [];
    const command = runCommand(process.execPath, ['--import', 'tsx', 'dev/chain/main.ts'], {
      cwd: PROJECT,
      env: { ...process.env, TMPDIR: folder },
      timeoutMs: 8 * MINUTES,
      onLine: (line) => said.push(line),
    });
    await command.catch((error: unknown) => expect.fail([...said, String(error)].join('\n')));
    const output = said.join('\n');
    expect(output).toMatch(/the three sets of books agree to the last digit: \d+ checks/);
    // The charges at the three levels' prices: see the orders in dev/chain/trade.ts.
    expect(output).toMatch(/some delivered +Partial +0\.5553 +0\.5553 +0\.7404 +0\.4596 +0\.7404 +1\.10443 +0\.68557/);
    expect(output).toMatch(/given up +Canceled +0 +0 +0 +0\.3108 +0 +0 +0\.47674389/);
    expect((await readdir(folder)).filter((name) => name.startsWith('holdfast-chain-'))).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  },
  10 * MINUTES,
);
