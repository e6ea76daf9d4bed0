import { createServer, type Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { LIMITS } from '../../domain/limits.ts';
import type { ApiEnv } from './context.ts';

/** Milliseconds a client has for its headers and for its whole request, and how often that is looked at. */
export interface ClientTimeouts {
  readonly headers: number;
  readonly request: number;
  readonly check: number;
}

const TIMEOUTS: ClientTimeouts = { headers: 10_000, request: 20_000, check: 2_000 };

/** The app on HTTP, not listening yet; a client that sends slowly or at length must not hold a connection for ever. */
export const createHttpServer = (app: OpenAPIHono<ApiEnv>, timeouts = TIMEOUTS): Server =>
  createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: {
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      connectionsCheckingInterval: timeouts.check,
      keepAliveTimeout: 65_000,
      // Of the request line and all headers; above it Node answers 431 by itself.
      maxHeaderSize: LIMITS.headers,
    },
  }) as Server;
