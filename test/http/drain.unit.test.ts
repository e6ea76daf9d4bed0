import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { drainable } from '../../api/http/drain.ts';

/** Longer than any test: no connection is ended by force here. */
const NEVER_MS = 600_000;

afterEach(() => {
  vi.useRealTimers();
});

async function listening(answer: (response: ServerResponse) => void) {
  const server = createServer((_, response) => answer(response));
  const drain = drainable(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, drain, port: (server.address() as AddressInfo).port };
}

test('a server that stops does not wait for a connection that nobody has sent anything on', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'performance'] });
  const { server, drain, port } = await listening((response) => response.end());
  const silent = connect(port, '127.0.0.1');
  const closed = once(silent, 'close');
  await once(server, 'connection');
  const drained = drain(NEVER_MS);
  await expect.poll(() => server.listening).toBe(false);
  vi.advanceTimersByTime(1_500);
  await drained;
  await closed;
});

test('a server that stops answers a request whose first byte was on its way', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'performance'] });
  const { server, drain, port } = await listening((response) => response.end('in time'));
  const late = connect(port, '127.0.0.1');
  late.setEncoding('utf8');
  await once(server, 'connection');
  const drained = drain(NEVER_MS);
  await expect.poll(() => server.listening).toBe(false);
  vi.advanceTimersByTime(500);
  late.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  expect((await once(late, 'data'))[0]).toContain('in time');
  vi.advanceTimersByTime(1_500);
  await drained;
});

test('a server that stops answers the request that is under way first', async () => {
  const waiting: ServerResponse[] = [];
  const { drain, port } = await listening((response) => waiting.push(response));
  const asked = fetch(`http://127.0.0.1:${port}`);
  await expect.poll(() => waiting.length).toBe(1);
  const drained = drain(NEVER_MS);
  for (const response of waiting) response.end('at last');
  expect(await (await asked).text()).toBe('at last');
  await drained;
});
