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
}

const TIMEOUTS: ClientTimeouts = { headers: 10_000, request: 20_000, check: 2_000 };

/** The app as an HTTP server that does not listen yet. The timeouts keep slow clients from holding connections. */
export const createHttpServer = (app: OpenAPIHono<ApiEnv>, timeouts = TIMEOUTS): Server =>
  createAdaptorServer({
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
