import { createServer, type Server } from 'node:http';
import type { Worker } from '@temporalio/worker';

interface HealthOptions {
  readonly host: string;
  readonly port: number;
  readonly workers: readonly Worker[];
  /** Task queues whose tasks wait although this process polls them; see standingStill. */
  readonly standingStill: () => Promise<readonly string[]>;
}

/** GET /healthz: the process runs. GET /readyz: its workers poll and finish tasks. */
export async function serveHealth({ host, port, workers, standingStill }: HealthOptions): Promise<Server> {
  async function ready(): Promise<{ status: number; body: object }> {
    if (!workers.every((worker) => worker.getState() === 'RUNNING')) return UNAVAILABLE;
    const queues = await standingStill();
    return queues.length === 0 ? OK : { status: 503, body: { status: 'unavailable', standingStill: queues } };
  }
  const server = createServer(async (request, response) => {
    const { url } = request;
    const { status, body } = url === '/healthz' ? OK : url === '/readyz' ? await ready() : NOT_FOUND;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

const OK = { status: 200, body: { status: 'ok' } };
const UNAVAILABLE = { status: 503, body: { status: 'unavailable' } };
const NOT_FOUND = { status: 404, body: { status: 'unavailable' } };
