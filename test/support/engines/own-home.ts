import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeByRename } from '../../../dev/files.ts';
import { placePostgres } from '../../../dev/postgres/place.ts';
import { type Home, homeAt, prepareHome } from '../../../dev/stack/home.ts';
import type { Ports } from '../../../dev/stack/ports.ts';
import { freePort } from './engines.ts';

/** A new state folder for `npm start`, and the ports of its stack. */
export interface OwnHome {
  readonly home: Home;
  readonly ports: Ports;
}

export async function makeHome(purpose: string): Promise<OwnHome> {
  const home = homeAt(join(tmpdir(), `holdfast-${purpose}-${randomBytes(6).toString('hex')}`));
  await prepareHome(home);
  return { home, ports: await choosePorts(home) };
}

/** Writes free ports into the state folder, so that the stack does not choose ports and register them in the user's cache. */
async function choosePorts(home: Home): Promise<Ports> {
  const chosen = new Set<number>();
  while (chosen.size < 7) chosen.add(await freePort());
  const [api = 0, temporal = 0, ui = 0, postgres = 0, provider = 0, worker = 0, metrics = 0] = chosen;
  const ports = { api, temporal, ui, postgres, provider, worker, metrics };
  await writeByRename(home.portsFile, JSON.stringify(ports));
  return ports;
}

export async function removeHome(home: Home): Promise<void> {
  try {
    // PostgreSQL's data lies elsewhere when its user cannot enter the folder.
    const { outside } = await placePostgres(home.postgres, () => undefined);
    if (outside !== undefined) await rm(outside, { recursive: true, force: true });
  } finally {
    await rm(home.root, { recursive: true, force: true });
  }
}
