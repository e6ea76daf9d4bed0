import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Exchange, exchange } from '../../activities/provider/exchange.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type GuardOptions, whyNotUrl } from '../../net/url-guard.ts';

const ORDER = {
  key: 'secret-key',
  action: 'add',
  service: '7',
  link: 'https://example.com/?a=1&b=ü',
  quantity: '1000',
};
const INSIDE = { allowLoopback: true };
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** A test server and what it received. */
interface Peer {
  readonly url: string;
  connections: number;
  received: string;
  open: number;
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    if (server.listening) await once(server, 'close');
  }
});

async function listening(server: Server): Promise<Peer> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const peer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2?x=1`,
    connections: 0,
    received: '',
    open: 0,
  };
  server.on('connection', (socket: Socket) => {
    peer.connections += 1;
    peer.open += 1;
    socket.on('data', (bytes) => {
      peer.received += bytes.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      peer.open -= 1;
    });
  });
  return peer;
}

/** A server that calls `act` after it has read the whole request. */
const afterRequest = (act: (socket: Socket) => void): Promise<Peer> =>
  listening(
    createServer((socket) => {
      let seen = '';
      socket.on('data', (bytes) => {
        seen += bytes.toString('latin1');
        if (seen.includes('quantity=1000')) act(socket);
      });
    }),
  );

const answering = (listener: RequestListener): Promise<Peer> => listening(createHttpServer(listener));

const send = (url: string, totalMs = 5_000): Promise<Exchange> => exchange(url, ORDER, { guard: INSIDE, totalMs });

const requests = (peer: Peer): number => peer.received.split('POST /api/v2').length - 1;

/** Waits until all connections are closed: nothing of an exchange may outlive it. */
const ended = (peer: Peer) => vi.waitFor(() => expect(peer.open).toBe(0), { timeout: 20_000, interval: 5 });

describe('an answer', () => {
  it('comes back whole, with its status', async () => {
    const peer = await answering((request, response) => {
      request.resume().on('end', () => response.writeHead(200).end('{"order":"ü"}'));
    });
    expect(await send(peer.url)).toEqual({ kind: 'answered', status: 200, body: '{"order":"ü"}' });
    expect(peer.received).toMatch(/^POST \/api\/v2\?x=1 HTTP\/1\.1\r\n/);
    expect(peer.received).toMatch(/content-type: application\/x-www-form-urlencoded\r\n/i);
    const form = new URLSearchParams(peer.received.split('\r\n\r\n')[1]);
    expect(Object.fromEntries(form)).toEqual(ORDER);
  });

  it('of any status is an answer', async () => {
    const peer = await answering((request, response) => {
      request.resume().on('end', () => response.writeHead(503).end('down'));
    });
    expect(await send(peer.url)).toEqual({ kind: 'answered', status: 503, body: 'down' });
    expect(requests(peer)).toBe(1);
  });

  it('that is a redirect is not followed', async () => {
    const elsewhere = await answering((_, response) => response.end('{"order":1}'));
    const peer = await answering((request, response) => {
      request.resume().on('end', () => response.writeHead(307, { location: elsewhere.url }).end());
    });
    expect(await send(peer.url)).toMatchObject({ kind: 'answered', status: 307 });
    expect(elsewhere.connections).toBe(0);
  });

  it('may be as large as the limit', async () => {
    const peer = await answering((_, response) => response.end('x'.repeat(LIMITS.providerAnswer)));
    const result = await send(peer.url);
    expect(result.kind === 'answered' && result.body.length).toBe(LIMITS.providerAnswer);
  });

  it('never leaves a connection behind for the next request', async () => {
    const peer = await answering((request, response) => {
      request.resume().on('end', () => response.end('{}'));
    });
    for (const number of [1, 2, 3]) {
      expect((await send(peer.url)).kind).toBe('answered');
      expect(peer.connections).toBe(number);
      await ended(peer);
    }
  });
});

describe('a request provably did not leave', () => {
  it('when nobody listens', async () => {
    const peer = await answering((_, response) => response.end());
    const [server] = servers.splice(0);
    server?.close();
    expect(await send(peer.url)).toEqual({ kind: 'notSent', detail: 'ECONNREFUSED' });
  });

  it('when the name cannot be found', async () => {
    expect((await send('http://nobody.invalid/api/v2', 3_000)).kind).toBe('notSent');
  });

  it('when the other side does not speak TLS', async () => {
    const peer = await listening(
      createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 \r\n\r\n'))),
    );
    expect((await send(peer.url.replace('http:', 'https:'))).kind).toBe('notSent');
    expect(peer.received).not.toContain('POST');
    expect(peer.received).not.toContain('secret-key');
  });

  it('when TLS is never agreed on', async () => {
    const peer = await listening(createServer(() => {}));
    expect((await send(peer.url.replace('http:', 'https:'), 300)).kind).toBe('notSent');
    expect(peer.received).not.toContain('secret-key');
    await ended(peer);
  });

  it('when it is too late to send: the worker may have been frozen since it took the attempt', async () => {
    const peer = await answering((_, response) => response.end('{"order":1}'));
    const result = await exchange(peer.url, ORDER, { guard: INSIDE, totalMs: 5_000, notAfter: performance.now() - 1 });
    expect(result.kind).toBe('notSent');
    await ended(peer);
    expect(peer.received).toBe('');
  });

  it('unless it is still in time', async () => {
    const peer = await answering((_, response) => response.end('{"order":1}'));
    const result = await exchange(peer.url, ORDER, {
      guard: INSIDE,
      totalMs: 5_000,
      notAfter: performance.now() + 5_000,
    });
    expect(result.kind).toBe('answered');
  });
});

describe('a request may have arrived, and is never sent again,', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['the connection is reset', (socket) => socket.resetAndDestroy()],
    ['the connection is closed without a word', (socket) => socket.end()],
    ['the connection is closed within the head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
    ['the connection is closed within the body', (socket) => socket.end(`${HEAD}content-length: 50\r\n\r\n{"order":5`)],
    [
      'a chunked body has no end',
      (socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\nb\r\n{"order":5}\r\n`),
    ],
    [
      'the connection is reset within the body',
      (socket) => socket.write(`${HEAD}content-length: 50\r\n\r\n{"order":5`, () => socket.resetAndDestroy()),
    ],
    ['the answer is not HTTP', (socket) => socket.end('220 mail.example.com ESMTP\r\n')],
    [
      'the answer is larger than the limit',
      (socket) =>
        socket.write(
          `${HEAD}content-length: ${LIMITS.providerAnswer + 1}\r\n\r\n${'x'.repeat(LIMITS.providerAnswer + 1)}`,
        ),
    ],
    [
      'the answer grows beyond the limit',
      (socket) => {
        socket.write(`${HEAD}\r\n`);
        const more = () => {
          while (!socket.destroyed && socket.write('x'.repeat(16_384)));
        };
        socket.on('drain', more);
        more();
      },
    ],
  ])('when %s', async (_, act) => {
    const peer = await afterRequest(act);
    expect((await send(peer.url)).kind).toBe('noAnswer');
    await ended(peer);
    expect(requests(peer)).toBe(1);
    expect(peer.connections).toBe(1);
  });

  it('when it is never answered', async () => {
    const peer = await afterRequest(() => {});
    expect(await send(peer.url, 200)).toEqual({ kind: 'noAnswer', detail: 'no answer in time' });
    await ended(peer);
    expect(requests(peer)).toBe(1);
  });

  it('when the answer drips in without an end', async () => {
    const peer = await afterRequest((socket) => {
      socket.write(`${HEAD}\r\n`);
      const drip = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    const began = performance.now();
    expect(await send(peer.url, 300)).toEqual({ kind: 'noAnswer', detail: 'no answer in time' });
    expect(performance.now() - began).toBeLessThan(2_000);
    await ended(peer);
    expect(requests(peer)).toBe(1);
  });

  it('when the head drips in without an end', async () => {
    const peer = await afterRequest((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x-a: b\r\n'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect((await send(peer.url, 300)).kind).toBe('noAnswer');
    await ended(peer);
    expect(requests(peer)).toBe(1);
  });
});

it('a connection that breaks as soon as it is there is not tried again', async () => {
  const peer = await listening(createServer((socket) => socket.resetAndDestroy()));
  expect((await send(peer.url)).kind).toMatch(/^(notSent|noAnswer)$/);
  expect(peer.connections).toBe(1);
  expect(peer.received).toBe('');
});

it('says of a failure only its kind: no address, no link, no key', async () => {
  const gone = await afterRequest((socket) => socket.resetAndDestroy());
  for (const url of [gone.url, 'http://nobody.invalid/secret-path', 'http://127.0.0.1:9/secret-path']) {
    const result = await send(url, 3_000);
    expect(result.kind === 'answered' ? '' : result.detail).toMatch(/^(no answer in time|[A-Z][A-Za-z_]+)$/);
  }
});

describe('an address', () => {
  const silent = () => answering((_, response) => response.end('{"order":1}'));
  const at = (peer: Peer, host: string): string => peer.url.replace('127.0.0.1', host);
  const outside = { allowLoopback: false };
  const sendTo = (url: string, guard: GuardOptions, totalMs = 5_000) => exchange(url, ORDER, { guard, totalMs });

  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '0',
    '[::ffff:127.0.0.1]',
    '[::1]',
    '[::]',
    'localhost',
    '127.0.0.1.',
  ])('inside, written as %s, is provably not sent to', async (host) => {
    const peer = await silent();
    expect(await sendTo(at(peer, host), outside)).toMatchObject({
      kind: 'notSent',
      detail: expect.stringMatching(/^ADDRESS_NOT_/),
    });
    expect(peer.connections).toBe(0);
  });

  it('is asked for at every connection, so that a name that comes to stand for one inside is not sent to', async () => {
    const peer = await silent();
    const answers = [['93.184.216.34'], ['127.0.0.1'], ['93.184.216.34', '::1'], []];
    const resolve = async () => answers.shift() ?? [];
    const url = at(peer, 'panel.example');
    // When staff entered the url, the name resolved to a public address.
    expect(await whyNotUrl(url, { ...outside, resolve })).toBeUndefined();
    for (const detail of ['ADDRESS_NOT_PUBLIC', 'ADDRESS_NOT_PUBLIC', 'ADDRESS_NOT_FOUND']) {
      expect(await sendTo(url, { ...outside, resolve })).toEqual({ kind: 'notSent', detail });
    }
    expect([answers, peer.connections]).toEqual([[], 0]);
  });

  it('that was checked is the one connected to, looked up once, and the name stays what the provider reads', async () => {
    const peer = await silent();
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return asked === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
    };
    const url = at(peer, 'panel.invalid');
    expect(await sendTo(url, { ...INSIDE, resolve })).toMatchObject({ kind: 'answered', status: 200 });
    expect([asked, peer.received.includes(`host: ${new URL(url).host}`)]).toEqual([1, true]);
  });

  it('without TLS is not sent to where only https is allowed', async () => {
    const peer = await silent();
    const resolve = async () => ['127.0.0.1'];
    const only = { ...INSIDE, httpsOnly: true, resolve };
    expect(await sendTo(at(peer, 'panel.example'), only)).toEqual({
      kind: 'notSent',
      detail: 'ADDRESS_NOT_HTTPS',
    });
    expect(peer.connections).toBe(0);
  });

  it('whose name is looked up for ever is given up in time', async () => {
    const resolve = () => new Promise<string[]>(() => {});
    expect(await sendTo('http://panel.example/', { ...outside, resolve }, 50)).toEqual({
      kind: 'notSent',
      detail: 'no answer in time',
    });
  });
});
