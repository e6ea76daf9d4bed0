import { rm } from 'node:fs/promises';
import type { Log } from '../config.ts';
import { readIfThere, writeByRename } from '../files.ts';
import { endProcess, identityOf, isAlive, type ProcessIdentity } from '../processes/process-identity.ts';
import type { Home } from './home.ts';
import type { PartName } from './stack.ts';

/** The running processes of this state folder's stack, kept on disk so that the start after a crash can end them. */
export type ProcessRecord = {
  add(name: PartName, pid: number): void;
  /** Waits until the list on disk equals the list in memory. */
  written(): Promise<void>;
  clear(): Promise<void>;
};

type RecordedProcess = ProcessIdentity & { name: PartName };

/** The processes that a state folder's stack has started, or had when it crashed. Some may have ended since. */
export async function recordedProcesses(home: Home): Promise<RecordedProcess[]> {
  const text = await readIfThere(home.processesFile);
  return text === undefined ? [] : (JSON.parse(text) as RecordedProcess[]);
}

export function recordProcesses(home: Home): ProcessRecord {
  const running = new Map<PartName, RecordedProcess>();
  let writing: Promise<void> = Promise.resolve();
  return {
    add(name, pid) {
      const identity = identityOf(pid);
      if (!identity) return;
      running.set(name, { name, ...identity });
      writing = writing.then(() => writeByRename(home.processesFile, JSON.stringify([...running.values()])));
    },
    written: () => writing,
    async clear() {
      await writing;
      await rm(home.processesFile, { force: true });
    },
  };
}

const LEFTOVER_STEPS = [
  ['SIGTERM', 8_000],
  ['SIGKILL', 5_000],
] as const;
const LEFTOVER_ORDER: readonly PartName[] = ['api', 'worker', 'provider', 'temporal'];

/**
 * Ends what a crashed run left. A process is identified by pid and start time, so another program with the same pid is never
 * touched.
 * PostgreSQL is left to endLeftoverPostgres, which finds it even without this list.
 */
export async function endLeftovers(home: Home, log: Log): Promise<void> {
  const recorded = await recordedProcesses(home);
  for (const name of LEFTOVER_ORDER) {
    for (const left of recorded.filter((each) => each.name === name && isAlive(each))) {
      log(`ending the ${name} of an earlier run that did not stop cleanly (pid ${left.pid})`);
      await endProcess(left, LEFTOVER_STEPS);
    }
  }
  await rm(home.processesFile, { force: true });
}
