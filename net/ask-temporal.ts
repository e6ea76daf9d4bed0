import { Connection, type ConnectionOptions } from '@temporalio/client';

const DEADLINE_MS = 5_000;

/**
 * Asks Temporal once, to learn why a connection fails. The SDK repeats calls that fail, and its last word is then that the time is
 * over: a certificate that was refused is not named.
 * @throws ServiceError of gRPC, such as `14 UNAVAILABLE: No connection established. Last error: self-signed certificate`.
 */
export async function askTemporalOnce(to: ConnectionOptions): Promise<void> {
  const connection = Connection.lazy({ ...to, interceptors: [] });
  try {
    await connection.withDeadline(Date.now() + DEADLINE_MS, () => connection.workflowService.getSystemInfo({}));
  } finally {
    await connection.close();
  }
}
