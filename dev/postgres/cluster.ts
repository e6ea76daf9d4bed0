import { chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Log, loadDevConfig } from '../config.ts';
import { secondsSince } from '../elapsed.ts';
import { runCommand } from '../processes/command.ts';
import type { PostgresPlace } from './place.ts';

const INIT_LIMIT_MS = 120_000;

/**
 * Makes the cluster when there is none: UTF8, locale C, passwords by SCRAM. `unsafe` skips the flush to disk.
 * The cluster is made beside its final name and renamed, so that a half-made one is never used.
 */
export async function initCluster(place: PostgresPlace, password: string, log: Log, unsafe: boolean): Promise<void> {
  if (await stat(join(place.data, 'PG_VERSION')).catch(() => undefined)) return;
  const started = Date.now();
  const making = `${place.data}.making`;
  const passwordFile = `${place.data}.password`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (place.user) {
    await chown(making, place.user.uid, place.user.gid);
    await chown(passwordFile, place.user.uid, place.user.gid);
  }
  try {
    await runCommand(
      join(place.binaries, 'bin', 'initdb'),
      [
        `--pgdata=${making}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        ...(unsafe ? ['--no-sync'] : []),
      ],
      {
        ...place.user,
        cwd: '/',
        env: { ...loadDevConfig().environment, LC_ALL: 'C', TZ: 'UTC' },
        timeoutMs: INIT_LIMIT_MS,
      },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(making, place.data);
  log(`made a PostgreSQL cluster in ${place.data} (${secondsSince(started)} s)`);
}
