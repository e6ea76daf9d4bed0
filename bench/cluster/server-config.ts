import { DATABASES, SQL_PLUGIN } from './store.ts';

/** Temporal's services, in the order of their start. */
export const SERVICES = ['frontend', 'history', 'matching', 'worker'] as const;
export type Service = (typeof SERVICES)[number];

export type ServicePorts = Readonly<Record<Service, { readonly grpcPort: number; readonly membershipPort: number }>>;

export interface ServerConfigOptions {
  /** Url of the PostgreSQL that has Temporal's databases. */
  readonly postgresUrl: string;
  readonly shards: number;
  readonly ports: ServicePorts;
  /** Path of the file with the dynamic config. */
  readonly settingsFile: string;
}

const HOST = '127.0.0.1';

export const addressOf = ({ frontend }: ServicePorts): string => `${HOST}:${frontend.grpcPort}`;

/**
 * The static config of the server, the same for each service. Its values are those of the server's own template where the template
 * has one. Every port is on 127.0.0.1; HTTP, metrics and profiles have none.
 */
export function serverConfig({ postgresUrl, shards, ports, settingsFile }: ServerConfigOptions): object {
  const url = new URL(postgresUrl);
  const database = (databaseName: string, maxConns: number) => ({
    sql: {
      pluginName: SQL_PLUGIN,
      databaseName,
      connectAddr: url.host,
      connectProtocol: 'tcp',
      user: url.username,
      password: url.password,
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  const cluster = 'active';
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      numHistoryShards: shards,
      defaultStore: 'default',
      visibilityStore: 'visibility',
      datastores: { default: database(DATABASES.histories, 20), visibility: database(DATABASES.visibility, 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: HOST } },
    services: Object.fromEntries(SERVICES.map((name) => [name, { rpc: { ...ports[name], bindOnIP: HOST } }])),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: cluster,
      currentClusterName: cluster,
      clusterInformation: {
        [cluster]: { enabled: true, initialFailoverVersion: 1, rpcAddress: addressOf(ports) },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: settingsFile, pollInterval: '60s' },
  };
}
