import type { WorkflowHandle } from '@temporalio/client';

/** Names of all signals in a workflow's history, in order. */
export async function signalsOf(handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
}
