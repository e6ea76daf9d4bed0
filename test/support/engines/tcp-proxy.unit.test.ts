import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TcpProxy, tcpProxy } from './tcp-proxy.ts';

const server = createServer((socket) => {
  socket.on('data', (chunk) => socket.write(chunk));
  socket.on('error', () => {});
});
let proxy: TcpProxy;
let client: Socket;
let heard = '';

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await tcpProxy('127.0.0.1', (server.address() as AddressInfo).port);
  client = connect(proxy.port, '127.0.0.1');
  heard = '';
  client.on('data', (chunk) => {
    heard += chunk;
  });
  client.on('error', () => {});
  await once(client, 'connect');
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  await new Promise((closed) => server.close(closed));
});

it('passes everything in its order, however slow the way becomes and gets again', async () => {
  const said = Array.from({ length: 40 }, (_, number) => `${number} `);
  for (const [number, word] of said.entries()) {
    proxy.delay(number % 3 === 0 ? 20 : 0);
    client.write(word);
    await new Promise((turn) => setImmediate(turn));
  }
  await expect.poll(() => heard).toBe(said.join(''));
});

it('holds back what is said while it is frozen', async () => {
  proxy.freeze();
  client.write('late');
  await new Promise((turn) => setImmediate(turn));
  expect(heard).toBe('');
  proxy.thaw();
  await expect.poll(() => heard).toBe('late');
});

it('resets every connection when it is cut, and takes new ones', async () => {
  client.write('before');
  await expect.poll(() => heard).toBe('before');
  const closed = new Promise((close) => client.once('close', close));
  proxy.cut();
  await closed;
  client = connect(proxy.port, '127.0.0.1');
  client.on('data', (chunk) => {
    heard += chunk;
  });
  client.write(' and after');
  await expect.poll(() => heard).toBe('before and after');
});

it('leads connections to several servers in turn, and past one that refuses them', async () => {
  const other = createServer((socket) => void socket.resume().end('the other'));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const ports = [server, other].map((one) => (one.address() as AddressInfo).port);
  const both = await tcpProxy('127.0.0.1', ...ports);
  const greeted = async () => {
    const socket = connect(both.port, '127.0.0.1');
    const greeting = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(String(chunk))));
    socket.write('the first');
    const said = await greeting;
    socket.destroy();
    return said;
  };
  try {
    expect([await greeted(), await greeted(), await greeted()]).toEqual(['the first', 'the other', 'the first']);
    await new Promise((closed) => other.close(closed));
    expect(await greeted()).toBe('the first');
  } finally {
    await both.close();
  }
});
