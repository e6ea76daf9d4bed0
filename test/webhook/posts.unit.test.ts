import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PostOptions, post } from '../../activities/webhook/post.ts';
import { freePort } from '../support/engines/engines.ts';
import { openReceiver, type Receiver } from '../support/peers/receiver.ts';

const inside: PostOptions = { guard: { allowLoopback: true }, totalMs: 15_000 };
const body = Buffer.from('{"type":"webhook.test"}');
const send = (url: string, options: Partial<PostOptions> = {}) => post(url, {}, body, { ...inside, ...options });

let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

test('a receiver gets the body under the name it was asked by', async () => {
  expect(await send(`${receiver.url}/hook?a=1`)).toEqual({ kind: 'answered', status: 204, retryAfter: 0 });
  expect(receiver.heard).toMatchObject([{ path: '/hook?a=1', bytes: body, headers: { host: receiver.url.slice(7) } }]);
});

test('the connection is made to the address that was checked, whatever the name would resolve to', async () => {
  const port = new URL(receiver.url).port;
  const resolve = async () => ['127.0.0.1'];
  expect(await send(`http://nowhere.invalid:${port}/`, { guard: { allowLoopback: true, resolve } })).toMatchObject({
    status: 204,
  });
  expect(receiver.heard[0]?.headers.host).toBe(`nowhere.invalid:${port}`);
});

test('a name that has begun to resolve to loopback is not connected to', async () => {
  const port = new URL(receiver.url).port;
  const answers = [['93.184.216.34'], ['127.0.0.1']];
  const resolve = async () => answers.pop() ?? [];
  const guard = { allowLoopback: false, resolve };
  expect(await send(`http://hook.example:${port}/`, { guard })).toEqual({ kind: 'failed', error: 'address_refused' });
  expect(receiver.heard).toEqual([]);
});

test.each(['127.0.0.1', '2130706433', '0x7f.1', '0', '[::ffff:127.0.0.1]', '[::1]', 'localhost', '127.0.0.1.'])(
  'loopback written as %s is not connected to',
  async (host) => {
    const port = new URL(receiver.url).port;
    const sent = await send(`http://${host}:${port}/`, { guard: { allowLoopback: false } });
    expect(sent).toEqual({ kind: 'failed', error: 'address_refused' });
    expect(receiver.heard).toEqual([]);
  },
);

test('a redirect is an answer, and is not followed', async () => {
  receiver.answer = (response) => void response.writeHead(302, { location: `${receiver.url}/inside` }).end();
  expect(await send(`${receiver.url}/hook`)).toMatchObject({ kind: 'answered', status: 302 });
  expect(receiver.heard.map(({ path }) => path)).toEqual(['/hook']);
});

test('an answer that never stops is cut off after its limit', async () => {
  const closed = new Promise<void>((resolve) => {
    receiver.answer = (response) => {
      response.writeHead(200);
      const more = () => {
        if (response.write(Buffer.alloc(16_384))) setImmediate(more);
      };
      response.on('drain', more).on('close', resolve);
      more();
    };
  });
  expect(await send(receiver.url)).toMatchObject({ status: 200 });
  await closed;
});

test('an answer that drips is cut off when the time is over', async () => {
  const closed = new Promise<void>((resolve) => {
    receiver.answer = (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 10);
      response.on('close', () => {
        clearInterval(drip);
        resolve();
      });
    };
  });
  expect(await send(receiver.url, { totalMs: 300 })).toMatchObject({ status: 200 });
  await closed;
});

test('headers that drip, or never come, are no answer', async () => {
  receiver.answer = () => {};
  expect(await send(receiver.url, { totalMs: 300 })).toEqual({ kind: 'failed', error: 'timeout' });
  const raw = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n');
    const drip = setInterval(() => socket.write('x: y\r\n'), 10);
    socket.on('close', () => clearInterval(drip));
  }).listen(0, '127.0.0.1');
  await once(raw, 'listening');
  const { port } = raw.address() as { port: number };
  const sent = await send(`http://127.0.0.1:${port}/`, { totalMs: 300 });
  // The deadline or the limit of headers, whichever comes first.
  expect(sent.kind).toBe('failed');
  raw.close();
});

test('what is not there, breaks off or is no TLS says so', async () => {
  expect(await send(`http://127.0.0.1:${await freePort()}/`)).toEqual({ kind: 'failed', error: 'no_connection' });
  expect(await send(receiver.url.replace('http:', 'https:'))).toEqual({ kind: 'failed', error: 'tls' });
  receiver.answer = (response) => void response.destroy();
  expect(await send(receiver.url)).toEqual({ kind: 'failed', error: 'broken_answer' });
});

test('a look-up that takes for ever is given up', async () => {
  const resolve = () => new Promise<string[]>(() => {});
  const sent = await send('https://hook.example/', { guard: { allowLoopback: false, resolve }, totalMs: 200 });
  expect(sent).toEqual({ kind: 'failed', error: 'timeout' });
});

test('a receiver that is busy says how long it wants to be left alone', async () => {
  receiver.answer = (response) => void response.writeHead(503, { 'retry-after': '120' }).end();
  expect(await send(receiver.url)).toEqual({ kind: 'answered', status: 503, retryAfter: 120 });
});
