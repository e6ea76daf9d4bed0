import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy to a server that can freeze, delay and reset its connections. */
export interface TcpProxy {
  readonly port: number;
  /** Keeps connections open, but passes nothing on. */
  freeze(): void;
  thaw(): void;
  /** Passes everything that arrives from now on `ms` milliseconds later, in its order. */
  delay(ms: number): void;
  /** Resets all open connections, even in the middle of a message. */
  cut(): void;
  close(): Promise<void>;
}

export async function tcpProxy(host: string, port: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  let lag = 0;

  /** Passes on the chunks of one end in their order, and then its close. */
  const pass = (one: Socket, other: Socket): void => {
    let last = 0;
    let queue = Promise.resolve();
    const later = (work: () => void): void => {
      last = Math.max(last, performance.now() + lag);
      const due = last;
      queue = queue.then(() => until(due)).then(work);
    };
    sockets.add(one);
    one.on('data', (chunk) => (lag === 0 && last === 0 ? other.write(chunk) : later(() => other.write(chunk))));
    one.on('error', () => {});
    one.on('close', () => {
      sockets.delete(one);
      later(() => other.destroySoon());
    });
    if (frozen) one.pause();
  };

  const server = createServer((client) => {
    const upstream = connect(port, host);
    pass(client, upstream);
    pass(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    delay: (ms) => {
      lag = ms;
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function until(due: number): Promise<void> {
  const ms = due - performance.now();
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
