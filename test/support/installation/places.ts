import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../engines/engines.ts';

/** Where the services of docker-compose.yml are on this machine, which has no Docker to give them addresses of their own. */
export interface Places {
  /** Readable for all users: the proxy is not root. */
  readonly folder: string;
  /** Of the APIs, which listen on one port; each has a loopback address. */
  readonly apiAddresses: readonly [string, string];
  readonly ports: Readonly<Record<Port, number>>;
}

const PORTS = [
  'api',
  'metrics',
  'worker-1',
  'worker-2',
  'https',
  'http',
  'ui',
  'proxyHealth',
  'temporal',
  'temporalHttp',
  'frontendMembership',
  'history',
  'historyMembership',
  'matching',
  'matchingMembership',
  'workerService',
  'workerMembership',
] as const;
type Port = (typeof PORTS)[number];

export async function newPlaces(): Promise<Places> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-installation-'));
  await chmod(folder, 0o755);
  const taken = new Set<number>();
  for (const _ of PORTS) {
    let port = await freePort();
    while (taken.has(port)) port = await freePort();
    taken.add(port);
  }
  const numbers = [...taken];
  const ports = Object.fromEntries(PORTS.map((name, at) => [name, numbers[at] ?? 0])) as Record<Port, number>;
  return { folder, apiAddresses: ['127.0.0.2', '127.0.0.3'], ports };
}
