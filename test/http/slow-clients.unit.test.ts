import { EventEmitter, once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { OpenAPIHono } from '@hono/zod-openapi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiEnv } from '../../api/http/context.ts';
import { createHttpServer } from '../../api/http/server.ts';

/** The API's server with shorter limits, so that the tests are quick. */
const app = new OpenAPIHono<ApiEnv>();
app.post('/', async (c) => c.text(await c.req.text()));
/** Says when the answer that never ends is given up. */
const answers = new EventEmitter();
app.get('/endless', (c) => {
  const page = new Uint8Array(100_000);
  const pages = {
    pull: (to: ReadableStreamDefaultController) => to.enqueue(page),
    cancel: () => void answers.emit('given up'),
  };
  return c.body(new ReadableStream(pages));
});
const server = createHttpServer(app, { headers: 100, request: 200, check: 20, silence: 300 });

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
});

/** Sends these bytes. Returns the answer when the server has closed the connection. */
async function answerTo(bytes: string): Promise<string> {
  const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('utf8');
}

it.each([
  ['headers never end', 'POST / HTTP/1.1\r\nHost: a\r\nX-Slow: 1\r\n'],
  ['body never ends', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc'],
  ['chunks never end', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
])('a client whose %s is told so and let go', async (_, bytes) => {
  expect(await answerTo(bytes)).toMatch(/^HTTP\/1\.1 408 /);
});

it('a client that never reads its answer is let go, and its answer is given up', async () => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  // The server resets the connection, since the client has not read what was sent.
  socket.on('error', () => {});
  const givenUp = once(answers, 'given up');
  socket.write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
  await givenUp;
  socket.destroy();
});

it('one that is only slow to come back is answered', async () => {
  const answer = await answerTo('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(answer).toMatch(/abc$/);
});
