import { msToTs } from '@temporalio/common/lib/time.js';
import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import type { Activation, Command, Job, RunIdentity, Sandbox } from './sandbox.ts';

/** One activation as it was taken, and what came of it. */
export interface Told {
  readonly activation: Activation;
  readonly commands: readonly Command[];
}

/** One run of a workflow as a worker has it: begun in the sandbox, forgotten, and replayed from what it has been told. */
export class SandboxedRun {
  private readonly sandbox: Sandbox;
  private readonly identity: RunIdentity;
  /** It has failed, or did something else when it was replayed. */
  private readonly broken: (why: string) => void;
  private workflow: Workflow | undefined;
  /** What is in its history, by tasks that were completed. */
  private readonly history: Told[] = [];
  private flags: number[] = [];

  constructor(sandbox: Sandbox, identity: RunIdentity, broken: (why: string) => void) {
    this.sandbox = sandbox;
    this.identity = identity;
    this.broken = broken;
  }

  /**
   * As a worker takes up a workflow that it does not know: all that happened is told again, and must lead to the same. True
   * when anything was.
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

  /** Tells it something new, at `now` and after what it was `told` in the same task; undefined when the task failed. */
  async activate(jobs: readonly Job[], now: number, told: readonly Told[]): Promise<Told | undefined> {
    const activation: Activation = {
      runId: this.identity.runId,
      timestamp: msToTs(now),
      isReplaying: false,
      // About: a task is three events, a local activity one.
      historyLength: 3 + 2 * (this.history.length + told.length),
      jobs: [...jobs],
      availableInternalFlags: [...this.flags],
    };
    const commands = await this.give(activation);
    return commands && { activation, commands };
  }

  private async give(activation: Activation): Promise<readonly Command[] | undefined> {
    // The sandbox keeps the jobs it is given.
    const completion = await this.workflow?.activate({ ...activation, jobs: [...(activation.jobs ?? [])] });
    if (completion?.successful) {
      this.flags = [...new Set([...this.flags, ...(completion.successful.usedInternalFlags ?? [])])];
      return completion.successful.commands ?? [];
    }
    this.broken(`a task failed: ${completion?.failed?.failure?.message}`);
    return undefined;
  }

  /** A task was completed: this is its history from now on. */
  keep(told: readonly Told[]): void {
    this.history.push(...told);
  }

  /** The worker does not know it any more. */
  async forget(): Promise<void> {
    await this.workflow?.dispose();
    this.workflow = undefined;
  }
}
