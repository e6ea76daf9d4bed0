import { type DevConfig, type Log, loadDevConfig } from '../config.ts';
import { takeLock } from '../processes/lock.ts';
import { type Home, homeAt, prepareHome } from './home.ts';
import { type RunOptions, runStack } from './run-stack.ts';
import type { Stack } from './stack.ts';

/** A whole stack under a supervisor in this process, without demo orders. */
export interface StartedStack {
  readonly home: Home;
  readonly stack: Stack;
  /** Stops the stack and waits until it has ended. */
  stop(): Promise<void>;
}

export type StartOptions = Pick<RunOptions, 'log' | 'signal' | 'detours'>;

/** Starts a stack in its own state folder with its own engines; engines named in the environment are ignored. */
export async function startStack(root: string, { log, signal, detours }: StartOptions): Promise<StartedStack> {
  const config: DevConfig = { ...loadDevConfig(), home: root, databaseUrl: undefined, temporalAddress: undefined };
  const home = homeAt(root);
  await prepareHome(home);
  const claim = await takeLock(home.lockFile);
  if (!claim.taken) throw new Error(`another process holds the lock of ${root}`);
  const stopped = new AbortController();
  let run: Promise<void> = Promise.resolve();
  const stack = await new Promise<Stack>((resolve, reject) => {
    run = runStack({
      config,
      home,
      log: firstLines(log),
      signal: AbortSignal.any([signal, stopped.signal]),
      onKill: () => undefined,
      demoOrders: false,
      onReady: (ready) => resolve(ready.stack),
      detours,
    }).finally(() => claim.lock.release());
    // When `run` rejects before the stack is ready, reject the start.
    run.catch(reject);
  });
  return {
    home,
    stack,
    stop: async () => {
      stopped.abort();
      await run.catch((error: unknown) => log(`the stack did not stop cleanly: ${String(error)}`));
    },
  };
}

/** Logs only the first line of a text: the addresses and keys below it are of no use here. */
const firstLines =
  (log: Log): Log =>
  (text) =>
    log(text.split('\n')[0] ?? '');
