import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../config.ts';
import { secondsSince } from '../elapsed.ts';
import type { Running } from '../processes/server-process.ts';
import type { ProcessRecord } from './process-record.ts';
import type { PartName } from './stack.ts';

/** Starts a part and returns when it is ready. Calls `onSpawn` with the pid as soon as there is one. */
export type StartPart = (onSpawn: (pid: number) => void) => Promise<Running>;

export type SupervisorOptions = {
  log: Log;
  record: ProcessRecord;
  /** Called with all pids whenever one is new. */
  onPids: (pids: Partial<Record<PartName, number>>) => void;
};

/** A part that lived this long is restarted at once; one that keeps dying waits longer before each restart. */
const SETTLED_MS = 30_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Users of a part stop before the part they use. */
const STOP_ORDER: readonly PartName[] = ['api', 'worker', 'provider', 'temporal', 'postgres'];

type Part = {
  start: StartPart;
  running: Running | undefined;
  /** Milliseconds to wait before the next start. */
  pause: number;
};

/** Keeps the parts of the stack running until it is told to stop. */
export class Supervisor {
  private readonly parts = new Map<PartName, Part>();
  private readonly pids: Partial<Record<PartName, number>> = {};
  private readonly options: SupervisorOptions;
  private readonly starting = new Map<PartName, Promise<unknown>>();
  private stopping = false;

  constructor(options: SupervisorOptions) {
    this.options = options;
  }

  /** Starts a part for the first time and keeps it from then on. Throws when it does not become ready. */
  async start<T extends Running>(name: PartName, start: (onSpawn: (pid: number) => void) => Promise<T>): Promise<T> {
    if (this.stopping) throw new Error('the stack is stopping');
    this.parts.set(name, { start, running: undefined, pause: 0 });
    const running = await this.launch(name, start);
    this.keep(name, running);
    return running;
  }

  get currentPids(): Partial<Record<PartName, number>> {
    return { ...this.pids };
  }

  /** Stops every part, in order. A part that is just starting is ended too. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const name of STOP_ORDER) {
      await this.giveUpStarting(name);
      const running = this.parts.get(name)?.running;
      if (!running) continue;
      const started = Date.now();
      await running.stop();
      this.options.log(`${name} stopped (${secondsSince(started)} s)`);
    }
    await this.options.record.clear();
  }

  /** Ends a part that is just starting, without waiting until it is ready. */
  private async giveUpStarting(name: PartName): Promise<void> {
    const starting = this.starting.get(name);
    const pid = this.pids[name];
    if (!starting) return;
    if (pid !== undefined) sendQuietly(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    await starting.catch(() => undefined);
  }

  /** Kills every process at once. PostgreSQL gets SIGQUIT, so that its children end too. */
  kill(): void {
    this.stopping = true;
    for (const [name, pid] of Object.entries(this.pids)) sendQuietly(pid, name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
  }

  private async launch<T extends Running>(
    name: PartName,
    start: (onSpawn: (pid: number) => void) => Promise<T>,
  ): Promise<T> {
    const launching = start((pid) => {
      this.pids[name] = pid;
      this.options.record.add(name, pid);
    });
    this.starting.set(name, launching);
    try {
      const running = await launching;
      const part = this.parts.get(name);
      if (part) part.running = running;
      this.options.onPids(this.currentPids);
      return running;
    } finally {
      this.starting.delete(name);
    }
  }

  private keep(name: PartName, running: Running): void {
    const since = Date.now();
    running.onExit(() => {
      delete this.pids[name];
      const part = this.parts.get(name);
      if (this.stopping || !part) return;
      part.running = undefined;
      if (Date.now() - since >= SETTLED_MS) part.pause = 0;
      void this.startAgain(name, part);
    });
  }

  private async startAgain(name: PartName, part: Part): Promise<void> {
    this.options.log(`${name} ended by itself: starting it again`);
    for (;;) {
      await delay(part.pause);
      part.pause = Math.min(Math.max(part.pause * 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
      if (this.stopping) return;
      const started = Date.now();
      try {
        const running = await this.launch(name, part.start);
        this.options.log(`${name} is back (pid ${running.pid}, ${secondsSince(started)} s)`);
        this.keep(name, running);
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (!this.stopping) this.options.log(`${name} did not come back: ${reason.split('\n', 1)[0]}`);
      }
    }
  }
}

function sendQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone.
  }
}
