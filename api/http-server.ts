import { createServer, type Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { LIMITS } from '../domain/limits.ts';
import type { ApiEnv } from './deps.ts';

/** The app on HTTP, not listening yet; a client that sends slowly or at length must not hold a connection for ever. */
export const createHttpServer = (app: OpenAPIHono<ApiEnv>): Server =>
  createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: {
      headersTimeout: 10_000,
      requestTimeout: 20_000,
      keepAliveTimeout: 65_000,
      // Of the request line and all headers; above it Node answers 431 by itself.
      maxHeaderSize: LIMITS.headers,
    },
  }) as Server;
