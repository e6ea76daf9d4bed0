import { msToTs } from '@temporalio/common/lib/time.js';
import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import type { Activation, Command, Job, RunIdentity, Sandbox } from './sandbox.ts';

/** One activation and the commands it produced. */
export interface Told {
  readonly activation: Activation;
  readonly commands: readonly Command[];
}

/** One run of a workflow as a worker handles it: started in the sandbox, evicted, and replayed from its history. */
export class SandboxedRun {
  private readonly sandbox: Sandbox;
  private readonly identity: RunIdentity;
  /** Called when a task failed, or a replay produced other commands. */
  private readonly broken: (why: string) => void;
  private workflow: Workflow | undefined;
  /** Activations of completed tasks: the run's history. */
  private readonly history: Told[] = [];
  private flags: number[] = [];

  constructor(sandbox: Sandbox, identity: RunIdentity, broken: (why: string) => void) {
    this.sandbox = sandbox;
    this.identity = identity;
    this.broken = broken;
  }

  /**
   * Loads the workflow if the worker does not have it, and replays its history, which must produce the same commands.
   * Returns true when there was a history to replay.
   */
  async takeUp(): Promise<boolean> {
    if (this.workflow !== undefined) return false;
    this.workflow = await this.sandbox.begin(this.identity);
    for (const { activation, commands } of this.history) {
      const again = await this.give({ ...activation, isReplaying: true, availableInternalFlags: [...this.flags] });
      if (JSON.stringify(again) === JSON.stringify(commands)) continue;
      this.broken('replayed, it did something else');
      break;
    }
    return this.history.length > 0;
  }

  /** Runs one activation at `now`. `told` are earlier activations of the same task. Returns undefined when the task failed. */
  async activate(jobs: readonly Job[], now: number, told: readonly Told[]): Promise<Told | undefined> {
    const activation: Activation = {
      runId: this.identity.runId,
      timestamp: msToTs(now),
      isReplaying: false,
      // An estimate: a task is three events, a local activity one.
      historyLength: 3 + 2 * (this.history.length + told.length),
      jobs: [...jobs],
      availableInternalFlags: [...this.flags],
    };
    const commands = await this.give(activation);
    return commands && { activation, commands };
  }

  private async give(activation: Activation): Promise<readonly Command[] | undefined> {
    // Pass a copy: the sandbox keeps the array of jobs.
    const completion = await this.workflow?.activate({ ...activation, jobs: [...(activation.jobs ?? [])] });
    if (completion?.successful) {
      this.flags = [...new Set([...this.flags, ...(completion.successful.usedInternalFlags ?? [])])];
      return completion.successful.commands ?? [];
    }
    this.broken(`a task failed: ${completion?.failed?.failure?.message}`);
    return undefined;
  }

  /** Adds a completed task to the history. */
  keep(told: readonly Told[]): void {
    this.history.push(...told);
  }

  /** The worker evicts the run from its cache. */
  async forget(): Promise<void> {
    await this.workflow?.dispose();
    this.workflow = undefined;
  }
}
