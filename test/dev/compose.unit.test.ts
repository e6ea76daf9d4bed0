import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { temporalCliOnPypi } from '../../dev/engines/fetch-from-pypi.ts';
import { searchAttributes } from '../../workflows/contract.ts';

/** The text of each service in docker-compose.yml. */
const services = new Map<string, string>();
let text: string;

beforeAll(async () => {
  text = await readFile(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
  const part = /^services:\n([\s\S]*?)\n(?=\S)/m.exec(text)?.[1] ?? '';
  for (const [, name = '', body = ''] of part.matchAll(/^ {2}([\w-]+):\n((?: {4,}.*\n|\n| {2}#.*\n)*)/gm))
    services.set(name, body);
});

const networksOf = (name: string): string[] =>
  /networks: \[(.*)\]/
    .exec(services.get(name) ?? '')?.[1]
    ?.split(', ')
    .map((one) => one.replaceAll('"', '')) ?? [];

test('all services are found', () => {
  expect([...services.keys()]).toEqual([
    'postgres',
    'temporal-postgres',
    'temporal-schema',
    'temporal',
    'temporal-namespace',
    'temporal-ui',
    'migrate',
    'api',
    'worker',
  ]);
});

test('only the migrations know the password of the owner of the tables, and API and worker wait for them', () => {
  const owner = /postgres:\/\/holdfast:/;
  expect([...services].filter(([, body]) => owner.test(body)).map(([name]) => name)).toEqual(['migrate']);
  expect(text).toMatch(/DATABASE_URL: postgres:\/\/holdfast_app:\$\{POSTGRES_APP_PASSWORD/);
  for (const name of ['api', 'worker']) {
    expect(services.get(name)).toContain('migrate: { condition: service_completed_successfully }');
    expect(services.get(name)).not.toContain('MIGRATE');
  }
});

test('the engines are on networks that lead neither in nor out', () => {
  for (const name of ['postgres', 'temporal-postgres', 'temporal-schema', 'temporal', 'temporal-namespace']) {
    expect(networksOf(name).length).toBeGreaterThan(0);
    for (const network of networksOf(name))
      expect(text).toMatch(new RegExp(`^  ${network}: \\{ internal: true \\}$`, 'm'));
    expect(services.get(name)).not.toContain('ports:');
  }
  expect(networksOf('worker')).not.toContain('front');
});

test('every service has limits, and what is published is published to this machine only', () => {
  for (const [name, body] of services) {
    expect([name, /resources: \{ limits: \{ cpus: "\d+", memory: \d+\w, pids: \d+ \} \}/.test(body)]).toEqual([
      name,
      true,
    ]);
    for (const [, address] of body.matchAll(/"([^"\s]*):\d+"/g))
      if (address?.includes('${')) expect(address).toMatch(/^127\.0\.0\.1:/);
  }
});

test('Temporal is one version, that of the local stack, and its tools have set it up before anything uses it', () => {
  const [, server] = /temporalio\/server:([\d.]+)\}/.exec(text) ?? [];
  const [, tools] = /temporalio\/admin-tools:([\d.]+)\}/.exec(text) ?? [];
  const [, ui] = /temporalio\/ui:([\d.]+)\}/.exec(text) ?? [];
  expect({ server, tools, ui }).toEqual({ server: '1.32.0', tools: '1.32.0', ui: '2.54.1' });
  expect(temporalCliOnPypi).toMatchObject({ serverVersion: server, uiVersion: ui });
  expect(text).not.toContain('auto-setup');
  expect(services.get('temporal')).toContain('temporal-schema: { condition: service_completed_successfully }');
  expect(services.get('temporal-namespace')).toContain('temporal: { condition: service_healthy }');
  for (const name of ['temporal-ui', 'api', 'worker'])
    expect(services.get(name)).toContain('temporal-namespace: { condition: service_completed_successfully }');
});

test('only what is made of Temporal’s tables knows the password of its database', () => {
  const password = 'TEMPORAL_POSTGRES_PASSWORD';
  const knowing = [...services].filter(([, body]) => body.includes(password)).map(([name]) => name);
  expect(knowing).toEqual(['temporal-postgres', 'temporal-schema', 'temporal']);
});

test('the namespace gets every search attribute that the workflows set', () => {
  const made = services.get('temporal-namespace')?.matchAll(/--type (\w+) --name (\w+)/g) ?? [];
  expect([...made].map(([, type, name]) => [name, type])).toEqual(
    Object.values(searchAttributes).map(({ name }) => [name, 'Keyword']),
  );
});

test('the settings that the server reads are a file of this repository', async () => {
  const [, file, inside] = /volumes: \["\.\/(\S+?):(\S+?):ro"\]/.exec(services.get('temporal') ?? '') ?? [];
  expect(services.get('temporal')).toContain(`DYNAMIC_CONFIG_FILE_PATH: ${inside}`);
  expect(await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')).toContain('limit.maxIDLength:');
});
