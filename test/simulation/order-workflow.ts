import type { Payload } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { type OrderInput, orderWorkflowId } from '../../workflows/contract.ts';
import type { ActivityRuns, ActivityTask } from './activity-runs.ts';
import type { Agenda } from './agenda.ts';
import { backoff, failure, inOrder, signalJob, startJob, success, taskOf, updateJob, values } from './jobs.ts';
import type { Command, Job, Sandbox } from './sandbox.ts';
import { SandboxedRun, type Told } from './sandboxed-run.ts';

/** A try without a heartbeat for this long has failed, and the next try begins. */
const HEARTBEAT_TIMEOUT_MS = 15_000;

/** The environment of an order's workflow. */
export interface Place {
  readonly agenda: Agenda;
  readonly sandbox: Sandbox;
  readonly activities: ActivityRuns;
  /** How many milliseconds a frozen activity stays frozen. */
  frozenFor(orderId: number): number;
  /** Whether the worker evicts this workflow before its next task, so that it must replay it. */
  forgets(orderId: number, task: number): boolean;
  /** Called when the workflow failed, or a replay produced other commands. */
  broken(orderId: number, why: string): void;
}

/**
 * Does what the Temporal server and the SDK's core do for one order's workflow: tasks, timers, activities with retries, replays.
 * A task whose worker dies is repeated with the same jobs, and its local activities with it. A task that would end the workflow
 * is also repeated when new jobs have arrived, as a server would do.
 */
export class OrderWorkflow {
  readonly orderId: number;
  closed = false;
  /** Number of tasks, runs and replays, for the report. */
  tasks = 0;
  runs = 0;
  replays = 0;
  private readonly place: Place;
  private input: OrderInput;
  private run!: SandboxedRun;
  private inbox: Job[] = [];
  private busy = false;
  private attributes: Record<string, Payload> = {};
  private readonly timers = new Map<number, () => void>();
  private readonly answers = new Map<string, (answer: unknown) => void>();
  private asked = 0;
  /** Guards against passing a result of an earlier run to the next run. */
  private get runNumber(): number {
    return this.runs;
  }

  constructor(place: Place, input: OrderInput) {
    this.place = place;
    this.input = input;
    this.orderId = input.orderId;
    this.begin();
  }

  signal(signalName: string, message?: unknown): void {
    if (this.closed) return;
    this.tell(signalJob(signalName, message));
  }

  /** Resolves to the update's answer; null when the workflow ended first. */
  update(name: string, message: unknown): Promise<unknown> {
    if (this.closed) return Promise.resolve(null);
    this.asked += 1;
    const id = `${name}-${this.asked}`;
    const answered = new Promise<unknown>((resolve) => this.answers.set(id, resolve));
    this.tell(updateJob(id, name, message));
    return answered;
  }

  private begin(): void {
    this.runs += 1;
    const { agenda, sandbox } = this.place;
    const workflowId = orderWorkflowId(this.orderId);
    const [firstRunId, runId] = [1, this.runs].map((run) => `${workflowId}-run-${run}`) as [string, string];
    const identity = { workflowId, runId, firstRunId, startedAt: agenda.now };
    this.run = new SandboxedRun(sandbox, identity, (why) => this.breaks(why));
    this.inbox.unshift(startJob(identity, this.input, this.attributes));
    this.wake();
  }

  private breaks(why: string): void {
    this.closed = true;
    this.place.broken(this.orderId, why);
  }

  private tell(job: Job): void {
    this.inbox.push(job);
    this.wake();
  }

  private wake(): void {
    this.place.agenda.in(1, () => this.task());
  }

  /** Starts a task, unless one is running or there are no jobs. */
  private async task(): Promise<void> {
    if (this.busy || this.closed || this.inbox.length === 0) return;
    this.busy = true;
    this.tasks += 1;
    if (this.place.forgets(this.orderId, this.tasks)) await this.run.forget();
    await this.attempt(this.inbox.splice(0));
  }

  /** Runs one task with the new jobs. Repeated from the beginning when the worker dies during the task. */
  private async attempt(news: readonly Job[]): Promise<void> {
    if (this.closed) return;
    if (await this.run.takeUp()) this.replays += 1;
    await this.activate(inOrder(news), [], news);
  }

  private async activate(jobs: readonly Job[], told: Told[], news: readonly Job[]): Promise<void> {
    const said = this.closed ? undefined : await this.run.activate(jobs, this.place.agenda.now, told);
    if (said === undefined) return;
    told.push(said);
    const local = told.flatMap((one) => one.commands).filter((command) => command.scheduleLocalActivity);
    const resolved = told.flatMap((one) => one.activation.jobs ?? []).filter((job) => job.resolveActivity?.isLocal);
    const next = local[resolved.length]?.scheduleLocalActivity;
    if (next) await this.local(next, 1, told, news);
    else await this.complete(told, news);
  }

  private async local(
    schedule: NonNullable<Command['scheduleLocalActivity']>,
    attempt: number,
    told: Told[],
    news: readonly Job[],
  ): Promise<void> {
    if (this.closed) return;
    const task = { ...taskOf(schedule), attempt, at: this.place.agenda.now, heartbeat: undefined };
    const end = await this.place.activities.run(task);
    switch (end.kind) {
      case 'done': {
        const result = success(end.value);
        return this.activate([{ resolveActivity: { seq: schedule.seq ?? 0, isLocal: true, result } }], told, news);
      }
      case 'killed':
        // The worker is gone, and the whole task with it. Another worker repeats the task.
        await this.forget();
        this.place.agenda.in(10_000, () => this.attempt([...news, ...this.inbox.splice(0)]));
        return;
      default: {
        const wait = backoff(schedule, attempt, end);
        if (wait === undefined) {
          if (end.kind !== 'failed') throw new Error(`a local activity gave up: ${schedule.activityType}`);
          const result = failure(schedule, end.error);
          return this.activate([{ resolveActivity: { seq: schedule.seq ?? 0, isLocal: true, result } }], told, news);
        }
        this.place.agenda.in(wait, () => this.local(schedule, attempt + 1, told, news));
      }
    }
  }

  private async complete(told: readonly Told[], news: readonly Job[]): Promise<void> {
    const commands = told.flatMap((one) => one.commands);
    const ends = commands.some(
      (one) => one.completeWorkflowExecution || one.continueAsNewWorkflowExecution || one.failWorkflowExecution,
    );
    if (ends && this.inbox.length > 0) {
      // A server rejects a command that ends the workflow while jobs are waiting.
      await this.forget();
      return this.attempt([...news, ...this.inbox.splice(0)]);
    }
    this.run.keep(told);
    this.busy = false;
    for (const command of commands) await this.carryOut(command);
    if (this.inbox.length > 0) this.wake();
  }

  private async carryOut(command: Command): Promise<void> {
    const { agenda } = this.place;
    if (command.startTimer) {
      const { seq, startToFireTimeout } = command.startTimer;
      const number = seq ?? 0;
      const due = agenda.now + tsToMs(startToFireTimeout);
      this.timers.set(
        number,
        agenda.at(due, async () => this.tell({ fireTimer: { seq: number } })),
      );
    } else if (command.cancelTimer) {
      const number = command.cancelTimer.seq ?? 0;
      this.timers.get(number)?.();
      this.inbox = this.inbox.filter(({ fireTimer }) => fireTimer?.seq !== number);
    } else if (command.scheduleActivity) {
      this.remote(command.scheduleActivity, 1, undefined, 1);
    } else if (command.updateResponse) {
      const { protocolInstanceId, completed, rejected } = command.updateResponse;
      if (completed || rejected) {
        this.answers.get(protocolInstanceId ?? '')?.(completed ? values([completed])[0] : { ok: false });
        this.answers.delete(protocolInstanceId ?? '');
      }
    } else if (command.upsertWorkflowSearchAttributes) {
      Object.assign(this.attributes, command.upsertWorkflowSearchAttributes.searchAttributes?.indexedFields);
    } else if (command.continueAsNewWorkflowExecution) {
      await this.leave();
      this.input = values(command.continueAsNewWorkflowExecution.arguments)[0] as OrderInput;
      this.begin();
    } else if (command.completeWorkflowExecution) {
      this.closed = true;
      await this.leave();
    } else if (command.failWorkflowExecution) {
      this.breaks(`the workflow failed: ${command.failWorkflowExecution.failure?.message}`);
    }
  }

  /** Runs an activity on a worker, and retries it until it has a result or may not be retried. */
  private remote(
    schedule: NonNullable<Command['scheduleActivity']>,
    attempt: number,
    heartbeat: unknown,
    wait: number,
  ): void {
    const { agenda, activities, frozenFor } = this.place;
    const run = this.runNumber;
    agenda.in(wait, async () => {
      if (this.closed || this.runNumber !== run) return;
      const task: ActivityTask = { ...taskOf(schedule), attempt, at: agenda.now, heartbeat };
      const end = await activities.run(task);
      const seq = schedule.seq ?? 0;
      const resolve = (result: NonNullable<Job['resolveActivity']>['result']) => {
        if (this.runNumber === run && !this.closed)
          this.tell({ resolveActivity: { seq, isLocal: false, result: result ?? null } });
      };
      if (end.kind === 'done') return resolve(success(end.value));
      if (end.kind === 'failed') {
        const again = backoff(schedule, attempt, end);
        if (again !== undefined) return this.remote(schedule, attempt + 1, heartbeat, again);
        return resolve(failure(schedule, end.error));
      }
      if (end.kind === 'frozen') agenda.in(frozenFor(this.orderId), end.thawed);
      else await this.forget();
      // The dead or frozen try sends no heartbeat, so the next try starts after the heartbeat timeout.
      this.remote(schedule, attempt + 1, end.heartbeat, HEARTBEAT_TIMEOUT_MS + (backoff(schedule, attempt, end) ?? 0));
    });
  }

  /** Terminates the workflow. Activities already running on a worker continue. */
  async terminate(): Promise<void> {
    this.closed = true;
    await this.leave();
  }

  /** The worker evicts the workflow from its cache. */
  forget(): Promise<void> {
    return this.run.forget();
  }

  private async leave(): Promise<void> {
    await this.forget();
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    for (const answer of this.closed ? this.answers.values() : []) answer(null);
  }
}
