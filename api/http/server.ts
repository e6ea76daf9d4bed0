import { createServer, type Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { LIMITS } from '../../domain/limits.ts';
import type { ApiEnv } from '../deps.ts';

/** Milliseconds a client has for its headers and for its whole request, and how often that is looked at. */
export interface ClientPatience {
  readonly headers: number;
  readonly request: number;
  readonly check: number;
}

const PATIENCE: ClientPatience = { headers: 10_000, request: 20_000, check: 2_000 };

/** The app on HTTP, not listening yet; a client that sends slowly or at length must not hold a connection for ever. */
export const createHttpServer = (app: OpenAPIHono<ApiEnv>, patience = PATIENCE): Server =>
  createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: {
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      connectionsCheckingInterval: patience.check,
      keepAliveTimeout: 65_000,
      // Of the request line and all headers; above it Node answers 431 by itself.
      maxHeaderSize: LIMITS.headers,
    },
  }) as Server;
