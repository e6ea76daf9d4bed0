import { Connection } from '@temporalio/client';
import { registerSearchAttributes } from '../../activities/runtime/search-attributes.ts';

export const NAMESPACE = 'default';
const RETENTION_SECONDS = 86_400;

/** Registers the namespace with the product's search attributes. Needs only the frontend. */
export async function makeNamespace(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace: NAMESPACE,
      workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as never },
    });
    await registerSearchAttributes(connection, NAMESPACE);
  } finally {
    await connection.close();
  }
}
