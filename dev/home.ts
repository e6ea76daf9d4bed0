import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where everything of one stack lies. Two stacks on a machine differ only in this folder. */
export type Home = {
  root: string;
  stackFile: string;
  lockFile: string;
  /** Every process ever started and not yet seen to end: what a crashed run leaves behind is found here. */
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

/** Makes the folders. Others may pass through the root (PostgreSQL runs as its own user under root) but list nothing. */
export async function prepareHome(home: Home): Promise<void> {
  await mkdir(home.root, { recursive: true, mode: 0o711 });
  for (const folder of [home.logs, home.secrets, home.providerData, join(home.root, 'temporal')]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
}

/** Replaces a file so that a reader sees the old text or the new, never half of it. */
export async function writeByRename(file: string, text: string, mode = 0o600): Promise<void> {
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, text, { mode });
  await rename(temporary, file);
}

/** A secret made once and kept: the first writer wins, everyone after reads the same value. */
export async function keptSecret(file: string, make: () => string): Promise<string> {
  const kept = await readIfThere(file);
  if (kept) return kept.trim();
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, `${make()}\n`, { mode: 0o600 });
  try {
    await link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(temporary);
  }
  return (await readFile(file, 'utf8')).trim();
}

/** A file's text, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
