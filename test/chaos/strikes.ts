import type { Log } from '../../dev/config.ts';
import { signalProcess } from '../../dev/processes/process-identity.ts';
import type { PartName } from '../../dev/stack/stack.ts';
import type { Strike } from './plan.ts';
import type { ChaosStack } from './stack.ts';
import { sleep } from './wait.ts';

/** Counts of what was really done, which may differ from the plan. */
export interface Struck {
  /** Kills that hit their process, by process. */
  readonly killed: Map<PartName, number>;
  /** When all four processes were killed at once; by `performance.now()`. */
  readonly everything: number[];
  stopped: number;
  /** Times that the provider was down. */
  down: number;
  frozen: number;
  cut: number;
  blocked: number;
  delayed: number;
}

export const nothingStruck = (): Struck => ({
  killed: new Map(),
  everything: [],
  stopped: 0,
  down: 0,
  frozen: 0,
  cut: 0,
  blocked: 0,
  delayed: 0,
});

export interface StrikeOptions {
  readonly struck: Struck;
  /** Number of acknowledged orders so far. */
  readonly acknowledged: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Orders that must be acknowledged after a kill before the next `atWork` kill. */
const ORDERS_BEFORE = 4;
/** The longest wait for those orders: the machine may be slow, or the customers may have all their orders. */
const AT_WORK_MS = 20_000;

/**
 * Carries out the plan, each strike at its time. A kill waits until its process is ready.
 * On return, also after an abort, nothing is frozen, blocked or slowed down any more.
 */
export async function strike(
  chaos: ChaosStack,
  strikes: readonly Strike[],
  { struck, acknowledged, log, signal }: StrikeOptions,
): Promise<void> {
  const began = performance.now();
  const passing: Promise<void>[] = [];
  let before = 0;
  for (const one of strikes) {
    await sleep(one.at - (performance.now() - began), signal);
    if (one.kind === 'kill' && one.atWork) await untilSome(() => acknowledged() >= before + ORDERS_BEFORE, signal);
    if (signal.aborted) break;
    log(describe(one));
    if (one.kind === 'kill') {
      await kill(chaos, one.parts, struck);
      before = acknowledged();
    } else passing.push(disturb(chaos, one, struck, signal));
  }
  await Promise.all(passing);
}

async function kill(chaos: ChaosStack, parts: readonly PartName[], struck: Struck): Promise<void> {
  for (;;) {
    const processes = await Promise.all(parts.map(async (part) => ({ part, process: await chaos.ready(part) })));
    // Signals without a pause between them count as the same moment.
    const hit = processes.filter(({ process }) => signalProcess(process, 'SIGKILL'));
    for (const { part } of hit) struck.killed.set(part, (struck.killed.get(part) ?? 0) + 1);
    // A process may have just ended by itself, e.g. because the database was killed before. Then try again.
    if (hit.length < parts.length) continue;
    if (parts.length > 1) struck.everything.push(performance.now());
    return;
  }
}

async function disturb(
  { ready, ways, stack }: ChaosStack,
  one: Exclude<Strike, { kind: 'kill' }>,
  struck: Struck,
  signal: AbortSignal,
): Promise<void> {
  switch (one.kind) {
    case 'freeze': {
      // A part that does not come back fails the next kill, or the end of the run.
      const process = await ready(one.part).catch(() => undefined);
      // PostgreSQL's children would still answer, so freeze their connections too.
      const way = one.part === 'postgres' ? ways.postgres : undefined;
      if (process === undefined || !signalProcess(process, 'SIGSTOP')) return;
      struck.frozen += 1;
      way?.freeze();
      await sleep(one.ms, signal);
      way?.thaw();
      signalProcess(process, 'SIGCONT');
      return;
    }
    case 'stop': {
      const process = await ready(one.part).catch(() => undefined);
      // On SIGTERM PostgreSQL waits for all its clients to leave.
      const ending = one.part === 'postgres' ? 'SIGINT' : 'SIGTERM';
      if (process !== undefined && signalProcess(process, ending)) struck.stopped += 1;
      return;
    }
    case 'down': {
      const body = JSON.stringify({ down: true, downMs: one.ms });
      await fetch(`${stack.providerUrl}/control/config`, { method: 'POST', body });
      struck.down += 1;
      return;
    }
    case 'cut':
      struck.cut += 1;
      return ways[one.way].cut();
    case 'block':
      struck.blocked += 1;
      ways[one.way].freeze();
      await sleep(one.ms, signal);
      return ways[one.way].thaw();
    case 'delay':
      struck.delayed += 1;
      ways.slowDown(one.way, one.by);
      await sleep(one.ms, signal);
      return ways.slowDown(one.way, 0);
  }
}

async function untilSome(there: () => boolean, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + AT_WORK_MS;
  while (!there() && performance.now() < deadline && !signal.aborted) await sleep(100, signal);
}

function describe(one: Strike): string {
  switch (one.kind) {
    case 'kill':
      return `kill -9 ${one.parts.join(', ')}`;
    case 'stop':
      return `stop ${one.part}`;
    case 'down':
      return `the provider is down for ${one.ms} ms`;
    case 'freeze':
      return `freeze ${one.part} for ${one.ms} ms`;
    case 'cut':
      return `cut every connection to ${one.way}`;
    case 'block':
      return `block every connection to ${one.way} for ${one.ms} ms`;
    case 'delay':
      return `delay everything to and from ${one.way} by ${one.by} ms for ${one.ms} ms`;
  }
}
