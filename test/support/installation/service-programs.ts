import { interpolated, readCompose } from '../reads/compose-file.ts';
import type { Machine } from './machine.ts';

/** A service of docker-compose.yml as a process of this machine. */
export interface ServiceProgram {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The command of its health check. */
  readonly health: readonly string[];
}

/** What the images without a command in docker-compose.yml run. */
const IMAGE_COMMANDS: Readonly<Record<string, readonly string[]>> = { temporal: ['temporal-server', 'start'] };

/** Health checks with a program that a machine may lack, such as busybox’s `nc`, and what asks the same here. */
const HEALTH: Readonly<Record<string, (machine: Machine) => readonly string[]>> = {
  temporal: ({ places }) => [
    'temporal',
    'operator',
    'cluster',
    'health',
    '--address',
    `127.0.0.1:${places.ports.temporal}`,
  ],
};

/** Settings that are other than in docker-compose.yml, since all services share the addresses and ports of one machine. */
function ownSettings({ places, postgres }: Machine): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const { apiAddresses, ports } = places;
  const text = (port: keyof typeof ports): string => String(ports[port]);
  const postgresPort = new URL(postgres.value).port;
  // The simulated provider is at a loopback address.
  const loopback = { ALLOW_LOOPBACK_URLS: 'true' };
  const api = (address: string) => ({
    ...loopback,
    API_HOST: address,
    API_PORT: text('api'),
    METRICS_HOST: address,
    METRICS_PORT: text('metrics'),
  });
  const worker = (port: string) => ({ ...loopback, WORKER_HOST: '127.0.0.1', WORKER_PORT: port });
  return {
    'api-1': api(apiAddresses[0]),
    'api-2': api(apiAddresses[1]),
    'worker-1': worker(text('worker-1')),
    'worker-2': worker(text('worker-2')),
    cli: { HOLDFAST_URL: `http://${apiAddresses[0]}:${ports.api}` },
    'temporal-schema': { SQL_HOST: '127.0.0.1', SQL_PORT: postgresPort },
    temporal: {
      POSTGRES_SEEDS: '127.0.0.1',
      DB_PORT: postgresPort,
      BIND_ON_IP: '127.0.0.1',
      FRONTEND_GRPC_PORT: text('temporal'),
      FRONTEND_HTTP_PORT: text('temporalHttp'),
      FRONTEND_MEMBERSHIP_PORT: text('frontendMembership'),
      HISTORY_GRPC_PORT: text('history'),
      HISTORY_MEMBERSHIP_PORT: text('historyMembership'),
      MATCHING_GRPC_PORT: text('matching'),
      MATCHING_MEMBERSHIP_PORT: text('matchingMembership'),
      WORKER_GRPC_PORT: text('workerService'),
      WORKER_MEMBERSHIP_PORT: text('workerMembership'),
    },
  };
}

/** Names, ports and paths inside the containers, and where they are here. */
function moved({ places, postgres }: Machine, name: string): readonly (readonly [string, string])[] {
  const { folder, apiAddresses, ports } = places;
  const own = apiAddresses[name === 'api-2' ? 1 : 0];
  return [
    // First: the folder itself may be in /tmp.
    ['/tmp/', `${folder}/tmp/`],
    ['@postgres:5432/', `@127.0.0.1:${new URL(postgres.value).port}/`],
    ['temporal:7233', `127.0.0.1:${ports.temporal}`],
    ['127.0.0.1:3000/', `${own}:${ports.api}/`],
    ['127.0.0.1:3001/', `127.0.0.1:${ports[name === 'worker-2' ? 'worker-2' : 'worker-1']}/`],
    ['127.0.0.1:8081/', `127.0.0.1:${ports.proxyHealth}/`],
    ['/etc/holdfast/', `${folder}/`],
    ['/etc/temporal/', `${folder}/`],
  ];
}

/** The service with its variables filled in from .env, for this machine. */
export function serviceProgram(
  name: string,
  machine: Machine,
  dotEnv: Readonly<Record<string, string>>,
): ServiceProgram {
  const service = readCompose().services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  const here = (text: string): string =>
    moved(machine, name).reduce((whole, [from, to]) => whole.replaceAll(from, to), interpolated(text, dotEnv));
  const { entrypoint = [], command = IMAGE_COMMANDS[name] ?? [], environment = {}, healthcheck } = service;
  return {
    argv: [...entrypoint, ...command].map(here),
    env: {
      PATH: machine.path,
      NODE_ENV: 'production',
      ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, here(value)])),
      ...ownSettings(machine)[name],
    },
    health: HEALTH[name]?.(machine) ?? healthcheck?.test.slice(1).map(here) ?? [],
  };
}

/** ops/proxy.conf with the ports, paths and name server of this machine. */
export function proxyConf(text: string, { places, names }: Machine, uiAddress: string): string {
  const { folder, ports } = places;
  const changes: readonly (readonly [string, string])[] = [
    ['/tmp/', `${folder}/tmp/`],
    ['resolver 127.0.0.11 ', `resolver 127.0.0.1:${names.port} `],
    ['listen 8443 ', `listen 127.0.0.1:${ports.https} `],
    ['listen 8080;', `listen 127.0.0.1:${ports.http};`],
    ['listen 8233 ', `listen 127.0.0.1:${ports.ui} `],
    ['listen 127.0.0.1:8081;', `listen 127.0.0.1:${ports.proxyHealth};`],
    ['http://api:3000', `http://api:${ports.api}`],
    ['http://temporal-ui:8080', `http://temporal-ui:${new URL(uiAddress).port}`],
    ['/etc/holdfast/', `${folder}/`],
  ];
  return changes.reduce((whole, [from, to]) => {
    if (!whole.includes(from)) throw new Error(`ops/proxy.conf has no ${from}`);
    return whole.replaceAll(from, to);
  }, text);
}
