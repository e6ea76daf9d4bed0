/**
 * Receives webhooks: accepts only signed requests, answers at once, and handles each event once. Takes WEBHOOK_SECRET
 * (`whsec_…`) and PORT from the environment:
 *
 *     node --import tsx examples/typescript/webhook-receiver.ts
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type VerifiedEvent, verifyWebhook } from '@holdfast/client';

const { WEBHOOK_SECRET: secret = '', PORT: port = '8080' } = process.env;
const MOST_BYTES = 1_000_000;
if (!secret.startsWith('whsec_')) throw new Error('set WEBHOOK_SECRET to the secret of the webhook, whsec_…');

/**
 * The ids of handled events, and the newest known version of each order. In production, store the whole event under a unique index
 * on its id, then answer, then handle it from the row: a crash in between loses nothing.
 */
const handled = new Set<string>();
const versions = new Map<number, number>();

/** The body's bytes as they arrived, which the signature covers. Undefined when there are too many. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Handles the event, after the answer is out. Events come in any order: the order with the highest version counts. */
function handle({ id, event }: VerifiedEvent): void {
  const { order } = event.data;
  if (order === undefined) {
    console.log(`handled ${id}: ${event.type}`);
  } else if ((versions.get(order.id) ?? 0) > order.version) {
    console.log(`handled ${id}: ${event.type}, old news`);
  } else {
    versions.set(order.id, order.version);
    console.log(`handled ${id}: ${event.type}, order ${order.id} ${order.status}, charged ${order.charge}`);
  }
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const verified = body === undefined ? undefined : verifyWebhook(secret, request.headers, body);
  if (verified === undefined) return void response.writeHead(401).end();
  if (handled.has(verified.id)) {
    console.log(`seen before: ${verified.id}`);
    return void response.writeHead(204).end();
  }
  handled.add(verified.id);
  response.writeHead(204).end();
  setImmediate(handle, verified);
}

const server = createServer((request, response) => {
  // A request that breaks off must not end the process.
  receive(request, response).catch(() => response.destroy());
});
server.listen(Number(port), '127.0.0.1', () => console.log(`listening on ${port}`));
