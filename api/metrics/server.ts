import { createServer, type Server } from 'node:http';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';

interface MetricsPlace {
  readonly host: string;
  readonly port: number;
}

/**
 * GET /metrics on a port of its own: the metrics are for the operator, and collecting them reads the database.
 * @throws Error when it cannot listen there.
 */
export async function serveMetrics(
  { text, contentType }: Metrics,
  { host, port }: MetricsPlace,
  log: Logger,
): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    text().then(
      (body) => response.writeHead(200, { 'content-type': contentType }).end(body),
      (error: unknown) => {
        log.error({ err: error }, 'failed to collect the metrics');
        response.writeHead(500).end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}
