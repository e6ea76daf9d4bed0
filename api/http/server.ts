import { createServer, type Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { LIMITS } from '../../domain/limits.ts';
import type { ApiEnv } from './context.ts';

/** Milliseconds a client has for its headers and for its whole request, and between two checks of both. */
export interface ClientTimeouts {
  readonly headers: number;
  readonly request: number;
  readonly check: number;
  /** Milliseconds after which a connection on which no byte moves is closed: its client does not read the answer. */
  readonly silence: number;
}

/**
 * An answer takes less than half a minute to begin, and a stream sends something every 15 seconds (HEARTBEAT_MS). A client that reads
 * slowly moves nothing for longer: the kernel takes more only once much of its buffer is free, about 1.7 MB in measurements.
 */
const TIMEOUTS: ClientTimeouts = { headers: 10_000, request: 20_000, check: 2_000, silence: 120_000 };

/** The app as an HTTP server that does not listen yet. The timeouts keep slow clients from holding connections. */
export function createHttpServer(app: OpenAPIHono<ApiEnv>, timeouts = TIMEOUTS): Server {
  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: {
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      connectionsCheckingInterval: timeouts.check,
      keepAliveTimeout: 65_000,
      // Counts the request line too. Above it Node.js answers 431 by itself.
      maxHeaderSize: LIMITS.headers,
    },
  }) as Server;
  server.timeout = timeouts.silence;
  return server;
}
