import { ApplicationFailure, defaultFailureConverter, defaultPayloadConverter, type Payload } from '@temporalio/common';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { ORDER_WORKFLOW, type OrderInput } from '../../workflows/contract.ts';
import type { ActivityEnd } from './activity-runs.ts';
import type { Command, Job, RunIdentity } from './sandbox.ts';

const payloads = (...values: unknown[]): Payload[] => values.map((value) => defaultPayloadConverter.toPayload(value));
export const values = (encoded: readonly Payload[] | null | undefined): unknown[] =>
  (encoded ?? []).map((one) => defaultPayloadConverter.fromPayload(one));

/** The first job of a run. */
export const startJob = (run: RunIdentity, input: OrderInput, attributes: Readonly<Record<string, Payload>>): Job => ({
  initializeWorkflow: {
    workflowType: ORDER_WORKFLOW,
    workflowId: run.workflowId,
    arguments: payloads(input),
    headers: {},
    identity: 'simulation',
    attempt: 1,
    firstExecutionRunId: run.firstRunId,
    originalExecutionRunId: run.runId,
    startTime: msToTs(run.startedAt),
    searchAttributes: { indexedFields: { ...attributes } },
  },
});

export const signalJob = (signalName: string, message: unknown): Job => ({
  signalWorkflow: { signalName, input: payloads(message), identity: 'simulation', headers: {} },
});

export const updateJob = (id: string, name: string, message: unknown): Job => ({
  doUpdate: {
    id,
    protocolInstanceId: id,
    name,
    input: payloads(message),
    headers: {},
    meta: { updateId: id, identity: 'simulation' },
    runValidator: true,
  },
});

type Resolution = NonNullable<NonNullable<Job['resolveActivity']>['result']>;

/** The result of an activity, as a job for the workflow that waits for it. */
export const success = (value: unknown): Resolution => ({
  completed: { result: defaultPayloadConverter.toPayload(value) },
});

export const failure = ({ activityId, activityType }: Scheduled, error: unknown): Resolution => {
  const cause = defaultFailureConverter.errorToFailure(error, defaultPayloadConverter);
  const activityFailureInfo = { activityId, activityType: { name: activityType } };
  return { failed: { failure: { message: 'activity failed', cause, activityFailureInfo } as never } };
};

/** Sorts jobs: the start first, then signals and updates, then results of timers and activities. */
export function inOrder(jobs: readonly Job[]): Job[] {
  const rank = ({ initializeWorkflow, signalWorkflow, doUpdate }: Job) =>
    initializeWorkflow ? 0 : signalWorkflow || doUpdate ? 1 : 2;
  return [...jobs].sort((one, other) => rank(one) - rank(other));
}

type Scheduled = NonNullable<Command['scheduleActivity']> | NonNullable<Command['scheduleLocalActivity']>;

export const taskOf = (schedule: Scheduled) => ({
  type: schedule.activityType ?? '',
  args: values(schedule.arguments),
});

/** Milliseconds until the next try; undefined when there is no further try. */
export function backoff({ retryPolicy }: Scheduled, attempt: number, end: ActivityEnd): number | undefined {
  const { initialInterval, maximumInterval, maximumAttempts, backoffCoefficient } = retryPolicy ?? {};
  if (maximumAttempts && attempt >= maximumAttempts) return undefined;
  if (end.kind === 'failed' && end.error instanceof ApplicationFailure && end.error.nonRetryable) return undefined;
  if (end.kind === 'failed' && end.retryAfterMs !== undefined) return end.retryAfterMs;
  const first = initialInterval ? tsToMs(initialInterval) : 1_000;
  const longest = maximumInterval ? tsToMs(maximumInterval) : 100 * first;
  return Math.min(first * (backoffCoefficient || 2) ** (attempt - 1), longest);
}
