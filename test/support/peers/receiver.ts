import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { isSignedWith, readSecret } from '../../../net/signature.ts';
import type { Certificate } from '../engines/certificates.ts';

/** One request that a receiver of webhooks received. */
export interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly id: string;
  // Loosely typed: each test expects other fields.
  readonly body: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** A receiver of webhooks on its own port. */
export interface Receiver {
  readonly url: string;
  /** Every request, in order. */
  readonly heard: Heard[];
  /** Answers requests from now on; by default with 204. */
  answer: (response: ServerResponse, heard: Heard) => void;
  /** Ids of the events answered with success, one entry for each request. */
  ids(): string[];
  close(): Promise<void>;
}

/** With a certificate, it accepts only TLS. */
export async function openReceiver(certificate?: Certificate): Promise<Receiver> {
  const heard: Heard[] = [];
  const accepted: string[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The connection broke in the middle: the request was not received.
      return;
    }
    const bytes = Buffer.concat(chunks);
    const one: Heard = {
      path: request.url ?? '',
      headers: request.headers,
      bytes,
      id: String(request.headers['webhook-id']),
      body: JSON.parse(bytes.toString('utf8')) as Heard['body'],
    };
    heard.push(one);
    response.on('finish', () => {
      if (response.statusCode < 300) accepted.push(one.id);
    });
    receiver.answer(response, one);
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    answer: (response) => void response.writeHead(204).end(),
    ids: () => [...accepted],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

/** True when the request has a signature made with this secret. */
export const isSignedBy = (secret: unknown, { headers, bytes, id }: Heard): boolean =>
  isSignedWith(readSecret(String(secret)) ?? Buffer.alloc(32), {
    id,
    timestamp: String(headers['webhook-timestamp']),
    signature: String(headers['webhook-signature']),
    body: bytes,
  });
