import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A counter source that answers the same scripted count for every link. */
export interface ScriptedCounter {
  readonly url: string;
  /** null: it answers with 503. */
  count: number | null;
  /** How many times it was asked. */
  asked: number;
  close(): Promise<void>;
}

export async function scriptedCounter(): Promise<ScriptedCounter> {
  const server = createServer((_, response) => {
    counter.asked += 1;
    if (counter.count === null) response.writeHead(503);
    response.end(JSON.stringify({ count: counter.count }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const counter: ScriptedCounter = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/count`,
    count: 0,
    asked: 0,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return counter;
}
