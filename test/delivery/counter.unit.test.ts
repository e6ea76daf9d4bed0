import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readCount } from '../../activities/provider/counter.ts';
import { LIMITS } from '../../domain/limits.ts';

const INSIDE = { allowLoopback: true };
const LINK = 'https://example.com/p/1?a=1&b=ü#c';

describe('a counter source', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function source(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/count`;
  }

  it('is asked for the link as it stands, beside what its address says already', async () => {
    const asked: string[] = [];
    const url = await source((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end('{"count": "1234"}');
    });
    expect(await readCount(`${url}?token=t`, LINK, INSIDE)).toEqual({ kind: 'counted', count: 1234 });
    const [, path = ''] = (asked[0] ?? '').split(' ');
    expect([asked.length, Object.fromEntries(new URL(path, url).searchParams)]).toEqual([
      1,
      { token: 't', link: LINK },
    ]);
  });

  it('that sends elsewhere is not followed', async () => {
    let followed = false;
    const url = await source((request, response) => {
      followed ||= request.url?.startsWith('/elsewhere') === true;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await readCount(url, LINK, INSIDE)).toEqual({ kind: 'unanswered', detail: 'HTTP 302 without a count' });
    expect(followed).toBe(false);
  });

  it.each<[string, RequestListener]>([
    ['breaks', (_, response) => response.writeHead(500).end('{"count": 1}')],
    ['says nonsense', (_, response) => response.end('<html>')],
    ['says far too much', (_, response) => response.end(`{"count": 1, "x": "${'x'.repeat(LIMITS.counterAnswer)}"}`)],
    ['hangs up', (request) => request.socket.destroy()],
    ['hangs up in the middle', (_, response) => response.writeHead(200, { 'content-length': '100' }).end('{"count"')],
    ['never answers', () => {}],
  ])('that %s has said nothing, and not the link', async (_, listener) => {
    const answer = await readCount(await source(listener), LINK, INSIDE);
    expect(answer).toMatchObject({ kind: 'unanswered' });
    expect(JSON.stringify(answer)).not.toContain('example.com');
  });

  it.each(['http://127.0.0.1:1/', 'http://no-such-host.invalid/count'])(
    'at %s, where nobody is, has said nothing',
    async (url) => {
      expect(await readCount(url, LINK, INSIDE)).toMatchObject({ kind: 'unanswered' });
    },
  );

  it('at an address inside, in whatever form, or one that a name has begun to stand for, is not asked', async () => {
    let asked = 0;
    const url = await source((_, response) => {
      asked += 1;
      response.end('{"count": 1}');
    });
    const { port } = new URL(url);
    const outside = { allowLoopback: false };
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '0',
      '[::ffff:127.0.0.1]',
      '[::1]',
      'localhost',
      '127.0.0.1.',
    ]) {
      expect(await readCount(`http://${host}:${port}/count`, LINK, outside)).toMatchObject({ kind: 'unanswered' });
    }
    const resolve = async () => ['93.184.216.34', '127.0.0.1'];
    const moved = await readCount(`http://counter.example:${port}/count`, LINK, { ...outside, resolve });
    expect(moved).toEqual({ kind: 'unanswered', detail: 'ADDRESS_NOT_PUBLIC' });
    expect(asked).toBe(0);
    const named = await readCount(`http://counter.example:${port}/count`, LINK, {
      ...INSIDE,
      resolve: async () => ['127.0.0.1'],
    });
    expect([named, asked]).toEqual([{ kind: 'counted', count: 1 }, 1]);
  });
});
