import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { temporalCliOnPypi } from '../../dev/engines/fetch-from-pypi.ts';
import { searchAttributes } from '../../workflows/contract.ts';
import {
  type ComposeService,
  composeText,
  interpolated,
  networksOf,
  PROJECT,
  readCompose,
  variablesOf,
} from '../support/reads/compose-file.ts';

const file = readCompose();
const services = Object.entries(file.services);
const text = composeText();

function serviceOf(name: string): ComposeService {
  const found = file.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

const waitsFor = (name: string, other: string): string | undefined => serviceOf(name).depends_on?.[other]?.condition;
const namesWhere = (is: (service: ComposeService) => boolean): string[] =>
  services.filter(([, service]) => is(service)).map(([name]) => name);

/** Programs of the images that health checks run, as their Dockerfiles install them. busybox has `nc` and `wget`. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  holdfast: ['node'],
  postgres: ['pg_isready'],
  'temporalio/server': ['nc'],
  'temporalio/ui': ['curl'],
  nginx: ['curl'],
  'prom/prometheus': ['wget'],
  'grafana/grafana': ['wget'],
};

const FROM_OUTSIDE = ['/etc/holdfast/tls'];

describe('docker-compose.yml', () => {
  it('has two APIs and two workers behind one proxy, both engines, the command line, and monitoring as a profile', () => {
    expect(namesWhere(({ profiles }) => profiles === undefined)).toEqual([
      'postgres',
      'temporal-postgres',
      'temporal-schema',
      'temporal',
      'temporal-namespace',
      'temporal-ui',
      'migrate',
      'api-1',
      'api-2',
      'worker-1',
      'worker-2',
      'proxy',
    ]);
    expect(namesWhere(({ profiles }) => profiles?.[0] === 'monitoring')).toEqual(['prometheus', 'grafana']);
    expect(namesWhere(({ profiles }) => profiles?.[0] === 'cli')).toEqual(['cli']);
    expect(serviceOf('api-2')).toEqual(serviceOf('api-1'));
    expect(serviceOf('worker-2')).toEqual(serviceOf('worker-1'));
  });

  it('depends on services, networks and volumes that it has', () => {
    for (const [name, { depends_on = {}, volumes = [] }] of services) {
      expect(Object.keys(file.services)).toEqual(expect.arrayContaining(Object.keys(depends_on)));
      expect(Object.keys(file.networks)).toEqual(expect.arrayContaining(networksOf(serviceOf(name))));
      const named = volumes.filter((one) => typeof one === 'string' && !one.startsWith('.'));
      expect(Object.keys(file.volumes)).toEqual(expect.arrayContaining(named.map((one) => String(one).split(':')[0])));
      for (const [other, { condition }] of Object.entries(depends_on)) {
        if (condition === 'service_healthy') expect([other, serviceOf(other).healthcheck]).not.toContain(undefined);
        if (condition === 'service_completed_successfully') expect(serviceOf(other).restart).toBe('no');
      }
    }
  });

  it('mounts files of this repository, read-only, and the folder of certificates alone from elsewhere', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes);
    const files = mounts.filter((one) => typeof one === 'string').filter((one) => one.startsWith('.'));
    expect(files.length).toBeGreaterThan(4);
    for (const one of files) {
      const [source = '', , mode] = one.split(':');
      expect([source, existsSync(`${PROJECT}${source}`), mode]).toEqual([source, true, 'ro']);
    }
    expect(mounts.filter((one) => typeof one !== 'string').map(({ target }) => target)).toEqual(FROM_OUTSIDE);
  });

  it('gives every service limits, a user that is not root, no capabilities and a file system that is not written', () => {
    for (const [name, service] of services) {
      expect([name, service.user]).toEqual([name, expect.stringMatching(/^[1-9]\d*:\d+$/)]);
      expect([name, service.cap_drop, service.security_opt]).toEqual([name, ['ALL'], ['no-new-privileges:true']]);
      expect(service.deploy.resources.limits.pids).toBeLessThanOrEqual(1_000);
    }
  });

  it('checks the health of every service that goes on, with a program that its image holds', () => {
    for (const [name, { restart, healthcheck, image }] of services) {
      expect([name, healthcheck !== undefined]).toEqual([name, restart === 'unless-stopped']);
      const of = interpolated(image, {}).split(':')[0] ?? '';
      if (healthcheck !== undefined) expect(PROGRAMS[of]).toContain(healthcheck.test[1]);
    }
  });

  it('names each image by a version, and by its digest where that is known', () => {
    const images = new Set(services.map(([, { image }]) => interpolated(image, {})));
    for (const image of images) expect(image).toMatch(/^[a-z/-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?(@sha256:[0-9a-f]{64})?$/);
    expect([...images].filter((image) => !image.includes('@'))).toEqual(['temporalio/ui:2.54.1', 'holdfast:0.1.0']);
  });

  it('publishes on the loopback address only, the proxy unless .env names another', () => {
    for (const [name, { ports = [] }] of services) {
      const address = name === 'proxy' ? '\\$\\{LISTEN_ADDRESS:-127\\.0\\.0\\.1\\}' : '127\\.0\\.0\\.1';
      for (const port of ports) expect(port).toMatch(new RegExp(`^${address}:\\$\\{[A-Z_]+:-\\d+\\}:\\d+$`));
    }
    expect(serviceOf('proxy').ports).toHaveLength(3);
    expect(namesWhere(({ ports }) => ports !== undefined)).toEqual(['proxy', 'grafana']);
  });

  it('has no secret in plain text', () => {
    const secrets = services.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|PWD|KEY|SECRET|TOKEN|LOGIN|SMTP_URL/.test(name)),
    );
    expect(secrets.length).toBeGreaterThan(8);
    for (const [name, value] of secrets) expect([name, value]).toEqual([name, expect.stringMatching(/^\$\{[^}]+\}$/)]);
    expect(text).not.toMatch(/:\/\/[^$\s]*:[^$\s]+@/);
  });

  it('starts with no secret missing: Compose itself asks for each', () => {
    const required = variablesOf(text).filter(({ isRequired }) => isRequired);
    expect(new Set(required.map(({ name }) => name))).toEqual(
      new Set([
        'POSTGRES_PASSWORD',
        'POSTGRES_APP_PASSWORD',
        'TEMPORAL_POSTGRES_PASSWORD',
        'HOLDFAST_MASTER_KEY',
        'CURRENCY',
        'UI_LOGIN',
      ]),
    );
  });
});

test('only the migrations know the password of the owner of the tables, and API and worker wait for them', () => {
  const knowing = ({ environment = {} }: ComposeService) =>
    Object.values(environment).some((value) => /postgres:\/\/holdfast:/.test(value));
  expect(namesWhere(knowing)).toEqual(['migrate']);
  for (const name of ['api-1', 'api-2', 'worker-1', 'worker-2']) {
    expect(serviceOf(name).environment?.DATABASE_URL).toMatch(/^postgres:\/\/holdfast_app:\$\{POSTGRES_APP_PASSWORD:/);
    expect(waitsFor(name, 'migrate')).toBe('service_completed_successfully');
    expect(serviceOf(name).environment).not.toHaveProperty('MIGRATE');
  }
});

test('the engines are on networks that lead neither in nor out', () => {
  for (const name of ['postgres', 'temporal-postgres', 'temporal-schema', 'temporal', 'temporal-namespace'])
    for (const network of networksOf(serviceOf(name))) expect(file.networks[network]).toEqual({ internal: true });
  // Prometheus alone leads out of its networks, to an Alertmanager.
  expect(networksOf(serviceOf('prometheus'))).toEqual(['metrics', 'alerting']);
  for (const name of ['worker-1', 'worker-2']) expect(networksOf(serviceOf(name))).not.toContain('front');
  expect(networksOf(serviceOf('proxy'))).toEqual(['front']);
});

test('Prometheus finds each API and each worker under one name, on a network of its own', () => {
  const aliases = ({ networks }: ComposeService) => (Array.isArray(networks) ? [] : networks.metrics?.aliases);
  expect(namesWhere((one) => aliases(one)?.[0] === 'api')).toEqual(['api-1', 'api-2']);
  expect(namesWhere((one) => aliases(one)?.[0] === 'worker')).toEqual(['worker-1', 'worker-2']);
  expect(serviceOf('api-1').environment).toMatchObject({ METRICS_HOST: '0.0.0.0', METRICS_PORT: '9464' });
  expect(serviceOf('worker-1').environment).toMatchObject({ WORKER_HOST: '0.0.0.0', WORKER_PORT: '3001' });
});

const parsed = (path: string): unknown => parse(readFileSync(`${PROJECT}${path}`, 'utf8'));

test('Grafana has Prometheus, and the dashboards where they are mounted', () => {
  const datasources = parsed('ops/grafana/datasources/prometheus.yml');
  expect(datasources).toMatchObject({ datasources: [{ url: 'http://prometheus:9090', isDefault: true }] });
  const [, mounted] =
    serviceOf('grafana')
      .volumes?.find((one) => String(one).startsWith('./ops/dashboards'))
      ?.toString()
      .split(':') ?? [];
  expect(parsed('ops/grafana/dashboards/holdfast.yml')).toMatchObject({ providers: [{ options: { path: mounted } }] });
});

test('Prometheus asks every address of a name, and reads the rules where they are mounted', () => {
  const scraped = (name: string, port: number) => expect.objectContaining({ names: [name], type: 'A', port });
  expect(parsed('ops/prometheus.yml')).toMatchObject({
    rule_files: ['/etc/prometheus/alerts.yml'],
    scrape_configs: expect.arrayContaining([
      expect.objectContaining({ dns_sd_configs: [scraped('api', 9464)] }),
      expect.objectContaining({ dns_sd_configs: [scraped('worker', 3001)] }),
    ]),
  });
  expect(serviceOf('prometheus').volumes).toContain('./ops/alerts.yml:/etc/prometheus/alerts.yml:ro');
});

test('the proxy leads to the ports of the APIs and of the UI alone, and the API believes it about addresses', () => {
  const conf = readFileSync(`${PROJECT}ops/proxy.conf`, 'utf8');
  expect([...conf.matchAll(/set \$\w+ (\S+);/g)].map(([, url]) => url)).toEqual([
    'http://api:3000',
    'http://temporal-ui:8080',
  ]);
  expect([...conf.matchAll(/proxy_pass (\S+);/g)].map(([, to]) => to)).toEqual(['$api', '$api', '$api', '$ui']);
  expect(serviceOf('api-1').environment).toMatchObject({
    API_PORT: '3000',
    TRUSTED_PROXIES: expect.stringMatching(/:-1\}$/),
  });
  const inside = serviceOf('proxy').ports?.map((port) => port.split(':').at(-1));
  expect([...conf.matchAll(/listen (\d+)[; ]/g)].map(([, port]) => port).sort()).toEqual(inside?.sort());
});

test('the proxy sends a GET of panel API v2 to one API only, because it can be an order', () => {
  const conf = readFileSync(`${PROJECT}ops/proxy.conf`, 'utf8');
  const location = (name: string): string => conf.split(`    location ${name} {\n`)[1]?.split('\n    }\n')[0] ?? '';
  expect(location('~ ^/api/v2/?$')).toMatch(
    /error_page 418 = @panel_get;\s+if \(\$request_method = GET\) \{\s+return 418;\s+\}\s+proxy_pass/,
  );
  expect(location('@panel_get')).toMatch(/^\s+error_log stderr crit;\s+proxy_next_upstream off;\s+proxy_pass \$api;$/);
});

test('Temporal is one version, that of the local stack, and its tools have set it up before anything uses it', () => {
  const [, server] = /temporalio\/server:([\d.]+)@/.exec(text) ?? [];
  const [, tools] = /temporalio\/admin-tools:([\d.]+)@/.exec(text) ?? [];
  const [, ui] = /temporalio\/ui:([\d.]+)\}/.exec(text) ?? [];
  expect({ server, tools, ui }).toEqual({ server: '1.32.0', tools: '1.32.0', ui: '2.54.1' });
  expect(temporalCliOnPypi).toMatchObject({ serverVersion: server, uiVersion: ui });
  expect(text).not.toContain('auto-setup');
  expect(waitsFor('temporal', 'temporal-schema')).toBe('service_completed_successfully');
  expect(waitsFor('temporal-namespace', 'temporal')).toBe('service_healthy');
  for (const name of ['temporal-ui', 'api-1', 'worker-1'])
    expect(waitsFor(name, 'temporal-namespace')).toBe('service_completed_successfully');
});

test('only what is made of Temporal’s tables knows the password of its database', () => {
  const knowing = ({ environment = {} }: ComposeService) =>
    Object.values(environment).some((value) => value.includes('TEMPORAL_POSTGRES_PASSWORD'));
  expect(namesWhere(knowing)).toEqual(['temporal-postgres', 'temporal-schema', 'temporal']);
});

test('the namespace gets every search attribute that the workflows set', () => {
  const made =
    serviceOf('temporal-namespace')
      .command?.join('\n')
      .matchAll(/--type (\w+) --name (\w+)/g) ?? [];
  expect([...made].map(([, type, name]) => [name, type])).toEqual(
    Object.values(searchAttributes).map(({ name }) => [name, 'Keyword']),
  );
});

test('the settings that the server reads are a file of this repository', () => {
  const [mounted] = serviceOf('temporal').volumes ?? [];
  const [source, inside] = String(mounted).split(':');
  expect(serviceOf('temporal').environment?.DYNAMIC_CONFIG_FILE_PATH).toBe(inside);
  expect(readFileSync(`${PROJECT}${source}`, 'utf8')).toContain('limit.maxIDLength:');
});
