import type { WorkflowHandle } from '@temporalio/client';

/** The names of all signals that a workflow has had, in order. */
export async function signalsOf(handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? []);
}
