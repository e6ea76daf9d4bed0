import type { WorkflowClientInterceptor } from '@temporalio/client';
import { logContext } from '../net/log-context.ts';
import type { NewSpan, Tracing } from '../net/tracing.ts';
import { carryTrace } from '../workflows/carried-trace.ts';
import { orderIdOf } from '../workflows/contract.ts';

type Headers = Parameters<typeof carryTrace>[0];

/**
 * A span for each call that starts a workflow or asks one. A workflow that a request starts belongs to the request's trace. A message
 * to a workflow that runs is only a span of its request: the workflow's own work stays in the trace of its start.
 */
export function traceCalls(tracing: Tracing): WorkflowClientInterceptor {
  const call = (name: string, workflowId: string): NewSpan => ({
    name,
    kind: 'client',
    attributes: { 'temporal.workflow_id': workflowId, 'holdfast.order': orderIdOf(workflowId) },
  });
  const carried = (headers: Headers): Headers => {
    const parent = tracing.present();
    return parent === undefined ? headers : carryTrace(headers, { parent, requestId: logContext().requestId });
  };
  return {
    startWithDetails: (input, next) =>
      tracing.within(call(`start ${input.workflowType}`, input.options.workflowId), () =>
        next({ ...input, headers: carried(input.headers) }),
      ),
    startUpdateWithStart: (input, next) =>
      tracing.within(call(`start ${input.workflowType}`, input.workflowStartOptions.workflowId), () =>
        next({ ...input, workflowStartHeaders: carried(input.workflowStartHeaders) }),
      ),
    startUpdate: (input, next) =>
      tracing.within(call(`update ${input.updateName}`, input.workflowExecution.workflowId), () => next(input)),
    signal: (input, next) =>
      tracing.within(call(`signal ${input.signalName}`, input.workflowExecution.workflowId), () => next(input)),
    query: (input, next) =>
      tracing.within(call(`query ${input.queryType}`, input.workflowExecution.workflowId), () => next(input)),
  };
}
