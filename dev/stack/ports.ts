import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readIfThere, writeByRename } from '../files.ts';
import { waitForLock } from '../processes/lock.ts';

export type PortName = 'api' | 'temporal' | 'ui' | 'postgres' | 'provider' | 'worker' | 'metrics';
export type Ports = Record<PortName, number>;

/** The ports that people expect. When one is taken, the stack tries the port ten higher, and so on. */
export const usualPorts: Readonly<Ports> = {
  api: 3000,
  temporal: 7233,
  ui: 8233,
  postgres: 5433,
  provider: 4000,
  worker: 3001,
  metrics: 9464,
};

const STEP = 10;
const TRIES = 100;

/** True when a listener on 127.0.0.1 can be opened at this port now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

const RELEASE_MS = 3_000;

/** Like isFree, but waits a moment for a program that was just killed to let go of the port. */
async function becomesFree(port: number): Promise<boolean> {
  const deadline = Date.now() + RELEASE_MS;
  while (!(await isFree(port))) {
    if (Date.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

/** Throws with the port's number when another process listens there: its answers would be taken for our server's. */
export async function assertFree(port: number, whose: string): Promise<void> {
  if (!(await becomesFree(port))) throw new Error(`port ${port} (${whose}) is taken by another program`);
}

/**
 * The ports of a state folder, chosen once and then kept: the usual ones, or free ones above them.
 * `cache` is the per-user folder where state folders are registered, so that a new stack does not take the ports of one that is
 * only stopped.
 */
export async function portsOf(file: string, cache: string, wanted: Readonly<Ports> = usualPorts): Promise<Ports> {
  const kept = await readPorts(file);
  if (kept && isWhole(kept)) return kept;
  const registry = join(cache, 'state-folders.json');
  const lock = await waitForLock(`${registry}.lock`, () => undefined);
  try {
    const others = new Map<string, Partial<Ports>>();
    for (const other of JSON.parse((await readIfThere(registry)) ?? '[]') as string[]) {
      const ports = await readPorts(other);
      if (ports) others.set(other, ports);
    }
    const claimed = new Set([...others.values()].flatMap((ports) => Object.values(ports)));
    // A folder from an earlier version may have fewer ports.
    const chosen: Partial<Ports> = { ...kept };
    for (const [name, usual] of Object.entries(wanted) as Array<[PortName, number]>) {
      if (chosen[name] !== undefined) continue;
      const port = await firstFree(usual, claimed);
      chosen[name] = port;
      claimed.add(port);
    }
    const ports = chosen as Ports;
    await writeByRename(file, `${JSON.stringify(ports, undefined, 2)}\n`, 0o644);
    await writeByRename(registry, JSON.stringify([...new Set([...others.keys(), file])]));
    return ports;
  } finally {
    await lock.release();
  }
}

/** Throws, naming every port that is taken and how to choose others. */
export async function assertPortsFree(ports: Partial<Ports>, file: string): Promise<void> {
  const taken: string[] = [];
  for (const [name, port] of Object.entries(ports)) {
    if (!(await becomesFree(port))) taken.push(`${port} (${name})`);
  }
  if (taken.length === 0) return;
  throw new Error(
    `taken by another program: port ${taken.join(', ')}. Stop that program, or change the number in ${file}, ` +
      'or delete that file to let the stack choose free ports.',
  );
}

const isWhole = (ports: Partial<Ports>): ports is Ports =>
  Object.keys(usualPorts).every((name) => ports[name as PortName] !== undefined);

async function readPorts(file: string): Promise<Partial<Ports> | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  const ports = JSON.parse(text) as Partial<Ports>;
  for (const name of Object.keys(usualPorts) as PortName[]) {
    const port = ports[name];
    if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > 65_535)) {
      throw new Error(`${file}: "${name}" must be a port number; delete the file to let the stack choose free ports`);
    }
  }
  return ports;
}

async function firstFree(usual: number, claimed: ReadonlySet<number>): Promise<number> {
  for (let port = usual, tries = 0; tries < TRIES && port < 65_536; port += STEP, tries += 1) {
    if (!claimed.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port near ${usual}`);
}
