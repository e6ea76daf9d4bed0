import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { Reads } from '../../api/limits/reads.ts';
import { connect, type Sql } from '../../db/client.ts';
import { tcpProxy } from '../support/engines/tcp-proxy.ts';

const MS = 5_000;

let observer: Sql;
beforeAll(() => {
  observer = connect(inject('postgresUrl'), { name: 'holdfast-test', max: 1 });
});
afterAll(() => observer.end());

/** Reads with one connection, which has the name in PostgreSQL and is not open yet. */
function oneConnection(name: string, url = inject('postgresUrl')) {
  const lane = connect(url, { name, max: 1 });
  const reads = new Reads([lane]);
  const sessions = (state: string) =>
    observer`select from pg_stat_activity where application_name = ${name} and state = ${state}`;
  return {
    reads,
    end: () => lane.end({ timeout: 1 }),
    running: async () => (await sessions('active')).length,
    /** What another request gets. */
    next: () => reads.run({ key: 2, signal: new AbortController().signal }, MS, (sql) => sql`select 'next' as answer`),
  };
}

/** A read of so many queries at once, and how its request ends. */
function sleeping(reads: Reads, queries = 1) {
  const request = new AbortController();
  const all = (sql: Sql) => Promise.all(Array.from({ length: queries }, (_, n) => sql`select ${n}, pg_sleep(30)`));
  const ended = expect(reads.run({ key: 1, signal: request.signal }, MS, all)).rejects.toThrow('the request ended');
  const hangUp = async () => {
    request.abort();
    await ended;
  };
  return { hangUp };
}

it.each([0, 1, 2, 5, 20])(
  'a read whose caller leaves while its connection opens, %i turns later, costs no connection',
  async (turns) => {
    const { reads, next, running, end } = oneConnection(`holdfast-test-opening-${turns}`);
    try {
      const { hangUp } = sleeping(reads);
      for (let n = 0; n < turns; n += 1) await turn();
      await hangUp();
      expect(await next()).toEqual([{ answer: 'next' }]);
      expect(await running()).toBe(0);
    } finally {
      await end();
    }
  },
);

it.each([1, 2, 3, 8])(
  'a read of %i queries whose caller leaves ends in PostgreSQL, and the next one gets its own answer',
  async (queries) => {
    const { reads, next, running, end } = oneConnection(`holdfast-test-pipeline-${queries}`);
    try {
      await next();
      const { hangUp } = sleeping(reads, queries);
      await vi.waitUntil(async () => (await running()) === 1, 5_000);
      await hangUp();
      for (let time = 0; time < 3; time += 1) expect(await next()).toEqual([{ answer: 'next' }]);
      expect(await running()).toBe(0);
    } finally {
      await end();
    }
  },
);

it('a read whose cancel request overtakes it ends in PostgreSQL, and its connection is used again', async () => {
  const server = new URL(inject('postgresUrl'));
  const proxy = await tcpProxy(server.hostname, Number(server.port));
  const url = Object.assign(new URL(server), { hostname: '127.0.0.1', port: String(proxy.port) }).href;
  const { reads, next, running, end } = oneConnection('holdfast-test-overtaken', url);
  try {
    await next();
    proxy.delay(300);
    const { hangUp } = sleeping(reads);
    await vi.waitUntil(() => proxy.held() > 0, 5_000);
    // The connection of the cancel request is a new one, without delay.
    proxy.delay(0);
    await hangUp();
    expect(await next()).toEqual([{ answer: 'next' }]);
    expect(await running()).toBe(0);
  } finally {
    await end();
    await proxy.close();
  }
});
