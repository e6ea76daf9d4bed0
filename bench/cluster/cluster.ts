import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../dev/config.ts';
import { step } from '../../dev/stack/terminal.ts';
import type { Endings } from '../endings.ts';
import { makeNamespace } from './namespace.ts';
import { ensureServerPrograms, SERVER_VERSION } from './programs.ts';
import { untilEveryServiceAnswers } from './ready.ts';
import { addressOf } from './server-config.ts';
import { choosePorts, type ServiceProcess, startServices } from './services.ts';
import { openStore } from './store.ts';

/** A Temporal server as in an installation: its services apart, its histories in PostgreSQL. */
export interface Cluster {
  /** Address of the frontend. It has the namespace `default` with the product's search attributes. */
  readonly address: string;
  readonly server: string;
  readonly store: string;
  readonly shards: number;
  /** One process for each service. */
  readonly pids: readonly ServiceProcess[];
  /** Url of Temporal's own PostgreSQL, and the pid of its first process. */
  readonly postgresUrl: string;
  readonly postgresPid: number;
}

export interface ClusterOptions {
  /** Ends the processes and removes the databases, also while the cluster is being built or started. */
  readonly endings: Endings;
  readonly log: Log;
  /** Shards of the histories; default 16. */
  readonly shards?: number;
}

const SETTINGS_FILE = fileURLToPath(new URL('../../ops/temporal-settings.yaml', import.meta.url));

/** Starts a cluster on 127.0.0.1 and returns when each service answers. The first call builds the server, which takes minutes. */
export async function startCluster({ endings, log, shards = 16 }: ClusterOptions): Promise<Cluster> {
  const build = await endings.opened(
    "the build of Temporal's server",
    async () => new AbortController(),
    async (one) => one.abort(),
  );
  const { server, sqlTool } = await ensureServerPrograms({ log, signal: build.signal });
  return step(log, `Temporal ${SERVER_VERSION}: four services on PostgreSQL, ${shards} shards`, async () => {
    const folder = await endings.opened(
      'the folder of the cluster',
      () => mkdtemp(join(tmpdir(), 'holdfast-bench-')),
      (one) => rm(one, { recursive: true, force: true }),
    );
    const { url: postgresUrl, pid: postgresPid } = await openStore(endings, sqlTool);
    const ports = await choosePorts();
    const options = { server, folder, postgresUrl, shards, ports, settingsFile: SETTINGS_FILE };
    const address = addressOf(ports);
    const frontend = await startServices(endings, ['frontend'], options);
    // Before the other services: each reads the namespaces when it starts, and later ones only every few seconds.
    await makeNamespace(address);
    const others = await startServices(endings, ['history', 'matching', 'worker'], options);
    await untilEveryServiceAnswers({ address, postgresUrl, shards });
    return {
      address,
      server: `Temporal ${SERVER_VERSION}, four services`,
      store: 'PostgreSQL',
      shards,
      pids: [...frontend, ...others],
      postgresUrl,
      postgresPid,
    };
  });
}
