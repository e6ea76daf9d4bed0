import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporalAnswers } from '../../dev/engines/temporal-server.ts';
import { startServer } from '../../dev/processes/server-process.ts';
import { isFree } from '../../dev/stack/ports.ts';
import { freePort } from '../../test/support/engines/engines.ts';
import type { Endings } from '../endings.ts';
import {
  addressOf,
  SERVICES,
  type ServerConfigOptions,
  type Service,
  type ServicePorts,
  serverConfig,
} from './server-config.ts';

export interface ServiceProcess {
  readonly name: Service;
  readonly pid: number;
}

/** The namespace that every Temporal server has. */
const SYSTEM_NAMESPACE = 'temporal-system';
const READY_LIMIT_MS = 120_000;
/** The databases are thrown away, so a service that is slow to hand over its work is killed. */
const STOP_STEPS = [
  ['SIGTERM', 3_000],
  ['SIGKILL', 5_000],
] as const;

/** Two free ports for each service, all different. */
export async function choosePorts(): Promise<ServicePorts> {
  const chosen = new Set<number>();
  const another = async (): Promise<number> => {
    const port = await freePort();
    if (chosen.has(port)) return another();
    chosen.add(port);
    return port;
  };
  const ports: [Service, ServicePorts[Service]][] = [];
  for (const name of SERVICES) ports.push([name, { grpcPort: await another(), membershipPort: await another() }]);
  return Object.fromEntries(ports) as ServicePorts;
}

export interface ServicesOptions extends ServerConfigOptions {
  /** Path of Temporal's server. */
  readonly server: string;
  /** Folder for the config, which has the database's password. */
  readonly folder: string;
}

/** Starts one process for each of these services. They find one another by a table of the database. */
export async function startServices(
  endings: Endings,
  services: readonly Service[],
  options: ServicesOptions,
): Promise<ServiceProcess[]> {
  const file = join(options.folder, 'temporal.yaml');
  // YAML contains JSON.
  await writeFile(file, JSON.stringify(serverConfig(options)), { mode: 0o600 });
  return Promise.all(services.map((name) => startService(endings, name, file, options)));
}

async function startService(
  endings: Endings,
  name: Service,
  configFile: string,
  { server, folder, ports }: ServicesOptions,
): Promise<ServiceProcess> {
  const { pid } = await endings.opened(
    `Temporal's ${name} service`,
    () =>
      startServer({
        name: `Temporal's ${name} service`,
        file: server,
        args: ['--config-file', configFile, '--allow-no-auth', 'start', '--service', name],
        cwd: folder,
        // Only this variable: TEMPORAL_* and PG* of the terminal would change the server. It asks no host for a newer version.
        env: { TEMPORAL_VERSION_CHECK_DISABLED: 'true' },
        answers: () =>
          name === 'frontend' ? temporalAnswers(addressOf(ports), SYSTEM_NAMESPACE) : listens(name, ports),
        readyLimitMs: READY_LIMIT_MS,
        stopSteps: STOP_STEPS,
      }),
    (one) => one.stop(),
  );
  return { name, pid };
}

const listens = async (name: Service, ports: ServicePorts): Promise<boolean> => !(await isFree(ports[name].grpcPort));
