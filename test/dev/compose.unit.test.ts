import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';

/** The services of docker-compose.yml, each with its text. */
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
    'temporal',
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
  for (const name of ['postgres', 'temporal-postgres', 'temporal']) {
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
