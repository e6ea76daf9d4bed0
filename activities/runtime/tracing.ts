import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import { inLogContext } from '../../net/log-context.ts';
import type { Tracing } from '../../net/tracing.ts';
import { carriedTrace, type TraceSinks } from '../../workflows/carried-trace.ts';
import { orderIdOf } from '../../workflows/contract.ts';

/**
 * Makes each log line of an activity say the order, and with tracing the trace and the request that placed the order. An activity
 * is a span when its workflow is traced; those that watch providers and deliver webhooks run for minutes and serve many orders, so
 * they are none.
 */
export const inItsContext =
  (tracing?: Tracing): ActivityInterceptorsFactory =>
  ({ info: { activityType, attempt, workflowExecution: of } }) => ({
    inbound: {
      execute: ({ headers, ...input }, next) => {
        const order = of === undefined ? undefined : orderIdOf(of.workflowId);
        const carried = carriedTrace(headers);
        const run = () => next({ headers, ...input });
        return inLogContext({ order, requestId: carried?.requestId }, () => {
          if (tracing === undefined || carried === undefined) return run();
          const attributes = {
            'temporal.workflow_id': of?.workflowId,
            'temporal.run_id': of?.runId,
            'temporal.attempt': attempt,
            'holdfast.order': order,
          };
          return tracing.enter(carried.parent, { name: `activity ${activityType}`, kind: 'internal', attributes }, run);
        });
      },
    },
  });

/** Takes the spans of workflows. A replay repeats none. */
export const traceSinks = (tracing: Tracing): InjectedSinks<TraceSinks> => ({
  trace: {
    activated: {
      fn: ({ workflowType, workflowId, runId }, span) =>
        tracing.record({
          ...span,
          endedAt: Date.now(),
          name: `workflow ${workflowType}`,
          kind: 'internal',
          attributes: {
            'temporal.workflow_id': workflowId,
            'temporal.run_id': runId,
            'holdfast.order': orderIdOf(workflowId),
          },
        }),
      callDuringReplay: false,
    },
  },
});
