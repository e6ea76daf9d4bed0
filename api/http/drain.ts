import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How often it is looked which connections have become idle, in milliseconds. */
const LOOK_MS = 100;

/**
 * Watches a server's connections, so that it can be ended in order: what it returns takes no more requests, and resolves
 * when the last answer is out and every connection is closed, after `lastMs` by force.
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
      // Connections that are kept alive end as soon as their last answer is out.
      server.closeIdleConnections();
      // To Node.js one that has not sent a byte is busy with its first request; clients open some in advance.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    }, LOOK_MS);
    const last = setTimeout(() => server.closeAllConnections(), lastMs);
    await closed;
    clearInterval(idle);
    clearTimeout(last);
  };
}
