import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevConfig, type Log, loadDevConfig } from '../config.ts';
import { type Home, homeAt, prepareHome } from '../home.ts';
import { takeLock } from '../lock.ts';
import { runStack } from '../run-stack.ts';
import type { Stack } from '../stack.ts';

/** A whole stack that runs for this demo: PostgreSQL, Temporal, worker, API, and a simulated provider of its own. */
export interface Panel {
  readonly home: Home;
  readonly stack: Stack;
  /** Ends it, and waits until it has ended. */
  stop(): Promise<void>;
}

export interface TwoPanels {
  readonly parent: Panel;
  readonly child: Panel;
  /** Ends both, and removes what they left on the disk. */
  close(): Promise<void>;
}

/** Starts two panels side by side, each with engines and a folder of its own, whatever engines the environment names. */
export async function startPanels(log: Log, signal: AbortSignal): Promise<TwoPanels> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-chain-'));
  // PostgreSQL may run as another user, who must be able to pass.
  await chmod(root, 0o711);
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const starts = (['parent', 'child'] as const).map((name) =>
    startPanel(join(root, name), (line) => log(`${name}: ${line}`), either),
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

async function startPanel(root: string, log: Log, signal: AbortSignal): Promise<Panel> {
  const config: DevConfig = { ...loadDevConfig(), home: root, databaseUrl: undefined, temporalAddress: undefined };
  const home = homeAt(root);
  await prepareHome(home);
  const claim = await takeLock(home.lockFile);
  if (!claim.taken) throw new Error(`another process has ${root}`);
  const stopped = new AbortController();
  let run: Promise<void> = Promise.resolve();
  const stack = await new Promise<Stack>((resolve, reject) => {
    run = runStack({
      config,
      home,
      // Of the addresses and keys that follow a line nobody has need here.
      log: (text) => log(text.split('\n')[0] ?? ''),
      signal: AbortSignal.any([signal, stopped.signal]),
      onKill: () => undefined,
      demoOrders: false,
      onReady: (ready) => resolve(ready.stack),
    }).finally(() => claim.lock.release());
    // It ends before it was ready only by failing.
    run.catch(reject);
  });
  return {
    home,
    stack,
    stop: async () => {
      stopped.abort();
      await run.catch((error: unknown) => log(`did not stop cleanly: ${String(error)}`));
    },
  };
}
