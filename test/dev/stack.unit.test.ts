import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDevConfig } from '../../dev/config.ts';
import { keptSecret } from '../../dev/files.ts';
import { type Home, homeAt, prepareHome } from '../../dev/stack/home.ts';
import { readStack, removeStack, type Stack, writeStack } from '../../dev/stack/stack.ts';
import { orderCommand } from '../../dev/stack/terminal.ts';

let home: Home;
const stack: Stack = {
  apiUrl: 'http://127.0.0.1:3000',
  apiKey: 'hf_demo',
  adminKey: 'hf_staff',
  temporalAddress: '127.0.0.1:7233',
  temporalNamespace: 'default',
  temporalUiUrl: 'http://127.0.0.1:8233',
  temporalCli: '/usr/local/bin/temporal',
  databaseUrl: 'postgres://127.0.0.1:5433/holdfast',
  providerUrl: 'http://127.0.0.1:4000',
  metricsUrl: 'http://127.0.0.1:9464/metrics',
  pids: { api: 1, worker: 2, temporal: 3, postgres: 4, provider: 5 },
};

beforeEach(async () => {
  home = homeAt(await mkdtemp(join(tmpdir(), 'holdfast-stack-')));
  await prepareHome(home);
});
afterEach(() => rm(home.root, { recursive: true, force: true }));

describe('stack.json', () => {
  it('is readable by its owner alone, for it has keys in it', async () => {
    await writeStack(home, stack);
    expect((await stat(home.stackFile)).mode & 0o777).toBe(0o600);
  });

  it('says what was written, is replaced as a whole, and is gone after the end', async () => {
    await writeStack(home, stack);
    await writeStack(home, { ...stack, pids: { ...stack.pids, worker: 99 } });
    expect(await readStack(home.root)).toEqual({ ...stack, pids: { ...stack.pids, worker: 99 } });
    await removeStack(home);
    expect(await readStack(home.root)).toBeUndefined();
    expect((await readdir(home.root)).filter((name) => name.startsWith('stack'))).toEqual([]);
  });
});

describe('a kept secret', () => {
  it('is made once, whoever asks first, and readable by its owner alone', async () => {
    const file = join(home.secrets, 'some');
    let made = 0;
    const values = await Promise.all(
      Array.from({ length: 10 }, () =>
        keptSecret(file, () => {
          made += 1;
          return `secret ${made}`;
        }),
      ),
    );
    expect(new Set(values).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await keptSecret(file, () => 'another')).toBe(values[0]);
  });
});

describe('the environment', () => {
  it('names another state folder and another cache', () => {
    const config = loadDevConfig({ HOLDFAST_HOME: '/srv/one', XDG_CACHE_HOME: '/srv/cache' });
    expect(config.home).toBe('/srv/one');
    expect(config.cache).toBe(join('/srv/cache', 'holdfast'));
  });

  it('without these leaves the state in the checkout and the cache outside of it', () => {
    const config = loadDevConfig({});
    expect(config.home).toBe(join(config.project, '.holdfast'));
    expect(config.cache.startsWith(config.project)).toBe(false);
    expect(config.databaseUrl).toBeUndefined();
  });
});

describe('the printed command', () => {
  it('carries the key, an idempotency key and a body that is JSON', () => {
    const command = orderCommand(stack, 7, 'demo-1');
    expect(command).toContain('Bearer hf_demo');
    expect(command).toContain('Idempotency-Key: demo-1');
    const body = /-d '(.*)'/.exec(command)?.[1] ?? '';
    expect(JSON.parse(body)).toMatchObject({ service: 7, quantity: 1000 });
  });
});
