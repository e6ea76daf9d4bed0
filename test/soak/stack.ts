import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../dev/config.ts';
import { answersOk } from '../../dev/processes/node-process.ts';
import { identityOf, type ProcessIdentity } from '../../dev/processes/process-identity.ts';
import { prepareDatabase } from '../../dev/stack/prepare-database.ts';
import { programsOf, superviseProgram } from '../../dev/stack/programs.ts';
import { stackSecrets } from '../../dev/stack/secrets.ts';
import type { PartName } from '../../dev/stack/stack.ts';
import { Supervisor } from '../../dev/stack/supervisor.ts';
import { type ChaosStack, openChaosStack } from '../chaos/stack.ts';
import { eventually } from '../chaos/wait.ts';
import { freePort } from '../support/engines/engines.ts';

/** The stack of chaos with a second worker and a second API; customers reach both APIs by one address. */
export interface SoakStack extends ChaosStack {
  /** The running API and worker processes by name. One that is just starting again is left out. */
  processes(): Promise<ReadonlyMap<string, ProcessIdentity>>;
}

const READY_MS = 120_000;
/** The second copies are in no file: a crashed run leaves them to their tether, which ends them with this process. */
const NOT_RECORDED = { add: () => undefined, written: async () => undefined, clear: async () => undefined };
const COPIED: readonly PartName[] = ['api', 'worker'];

/** @throws Error when something does not start; everything that was started is stopped then. */
export async function openSoakStack(log: Log, signal: AbortSignal): Promise<SoakStack> {
  const second = { api: await freePort(), worker: await freePort(), metrics: await freePort() };
  const chaos = await openChaosStack(log, signal, [second.api]);
  const supervisor = new Supervisor({ log, record: NOT_RECORDED, onPids: () => undefined });
  const close = async () => {
    await supervisor.stop();
    await chaos.close();
  };
  try {
    await startSecond(chaos, supervisor, second);
  } catch (error) {
    await close();
    throw error;
  }
  const secondOf = (part: PartName): ProcessIdentity | undefined => identityOf(supervisor.currentPids[part] ?? 0);
  const turns = new Map<PartName, number>();
  return {
    ...chaos,
    async ready(part) {
      const turn = (turns.get(part) ?? 0) + 1;
      turns.set(part, turn);
      // First, second, second, first: so a kill and a stop, which take turns, each meet both copies.
      if (!COPIED.includes(part) || turn % 4 < 2) return chaos.ready(part);
      return eventually(`the second ${part} is ready`, READY_MS, async () => secondOf(part));
    },
    async allReady() {
      await chaos.allReady();
      for (const port of [second.api, second.worker]) {
        const url = `http://127.0.0.1:${port}/readyz`;
        await eventually(`${url} says ready`, READY_MS, async () => ((await answersOk(url)) ? true : undefined));
      }
    },
    async processes() {
      const running = new Map<string, ProcessIdentity>();
      const known = await chaos.running();
      for (const part of COPIED) {
        const both = [known.get(part), secondOf(part)];
        for (const [at, one] of both.entries()) if (one !== undefined) running.set(`${part} ${at + 1}`, one);
      }
      return running;
    },
    close,
  };
}

async function startSecond(
  { home, ports, stack, ways }: ChaosStack,
  supervisor: Supervisor,
  second: Readonly<Record<'api' | 'worker' | 'metrics', number>>,
): Promise<void> {
  const secondHome = { ...home, logs: join(home.logs, 'second') };
  await mkdir(secondHome.logs, { recursive: true });
  const url = new URL((await prepareDatabase(stack.databaseUrl, home, false)).programsUrl);
  url.port = String(ways.postgres.port);
  const { api, worker } = programsOf(
    secondHome,
    { ...ports, ...second },
    {
      ...(await stackSecrets(home)),
      databaseUrl: url.href,
      temporalAddress: `127.0.0.1:${ways.temporal.port}`,
      temporalNamespace: stack.temporalNamespace,
      temporalUiUrl: stack.temporalUiUrl,
      logLevel: 'warn',
    },
  );
  await Promise.all([api, worker].map((program) => superviseProgram(supervisor, secondHome, program)));
}
