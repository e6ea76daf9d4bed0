import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One line of progress for the person at the terminal. */
export type Log = (line: string) => void;

/** The local stack's settings from the environment, read only here. */
export type DevConfig = {
  /** Root of the checkout. */
  project: string;
  /** State folder: `HOLDFAST_HOME`, else `.holdfast` in the checkout. */
  home: string;
  /** Per-user cache for engines, outside the checkout. */
  cache: string;
  databaseUrl: string | undefined;
  temporalAddress: string | undefined;
  temporalNamespace: string;
  temporalCliPath: string | undefined;
  testServerPath: string | undefined;
  chromiumPath: string | undefined;
  /** Folders of `PATH`, in order. */
  path: string[];
  logLevel: string;
  /** The whole environment, handed to child processes unchanged. */
  environment: Record<string, string>;
};

/** Reads the environment. Relative folders are relative to the working folder, as in a shell. */
export function loadDevConfig(env: Record<string, string | undefined> = process.env): DevConfig {
  const project = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
  const environment = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return {
    project,
    home: env.HOLDFAST_HOME ? resolve(env.HOLDFAST_HOME) : join(project, '.holdfast'),
    cache: join(env.XDG_CACHE_HOME ? resolve(env.XDG_CACHE_HOME) : join(homedir(), '.cache'), 'holdfast'),
    databaseUrl: env.DATABASE_URL || undefined,
    temporalAddress: env.TEMPORAL_ADDRESS || undefined,
    temporalNamespace: env.TEMPORAL_NAMESPACE || 'default',
    temporalCliPath: env.TEMPORAL_CLI_PATH || undefined,
    testServerPath: env.TEMPORAL_TEST_SERVER_PATH || undefined,
    chromiumPath: env.CHROMIUM_PATH || undefined,
    path: (env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':').filter(Boolean),
    logLevel: env.LOG_LEVEL || 'info',
    environment,
  };
}
