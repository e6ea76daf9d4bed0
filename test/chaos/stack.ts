import type { Log } from '../../dev/config.ts';
import { answersOk } from '../../dev/processes/node-process.ts';
import { isAlive, type ProcessIdentity } from '../../dev/processes/process-identity.ts';
import type { Home } from '../../dev/stack/home.ts';
import type { Ports } from '../../dev/stack/ports.ts';
import { recordedProcesses } from '../../dev/stack/process-record.ts';
import { stackSecrets } from '../../dev/stack/secrets.ts';
import { type PartName, readStack, type Stack } from '../../dev/stack/stack.ts';
import { startStack } from '../../dev/stack/start-stack.ts';
import { makeHome, removeHome } from '../support/engines/own-home.ts';
import { openReceiver, type Receiver } from '../support/peers/receiver.ts';
import { EVERYTHING } from './plan.ts';
import { eventually } from './wait.ts';
import { openWays, type Ways } from './ways.ts';

/** The stack of `npm start` in its own state folder, with a proxy on every connection, and a receiver of webhooks. */
export interface ChaosStack {
  readonly stack: Stack;
  /** The state folder; `close` removes it. */
  readonly home: Home;
  readonly ports: Ports;
  readonly ways: Ways;
  readonly receiver: Receiver;
  /** The simulated provider's API key. */
  readonly providerKey: string;
  /** Waits until a part is ready and returns its process; the supervisor restarts a part that died. Throws after two minutes. */
  ready(part: PartName): Promise<ProcessIdentity>;
  /** The processes that run now, by part. */
  running(): Promise<ReadonlyMap<PartName, ProcessIdentity>>;
  /** Waits until every part is ready and the API and worker answer. */
  allReady(): Promise<void>;
  /** Stops everything, and removes the state folder. */
  close(): Promise<void>;
}

const READY_MS = 120_000;
const EVENTS_OF_PARTS = /^\w+ (ended by itself|is back|did not come back)/;

/**
 * Starts the stack. When the start fails or `signal` aborts it, stops everything that was started.
 * `moreApis`: ports of APIs that the caller starts; the way to the API leads to them too.
 */
export async function openChaosStack(
  log: Log,
  signal: AbortSignal,
  moreApis: readonly number[] = [],
): Promise<ChaosStack> {
  const { home, ports } = await makeHome('chaos');
  const { providerKey } = await stackSecrets(home);
  const receiver = await openReceiver();
  const ways = await openWays({ ...ports, receiver: Number(new URL(receiver.url).port) }, moreApis);
  const starting = startStack(home.root, {
    // Log only the ends and restarts of parts.
    log: (line) => EVENTS_OF_PARTS.test(line) && log(line.replace(/: .*/, '')),
    signal,
    detours: { postgres: ways.postgres.port, temporal: ways.temporal.port },
  });
  let ending: Promise<void> | undefined;
  const end = async () => {
    const started = await starting.catch(() => undefined);
    await started?.stop();
    await ways.close();
    await receiver.close();
    await removeHome(home);
  };
  const close = () => {
    ending ??= end();
    return ending;
  };

  const ready = async (part: PartName): Promise<ProcessIdentity> =>
    eventually(`${part} is ready`, READY_MS, async () => {
      const pid = (await readStack(home.root))?.pids[part];
      const known = (await recordedProcesses(home)).find(({ name }) => name === part);
      return known !== undefined && known.pid === pid && isAlive(known) ? known : undefined;
    });
  try {
    const { stack } = await starting;
    return {
      stack,
      home,
      ports,
      ways,
      receiver,
      providerKey,
      ready,
      running: async () => {
        const alive = (await recordedProcesses(home)).filter((process) => isAlive(process));
        return new Map(alive.map(({ name, pid, started }) => [name, { pid, started }]));
      },
      async allReady() {
        for (const part of [...EVERYTHING, 'provider' as const]) await ready(part);
        for (const port of [ports.worker, ports.api]) {
          const url = `http://127.0.0.1:${port}/readyz`;
          await eventually(`${url} says ready`, READY_MS, async () => ((await answersOk(url)) ? true : undefined));
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
