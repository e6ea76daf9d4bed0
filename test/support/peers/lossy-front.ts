import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';

export interface LossyFront {
  readonly url: string;
  /** Answers that did not arrive as the API gave them. */
  readonly lost: number;
  close(): Promise<void>;
}

/** An answer that says that the outcome is not known, as a gateway's does. */
function hide(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '0' });
  response.end(JSON.stringify({ status: 503, code: 'outcome_unknown', detail: 'not known' }));
}

/** An answer that breaks off in its middle. */
function cut(response: ServerResponse, body: Buffer): void {
  response.writeHead(201, { 'content-type': 'application/json', 'content-length': body.length });
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

/** Stands before an API. It passes on every request, but the first two answers to a new order are lost: one is hidden, one cut. */
export async function lossyFront(api: string): Promise<LossyFront> {
  let lost = 0;
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const body = await buffer(request);
    const passed = ['authorization', 'content-type', 'idempotency-key'].flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as [string, string]] : [];
    });
    const answer = await fetch(api + url, { method, headers: passed, ...(method === 'GET' ? {} : { body }) });
    if (method === 'POST' && url === '/v1/orders' && lost < 2) {
      lost += 1;
      const text = Buffer.from(await answer.arrayBuffer());
      return lost === 1 ? hide(response) : cut(response, text);
    }
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    // A stream of events goes on until one of both sides ends it.
    await pipeline(Readable.fromWeb(answer.body ?? new ReadableStream()), response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get lost() {
      return lost;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
