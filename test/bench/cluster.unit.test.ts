import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensureServerPrograms, SERVER_VERSION } from '../../bench/cluster/programs.ts';
import { SERVICES, type ServicePorts, serverConfig } from '../../bench/cluster/server-config.ts';
import { loadDevConfig } from '../../dev/config.ts';

it('without Go, the error says to install it', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
  const config = loadDevConfig({ PATH: cache, XDG_CACHE_HOME: cache });
  const building = ensureServerPrograms({ log: () => undefined, config });
  await expect(building).rejects.toThrow(/there is no go.* on the PATH.*Install Go/s);
  await rm(cache, { recursive: true });
});

it('the server has the version of docker-compose.yml', async () => {
  const compose = await readFile(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
  expect(compose).toContain(`temporalio/server:${SERVER_VERSION}`);
});

it('every port of every service is on 127.0.0.1', () => {
  const ports = Object.fromEntries(
    SERVICES.map((name, number) => [name, { grpcPort: 20_000 + number, membershipPort: 21_000 + number }]),
  ) as ServicePorts;
  const config = serverConfig({
    postgresUrl: 'postgres://postgres:secret@127.0.0.1:5432/postgres',
    shards: 16,
    ports,
    settingsFile: '/settings.yaml',
  });
  expect(config).toMatchObject({
    persistence: { numHistoryShards: 16 },
    global: { membership: { broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(SERVICES.map((name) => [name, { rpc: { ...ports[name], bindOnIP: '127.0.0.1' } }])),
  });
});
