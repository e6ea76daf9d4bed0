import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningProvider, startProvider } from '../../dev/provider/provider.ts';
import { isSignedWith, readSecret } from '../../net/signature.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let provider: RunningProvider;
let listener: Server;
let heard: { headers: IncomingHttpHeaders; body: Buffer }[];

beforeEach(async () => {
  heard = [];
  listener = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    heard.push({ headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(500).end();
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  provider = await startProvider({ key: 'k' });
  const callback = { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`, secret: SECRET };
  const answer = await fetch(`${provider.url}/control/config`, { method: 'POST', body: JSON.stringify({ callback }) });
  expect(answer.status).toBe(200);
});
afterEach(async () => {
  await provider.stop();
  listener.closeAllConnections();
  listener.close();
});

const add = async (sim: string): Promise<string> => {
  const link = `https://example.com/p/1?sim=${sim}`;
  const body = new URLSearchParams({ key: 'k', action: 'add', service: '1', link, quantity: '100' });
  const { order } = (await (await fetch(provider.apiUrl, { method: 'POST', body })).json()) as { order: number };
  return String(order);
};
const told = () => heard.map(({ body }) => JSON.parse(body.toString()));

test('an end is told once, signed, and every change of mind after it', async () => {
  const order = await add('delay:0,seconds:0.1,flip:partial:40:after:3');
  await expect.poll(told).toEqual([
    { order, status: 'Completed' },
    { order, status: 'Partial' },
  ]);
  for (const { headers, body } of heard) {
    const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((name) =>
      String(headers[`webhook-${name}`]),
    );
    const signed = { id: id ?? '', timestamp: timestamp ?? '', signature: signature ?? '', body };
    expect(isSignedWith(readSecret(SECRET) ?? Buffer.alloc(0), signed)).toBe(true);
  }
});

test('an order that does not end is not told of, and one that is canceled is', async () => {
  await add('stall');
  const canceled = await add('delay:0,seconds:0.1,cancel');
  await expect.poll(told).toEqual([{ order: canceled, status: 'Canceled' }]);
});

test('no address, no message', async () => {
  await provider.configure({ callback: null });
  await add('delay:0,seconds:0');
  await provider.configure({ callback: { url: 'http://127.0.0.1:1/', secret: SECRET } });
  expect(told()).toEqual([]);
});
