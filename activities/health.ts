import { createServer, type Server } from 'node:http';
import type { Worker } from '@temporalio/worker';

interface HealthOptions {
  readonly host: string;
  readonly port: number;
  readonly workers: readonly Worker[];
}

/** GET /healthz: the process is there. GET /readyz: its workers are polling. */
export async function serveHealth({ host, port, workers }: HealthOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const ready = workers.every((worker) => worker.getState() === 'RUNNING');
    const status = request.url === '/healthz' ? 200 : request.url !== '/readyz' ? 404 : ready ? 200 : 503;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: status === 200 ? 'ok' : 'unavailable' }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}
