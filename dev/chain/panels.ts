import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../config.ts';
import { type StartedStack, startStack } from '../stack/start-stack.ts';

/** A whole stack for this demo: PostgreSQL, Temporal, worker, API, and its own simulated provider. */
export type Panel = StartedStack;

export interface TwoPanels {
  readonly parent: Panel;
  readonly child: Panel;
  /** Ends both stacks and removes their files. */
  close(): Promise<void>;
}

/** Starts two panels side by side. Each has its own engines and folder; engines named in the environment are ignored. */
export async function startPanels(log: Log, signal: AbortSignal): Promise<TwoPanels> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-chain-'));
  // PostgreSQL may run as another user, which must be able to enter the folder.
  await chmod(root, 0o711);
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const starts = (['parent', 'child'] as const).map((name) =>
    startStack(join(root, name), { log: (line) => log(`${name}: ${line}`), signal: either }),
  );
  const close = async () => {
    failed.abort();
    await Promise.all(starts.map((start) => start.then((panel) => panel.stop()).catch(() => undefined)));
    await rm(root, { recursive: true, force: true });
  };
  try {
    const [parent, child] = await Promise.all(starts);
    if (parent === undefined || child === undefined) throw new Error('a panel is missing');
    return { parent, child, close };
  } catch (error) {
    await close();
    throw error;
  }
}
