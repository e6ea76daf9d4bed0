import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { drainable } from '../../api/http/drain.ts';

/** Longer than any test: no connection is ended by force here. */
const NEVER_MS = 600_000;

async function listening(answer: (response: ServerResponse) => void) {
  const server = createServer((_, response) => answer(response));
  const drain = drainable(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { drain, port: (server.address() as AddressInfo).port };
}

test('a server that stops does not wait for a connection that nobody has sent anything on', async () => {
  const { drain, port } = await listening((response) => response.end());
  const silent = connect(port, '127.0.0.1');
  const closed = once(silent, 'close');
  await once(silent, 'connect');
  await drain(NEVER_MS);
  await closed;
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
