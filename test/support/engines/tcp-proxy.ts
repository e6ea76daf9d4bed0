import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy to a server, or to several in turn, that can freeze, delay and reset its connections. */
export interface TcpProxy {
  readonly port: number;
  /** Keeps connections open, but passes nothing on. */
  freeze(): void;
  thaw(): void;
  /** Passes everything that arrives from now on `ms` milliseconds later, in its order. */
  delay(ms: number): void;
  /** Chunks that arrived and are not passed on yet. */
  held(): number;
  /** Resets all open connections, even in the middle of a message. */
  cut(): void;
  /** Resets all open connections, and each new one, until `admit`. */
  refuse(): void;
  admit(): void;
  close(): Promise<void>;
}

/** With several ports each connection goes to the next one. When that refuses it, the others are tried, as a load balancer does. */
export async function tcpProxy(host: string, ...ports: readonly number[]): Promise<TcpProxy> {
  const nextPorts = inTurn(ports);
  const sockets = new Set<Socket>();
  /** Clients for whom no server has accepted a connection yet. */
  const waiting = new Set<Socket>();
  let frozen = false;
  let refuses = false;
  let lag = 0;
  let held = 0;

  /** Passes on the chunks of one end in their order, and then its close. */
  const pass = (one: Socket, other: Socket): void => {
    let last = 0;
    let queue = Promise.resolve();
    const later = (work: () => void): void => {
      last = Math.max(last, performance.now() + lag);
      const due = last;
      held += 1;
      queue = queue
        .then(() => until(due))
        .then(() => {
          held -= 1;
          work();
        });
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

  const cut = (): void => {
    for (const socket of [...sockets, ...waiting]) socket.resetAndDestroy();
  };

  const server = createServer(async (client) => {
    client.on('error', () => {});
    if (refuses) {
      client.resetAndDestroy();
      return;
    }
    waiting.add(client);
    const upstream = await connectedTo(host, nextPorts());
    waiting.delete(client);
    if (upstream === undefined || client.destroyed) {
      client.destroy();
      upstream?.destroy();
      return;
    }
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
    held: () => held,
    cut,
    refuse: () => {
      refuses = true;
      cut();
    },
    admit: () => {
      refuses = false;
    },
    close: async () => {
      for (const socket of [...sockets, ...waiting]) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** All ports each time, beginning with the next one. */
function inTurn(ports: readonly number[]): () => readonly number[] {
  let turn = 0;
  return () => {
    const from = turn++ % ports.length;
    return [...ports.slice(from), ...ports.slice(0, from)];
  };
}

/** A connection to the first port that accepts one. */
async function connectedTo(host: string, ports: readonly number[]): Promise<Socket | undefined> {
  for (const port of ports) {
    const socket = connect(port, host);
    const accepted = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    if (accepted) return socket;
  }
  return undefined;
}

async function until(due: number): Promise<void> {
  const ms = due - performance.now();
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
