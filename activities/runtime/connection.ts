import { NativeConnection } from '@temporalio/worker';
import type { TemporalConnection } from '../../db/settings/temporal.ts';
import { CONNECTION } from './workers.ts';

/**
 * Connects a worker to Temporal.
 * @throws Error naming the settings to look at; its cause is the SDK's error.
 */
export async function connectWorker({ apiKey, ...to }: TemporalConnection): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect({
      ...to,
      ...(apiKey === undefined ? {} : { apiKey: apiKey() }),
      ...CONNECTION,
    });
  } catch (error) {
    const settings = 'look at TEMPORAL_ADDRESS, TEMPORAL_TLS_… and TEMPORAL_API_KEY';
    throw new Error(`cannot connect to Temporal${to.tls === undefined ? '' : ' over TLS'}: ${settings}`, {
      cause: error,
    });
  }
}
