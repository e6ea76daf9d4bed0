import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';

/** One try of an activity, with the heartbeat details of the try before. */
export interface ActivityTask {
  readonly type: string;
  readonly args: readonly unknown[];
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly heartbeat: unknown;
}

/**
 * The result of one try. killed: the process died during it. frozen: the process stands still; `thawed` lets it run to its end.
 */
export type ActivityEnd =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: unknown; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'killed'; readonly heartbeat: unknown }
  | { readonly kind: 'frozen'; readonly heartbeat: unknown; thawed(): Promise<void> };

type Activities = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

/** Failed tries are expected, so don't log them. */
const SILENT = new DefaultLogger('ERROR', () => {});

const KILLED = 'WorkerKilled';
/** Thrown where the process dies. No activity handles an error of this type. */
export const killed = (): ApplicationFailure => ApplicationFailure.create({ message: 'killed', type: KILLED });

/** Runs activities one at a time. A frozen activity stays open beside the next ones. */
export class ActivityRuns {
  /** Input of the current send, from which the provider records what it was sent for. */
  sending: unknown;
  private readonly activities: Activities;
  private readonly ready: () => Promise<void>;
  private freezing: (() => void) | undefined;

  /** `ready` is awaited before each try, and before a frozen try continues. */
  constructor(activities: Activities, ready: () => Promise<void>) {
    this.activities = activities;
    this.ready = ready;
  }

  async run({ type, args, attempt, at, heartbeat }: ActivityTask): Promise<ActivityEnd> {
    const activity = this.activities[type];
    if (activity === undefined) throw new Error(`there is no activity ${type}`);
    const environment = new MockActivityEnvironment(
      {
        attempt,
        heartbeatDetails: heartbeat,
        currentAttemptScheduledTimestampMs: at,
        scheduledTimestampMs: at,
        startToCloseTimeoutMs: 300_000,
      },
      { logger: SILENT },
    );
    await this.ready();
    let said = heartbeat;
    environment.on('heartbeat', (details) => {
      said = details;
    });
    const stands = new Promise<'frozen'>((resolve) => {
      this.freezing = () => resolve('frozen');
    });
    this.sending = args[0];
    const ending = environment.run(activity as (...args: unknown[]) => Promise<unknown>, ...args).then(
      (value): ActivityEnd => ({ kind: 'done', value }),
      (error: unknown): ActivityEnd => {
        if (error instanceof ApplicationFailure && error.type === KILLED) return { kind: 'killed', heartbeat: said };
        return { kind: 'failed', error, retryAfterMs: retryAfterMs(error) };
      },
    );
    const end = await Promise.race([ending, stands]);
    this.freezing = undefined;
    if (end !== 'frozen') return end;
    const thaw = this.thaw;
    const thawed = async () => {
      await this.ready();
      this.sending = args[0];
      thaw?.();
      await ending;
    };
    return { kind: 'frozen', heartbeat: said, thawed };
  }

  private thaw: (() => void) | undefined;

  /** Called inside an activity: freezes it here until it is thawed. */
  freeze(): Promise<void> {
    // A thawed activity does not freeze again.
    if (this.freezing === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.thaw = resolve;
      this.freezing?.();
    });
  }
}

function retryAfterMs(error: unknown): number | undefined {
  if (!(error instanceof ApplicationFailure)) return undefined;
  const { nextRetryDelay } = error;
  if (nextRetryDelay === undefined || nextRetryDelay === null) return undefined;
  if (typeof nextRetryDelay === 'number') return nextRetryDelay;
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(nextRetryDelay)?.[1];
  if (seconds === undefined) throw new Error(`unreadable retry delay: ${nextRetryDelay}`);
  return Number(seconds) * 1_000;
}
