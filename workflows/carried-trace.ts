import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { Sinks } from '@temporalio/workflow';
import { readTraceparent, type TraceParent, writeTraceparent } from '../domain/trace-context.ts';

/** The header that takes a trace from the API to a workflow and on to its activities; Temporal's own tracing uses this name too. */
const TRACE_HEADER = '_tracer-data';

/** A trace on its way, with the request that began it. */
export interface CarriedTrace {
  readonly parent: TraceParent;
  readonly requestId: string | undefined;
}

/** Headers with a trace. They are part of an event that there is anyway, and a replay does not compare them. */
export const carryTrace = (headers: Headers, { parent, requestId }: CarriedTrace): Headers => ({
  ...headers,
  [TRACE_HEADER]: defaultPayloadConverter.toPayload({
    traceparent: writeTraceparent(parent),
    ...(requestId === undefined ? {} : { requestId }),
  }),
});

/** The trace in headers; undefined when there is none, or none that can be read. */
export function carriedTrace(headers: Headers): CarriedTrace | undefined {
  const payload = headers[TRACE_HEADER];
  if (payload === undefined) return undefined;
  try {
    const carried = defaultPayloadConverter.fromPayload<{ traceparent?: unknown; requestId?: unknown } | null>(payload);
    const parent = readTraceparent(String(carried?.traceparent));
    const requestId = typeof carried?.requestId === 'string' ? carried.requestId : undefined;
    return parent === undefined ? undefined : { parent, requestId };
  } catch {
    // An order must not stop because of a header that another client wrote.
    return undefined;
  }
}

/** From a workflow to its worker: the work of an activation, whose activities are below this span. */
export interface ActivationSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly link: TraceParent | undefined;
  readonly begunAt: number;
}

/** What a worker does with spans of workflows. */
export interface TraceSinks extends Sinks {
  readonly trace: { activated(span: ActivationSpan): void };
}
