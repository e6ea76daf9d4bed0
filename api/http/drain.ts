import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as afterPolling } from 'node:timers/promises';
import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from './context.ts';

/** Milliseconds between two searches for idle connections. */
const CHECK_MS = 100;

/** How long the first byte of a new connection may be on its way. */
const FIRST_BYTE_MS = 1_000;

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
  const sockets = new Map<Socket, number>();
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, performance.now());
    socket.once('close', () => sockets.delete(socket));
  });
  return async (lastMs) => {
    // Closed right after the event loop has accepted what waited: a connection that waits for that is reset, with its request.
    await afterPolling();
    const closed = new Promise((resolve) => server.close(resolve));
    const idle = setInterval(() => {
      // Closes kept-alive connections as soon as their last answer is sent.
      server.closeIdleConnections();
      // Node.js treats a connection without a byte as busy; clients open such connections in advance.
      const young = performance.now() - FIRST_BYTE_MS;
      for (const [socket, since] of sockets) if (socket.bytesRead === 0 && since < young) socket.destroy();
    }, CHECK_MS);
    const last = setTimeout(() => server.closeAllConnections(), lastMs);
    await closed;
    clearInterval(idle);
    clearTimeout(last);
  };
}
