import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from './context.ts';

/** Milliseconds between two searches for idle connections. */
const CHECK_MS = 100;

/**
 * Once `closing` is aborted, every answer closes its connection: the next request of a client that keeps its connections comes on a
 * new one, which a proxy leads to another process.
 */
export const closeWhenStopping = (closing: AbortSignal | undefined) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    await next();
    if (closing?.aborted === true) c.header('Connection', 'close');
  });

/**
 * Tracks a server's connections so that it can stop in order. The function it returns stops taking requests and resolves when
 * every connection is closed; after `lastMs` it closes them by force.
 */
export function drainable(server: Server): (lastMs: number) => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async (lastMs) => {
    const closed = new Promise((resolve) => server.close(resolve));
    const idle = setInterval(() => {
      // Closes kept-alive connections as soon as their last answer is sent.
      server.closeIdleConnections();
      // Node.js treats a connection without a byte as busy; clients open such connections in advance.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    }, CHECK_MS);
    const last = setTimeout(() => server.closeAllConnections(), lastMs);
    await closed;
    clearInterval(idle);
    clearTimeout(last);
  };
}
