import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Paths of one stack's files. Two stacks on a machine differ only in this folder. */
export type Home = {
  root: string;
  stackFile: string;
  lockFile: string;
  /** Every process that was started and has not ended. The next start ends what a crashed run left. */
  processesFile: string;
  portsFile: string;
  logs: string;
  postgres: string;
  temporalDb: string;
  providerData: string;
  secrets: string;
};

export function homeAt(root: string): Home {
  return {
    root,
    stackFile: join(root, 'stack.json'),
    lockFile: join(root, 'lock'),
    processesFile: join(root, 'processes.json'),
    portsFile: join(root, 'ports.json'),
    logs: join(root, 'logs'),
    postgres: join(root, 'postgres'),
    temporalDb: join(root, 'temporal', 'temporal.db'),
    providerData: join(root, 'provider'),
    secrets: join(root, 'secrets'),
  };
}

/** Makes the folders. Other users may enter the root but not list it: under root, PostgreSQL runs as its own user. */
export async function prepareHome(home: Home): Promise<void> {
  await mkdir(home.root, { recursive: true, mode: 0o711 });
  for (const folder of [home.logs, home.secrets, home.providerData, join(home.root, 'temporal')]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
}
