import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { orderIdOf } from '../../workflows/contract.ts';
import type { OrderWorkflow } from './order-workflow.ts';

/** A Temporal client for activities: it only signals workflows. */
export function temporalOf(workflows: ReadonlyMap<number, OrderWorkflow>, story: (line: string) => void): Client {
  const tell = (workflowId: string, name: string, message: unknown): void => {
    const workflow = workflows.get(orderIdOf(workflowId) ?? 0);
    if (workflow === undefined || workflow.closed) throw new WorkflowNotFoundError('not there', workflowId, undefined);
    story(`${workflowId} gets the signal ${name} ${JSON.stringify(message)}`);
    workflow.signal(name, message);
  };
  const client = {
    workflow: {
      getHandle: (workflowId: string) => ({
        signal: async (signal: { name: string }, message: unknown) => tell(workflowId, signal.name, message),
      }),
    },
    withDeadline: (_: number, work: () => Promise<unknown>) => work(),
  };
  return client as unknown as Client;
}
