/** `npm start`: the whole stack on this machine, until Ctrl-C. */
import { loadDevConfig } from './config.ts';
import { homeAt, prepareHome } from './home.ts';
import { takeLock } from './lock.ts';
import { runStack } from './run-stack.ts';
import { readStack } from './stack.ts';
import { addresses, terminalLog } from './terminal.ts';

const config = loadDevConfig();
const home = homeAt(config.home);
const log = terminalLog();

await prepareHome(home);
const claim = await takeLock(home.lockFile);
if (claim.taken) {
  const stopped = new AbortController();
  let kill = () => process.exit(130);
  const onSignal = () => {
    if (stopped.signal.aborted) kill();
    else stopped.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  try {
    await runStack({
      config,
      home,
      log,
      signal: stopped.signal,
      onKill: (end) => {
        kill = end;
      },
    });
  } catch (error) {
    if (!stopped.signal.aborted) {
      log(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  } finally {
    await claim.lock.release();
  }
  process.exit();
}
const stack = await readStack(config.home);
log(
  stack
    ? `a stack is already running in ${home.root} (pid ${claim.holder.pid}); nothing was touched\n${addresses(stack)}`
    : `a stack is just starting or stopping in ${home.root} (pid ${claim.holder.pid}); nothing was touched`,
);
