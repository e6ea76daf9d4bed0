import { join } from 'node:path';
import { searchAttributes } from '../../workflows/contract.ts';
import type { DevConfig, Log } from '../config.ts';
import { ensureTemporalCli } from '../engines/temporal-cli.ts';
import { startedAgain, startTemporal, temporalAnswers } from '../engines/temporal-server.ts';
import { rotateLog } from '../files.ts';
import { startPostgres } from '../postgres/postgres.ts';
import type { Home } from './home.ts';
import type { Ports } from './ports.ts';
import type { Supervisor } from './supervisor.ts';

export type EngineOptions = {
  config: DevConfig;
  home: Home;
  ports: Ports;
  supervisor: Supervisor;
  log: Log;
  signal: AbortSignal;
};

export type TemporalEngine = { address: string; namespace: string; uiUrl: string; cli: string };

const DATABASE = 'holdfast';

/** The server is started with all attributes, because a workflow hangs when it sets an attribute the server does not know. */
const attributes = Object.fromEntries(Object.values(searchAttributes).map(({ name }) => [name, 'Keyword']));

/** The database's url: `DATABASE_URL`, or a supervised PostgreSQL of the stack's own. */
export async function postgresEngine({ config, home, ports, supervisor, log }: EngineOptions): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const logFile = join(home.logs, 'postgres.log');
  await rotateLog(logFile);
  const running = await supervisor.start('postgres', (onSpawn) =>
    startPostgres({
      ownGroup: true,
      dir: home.postgres,
      port: ports.postgres,
      database: DATABASE,
      logFile,
      log,
      onSpawn,
    }),
  );
  return running.url;
}

/** The Temporal server at `TEMPORAL_ADDRESS`, or a supervised one of the stack's own. */
export async function temporalEngine(options: EngineOptions): Promise<TemporalEngine> {
  const { config, home, ports, supervisor, log, signal } = options;
  const namespace = config.temporalNamespace;
  if (config.temporalAddress !== undefined) {
    if (!(await temporalAnswers(config.temporalAddress, namespace))) {
      throw new Error(`no Temporal server with the namespace ${namespace} answers at ${config.temporalAddress}`);
    }
    // The Web UI and the CLI of that server are its owner's; the stack works without their addresses.
    return { address: config.temporalAddress, namespace, uiUrl: '', cli: config.temporalCliPath ?? 'temporal' };
  }
  const cli = await ensureTemporalCli({ log, config, signal });
  const logFile = join(home.logs, 'temporal.log');
  await rotateLog(logFile);
  const { temporal: port, ui: uiPort } = ports;
  const running = await supervisor.start('temporal', (onSpawn) =>
    startedAgain(() =>
      startTemporal({
        ownGroup: true,
        cli,
        port,
        uiPort,
        dbFilename: home.temporalDb,
        searchAttributes: attributes,
        logFile,
        onSpawn,
      }),
    ),
  );
  return { address: running.address, namespace: 'default', uiUrl: running.uiUrl ?? '', cli };
}
