import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Logger } from 'pino';
import { installRuntime } from './workers.ts';

/** Another process may take a free port before the SDK binds it. */
const TRIES = 5;
const BUSY = 'Address already in use';
const READ_MS = 2_000;

/**
 * Installs the SDK's runtime with metrics. The SDK shows them on a port of its own alone, so it gets a free one at loopback, and the
 * worker shows them beside its own. Returns what reads them, as text for Prometheus.
 * @throws Error when no port can be bound
 */
export async function installMeasuredRuntime(log: Logger): Promise<() => Promise<string>> {
  for (let tries = 1; ; tries += 1) {
    const address = `127.0.0.1:${await freePort()}`;
    try {
      installRuntime(log, address);
      return () => read(address);
    } catch (error) {
      if (tries === TRIES || !(error instanceof Error && error.message.includes(BUSY))) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** @throws Error when the SDK does not answer */
async function read(address: string): Promise<string> {
  const answer = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(READ_MS) });
  if (!answer.ok) throw new Error(`the SDK answered its metrics with ${answer.status}`);
  return answer.text();
}
