import { Client, Connection } from '@temporalio/client';
import type { Stack } from '../../../dev/stack/stack.ts';
import { type Figure, never } from './figure.ts';

/** No workflow may fail, time out, or be canceled or terminated. */
export async function judgeWorkflows({ temporalAddress, temporalNamespace }: Stack): Promise<Figure[]> {
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    const { workflow } = new Client({ connection, namespace: temporalNamespace });
    const broken: string[] = [];
    const ended = workflow.list({ query: "ExecutionStatus in ('Failed', 'Terminated', 'TimedOut', 'Canceled')" });
    for await (const { workflowId, status } of ended) broken.push(`${workflowId}: ${status.name}`);
    return [never('workflows that failed', broken)];
  } finally {
    await connection.close();
  }
}
