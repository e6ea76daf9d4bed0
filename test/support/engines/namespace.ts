import type { Connection } from '@temporalio/client';

const RETENTION_SECONDS = 86_400;

/** Makes a namespace that keeps ended workflows for a day. */
export async function registerNamespace({ workflowService }: Connection, namespace: string): Promise<void> {
  const workflowExecutionRetentionPeriod = { seconds: RETENTION_SECONDS as never };
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
}
