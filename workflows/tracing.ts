/**
 * Bundled with the workflows only while tracing is on. It writes headers and calls a sink: no event, no command, no promise and no
 * random number of a workflow depends on it, so a workflow may go on under a worker without it, and the other way round.
 */
import {
  getRandomStream,
  proxySinks,
  type WorkflowInfo,
  type WorkflowInterceptors,
  workflowInfo,
} from '@temporalio/workflow';
import type { TraceParent } from '../domain/trace-context.ts';
import { type CarriedTrace, carriedTrace, carryTrace, type TraceSinks } from './carried-trace.ts';
import { ORDER_WORKFLOW } from './contract.ts';

/** The trace of a run. */
interface RunTrace {
  readonly traceId: string;
  readonly sampled: boolean;
  /** The span that started the workflow. */
  readonly parentSpanId: string | undefined;
  /** The last span of the run before this one. */
  readonly link: TraceParent | undefined;
  readonly requestId: string | undefined;
}

/**
 * A run belongs to the trace of the request that started it. A run that continues another one begins a trace, so that no trace grows
 * for months, and so does an order that began without tracing. Other workflows that no request started are not traced.
 */
export function traceOf(
  {
    workflowType,
    runId,
    continuedFromExecutionRunId,
  }: Pick<WorkflowInfo, 'workflowType' | 'runId' | 'continuedFromExecutionRunId'>,
  carried: CarriedTrace | undefined,
): RunTrace | undefined {
  if (carried === undefined && workflowType !== ORDER_WORKFLOW) return undefined;
  const requestId = carried?.requestId;
  if (carried !== undefined && continuedFromExecutionRunId === undefined) {
    const { traceId, spanId, sampled } = carried.parent;
    return { traceId, sampled, parentSpanId: spanId, link: undefined, requestId };
  }
  const traceId = runId.replaceAll('-', '').toLowerCase();
  return { traceId, sampled: true, parentSpanId: undefined, link: carried?.parent, requestId };
}

/**
 * One span for each activation that calls an activity, over when the activation is: an order that waits for a month has no open
 * span. The activities of the activation are below it.
 */
export function interceptors(): WorkflowInterceptors {
  const { trace } = proxySinks<TraceSinks>();
  let run: RunTrace | undefined;
  let spanId: string | undefined;

  const carry = <I extends { readonly headers: CarriedHeaders }>(input: I): I => {
    if (run === undefined) return input;
    const { traceId, sampled, parentSpanId, requestId } = run;
    // A trace that is not recorded is carried on as it is.
    if (sampled) spanId ??= getRandomStream('holdfast/trace').uuid4().replaceAll('-', '').slice(16);
    const parent = { traceId, spanId: spanId ?? parentSpanId ?? '', sampled };
    return { ...input, headers: carryTrace(input.headers, { parent, requestId }) };
  };

  return {
    inbound: [
      {
        execute: (input, next) => {
          run = traceOf(workflowInfo(), carriedTrace(input.headers));
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(carry(input)),
        scheduleLocalActivity: (input, next) => next(carry(input)),
        continueAsNew: (input, next) => next(carry(input)),
      },
    ],
    internals: [
      {
        concludeActivation: (input, next) => {
          if (run !== undefined && spanId !== undefined) {
            const { traceId, parentSpanId, link } = run;
            trace.activated({ traceId, spanId, parentSpanId, link, begunAt: Date.now() });
          }
          spanId = undefined;
          return next(input);
        },
      },
    ],
  };
}

type CarriedHeaders = Parameters<typeof carryTrace>[0];
