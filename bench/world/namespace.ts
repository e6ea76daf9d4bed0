import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { registerNamespace } from '../../test/support/engines/namespace.ts';

const KNOWN_MS = 60_000;
const POLL_MS = 100;

/** Makes a namespace for a scenario, and waits until the server knows it: the services of a cluster learn of it one by one. */
export async function newNamespace(address: string): Promise<string> {
  const namespace = `bench-${randomBytes(6).toString('hex')}`;
  const connection = await Connection.connect({ address });
  try {
    await registerNamespace(connection, namespace);
    const deadline = performance.now() + KNOWN_MS;
    for (;;) {
      try {
        await connection.workflowService.countWorkflowExecutions({ namespace });
        return namespace;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await delay(POLL_MS);
      }
    }
  } finally {
    await connection.close();
  }
}
