import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatabase,
  dropDatabase,
  fastSettings,
  type PostgresOptions,
  type RunningPostgres,
  startPostgres,
} from '../../dev/postgres/postgres.ts';
import { startOf } from '../../dev/processes/process-identity.ts';
import { freePort } from '../support/engines/engines.ts';

let dir: string;
let options: PostgresOptions;
let server: RunningPostgres;
const lines: string[] = [];

async function ask<T extends object>(url: string, text: string): Promise<T[]> {
  const sql = postgres(url, { max: 1 });
  try {
    return (await sql.unsafe(text)) as unknown as T[];
  } finally {
    await sql.end();
  }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'holdfast-postgres-'));
  options = {
    dir,
    port: await freePort(),
    database: 'holdfast',
    settings: fastSettings,
    temporary: true,
    log: (line) => lines.push(line),
  };
  server = await startPostgres(options);
}, 120_000);

afterAll(async () => {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

describe('the PostgreSQL of the local stack', () => {
  it('is UTF8, locale C, in UTC, with room for every pool, on the loopback address alone', async () => {
    const [row] = await ask(
      server.url,
      `select current_database() as name, current_setting('server_encoding') as encoding, datcollate as locale,
        current_setting('TimeZone') as zone, current_setting('max_connections') as connections,
        current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets
      from pg_database where datname = current_database()`,
    );
    expect(row).toEqual({
      name: 'holdfast',
      encoding: 'UTF8',
      locale: 'C',
      zone: 'UTC',
      connections: '200',
      addresses: '127.0.0.1',
      sockets: '',
    });
  });

  it('keeps its password to its owner', async () => {
    expect((await stat(join(dir, 'password'))).mode & 0o777).toBe(0o600);
    const wrong = new URL(server.url);
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('creates a database once and drops it under those who use it', async () => {
    const [url] = await Promise.all([createDatabase(server.url, 'Some-Name'), createDatabase(server.url, 'Some-Name')]);
    const user = postgres(url, { max: 1 });
    expect(await user`select current_database() as name`).toEqual([{ name: 'Some-Name' }]);
    await dropDatabase(server.url, 'Some-Name');
    await expect(ask(url, 'select 1')).rejects.toThrow(/does not exist/);
    await user.end({ timeout: 1 });
  });

  it('comes back with what it had after kill -9, and is told of as gone', async () => {
    await ask(server.url, 'create table kept as select 42 as answer');
    const gone = new Promise<void>((resolve) => server.onExit(resolve));
    process.kill(server.pid, 'SIGKILL');
    await gone;
    server = await startPostgres(options);
    expect(await ask(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('takes the place of a server that a killed run left behind', async () => {
    const left = server.pid;
    server = await startPostgres(options);
    expect(startOf(left)).toBeUndefined();
    expect(lines.join('\n')).toContain(`left running (pid ${left})`);
    expect(await ask(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });
});
