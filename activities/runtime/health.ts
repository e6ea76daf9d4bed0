import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { WorkerMetrics } from './metrics.ts';

interface HealthOptions {
  readonly host: string;
  readonly port: number;
  readonly workers: readonly Worker[];
  /** Task queues whose tasks wait although this process polls them; see standingStill. */
  readonly standingStill: () => Promise<readonly string[]>;
  readonly metrics: Pick<WorkerMetrics, 'text' | 'contentType'>;
  readonly log: Logger;
}

/** GET /healthz: the process runs. GET /readyz: its workers poll and finish tasks. GET /metrics: for Prometheus. */
export async function serveHealth(options: HealthOptions): Promise<Server> {
  const { host, port, workers, standingStill, metrics, log } = options;
  async function ready(): Promise<Health> {
    if (!workers.every((worker) => worker.getState() === 'RUNNING')) return UNAVAILABLE;
    const queues = await standingStill();
    return queues.length === 0 ? OK : { status: 503, body: { status: 'unavailable', standingStill: queues } };
  }
  const answer = async (url: string | undefined, response: ServerResponse): Promise<void> => {
    if (url?.split('?')[0] === '/metrics') {
      const text = await metrics.text();
      response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
      return;
    }
    const { status, body } = url === '/healthz' ? OK : url === '/readyz' ? await ready() : NOT_FOUND;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    answer(request.url, response).catch((error: unknown) => {
      log.error({ err: error, url: request.url }, 'failed to answer');
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

interface Health {
  readonly status: number;
  readonly body: object;
}

const OK = { status: 200, body: { status: 'ok' } };
const UNAVAILABLE = { status: 503, body: { status: 'unavailable' } };
const NOT_FOUND = { status: 404, body: { status: 'unavailable' } };
