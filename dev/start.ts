/** `npm start`: the whole stack on this machine, until Ctrl-C. */
import { randomBytes } from 'node:crypto';
import { LIMITS } from '../domain/limits.ts';
import { loadDevConfig } from './config.ts';
import { takeLock } from './processes/lock.ts';
import { showOrders } from './stack/demo.ts';
import { homeAt, prepareHome } from './stack/home.ts';
import { type ReadyStack, runStack } from './stack/run-stack.ts';
import { signInLinks } from './stack/sign-in-links.ts';
import { readStack } from './stack/stack.ts';
import { addresses, orderCommand, terminalLog } from './stack/terminal.ts';

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
      demoOrders: true,
      onReady: (ready) => void showReady(ready, stopped.signal),
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
    ? `a stack is already running in ${home.root} (pid ${claim.holder.pid}); nothing was changed\n${addresses(stack)}`
    : `a stack is just starting or stopping in ${home.root} (pid ${claim.holder.pid}); nothing was changed`,
);

/** The first screen: how to reach everything, links that sign in, a command to try, then the demo orders. */
async function showReady({ stack, service }: ReadyStack, signal: AbortSignal): Promise<void> {
  const links = await signInLinks(stack).catch((error: unknown) => {
    log(`no links to sign in: ${String(error)}`);
    return undefined;
  });
  const command = orderCommand(stack, service, `demo-${randomBytes(4).toString('hex')}`);
  const pages =
    links === undefined
      ? ''
      : `Open the pages, signed in (each link works once, for ${LIMITS.signInLinkMinutes} minutes):\n\n  customer      ${links.app}\n  staff         ${links.ops}\n\n`;
  log(
    `ready\n${addresses(stack)}\n\n${pages}Place an order (pasted twice, it places only one):\n\n${command}\n\n` +
      'Progress of the demo orders (Ctrl-C stops everything):',
  );
  await showOrders({ apiUrl: stack.apiUrl, apiKey: stack.apiKey, log, signal });
}
