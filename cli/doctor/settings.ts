import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, textOf } from '../../db/settings/environment.ts';
import type { Host } from '../command/host.ts';
import { readStack, stateFolder } from '../command/stack-file.ts';

/** What is known of the installation. `doctor` must say what is missing, so nothing here is required. */
export interface Settings {
  readonly databaseUrl: string | undefined;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** In base64. */
  readonly masterKey: string | undefined;
  readonly publicUrl: string | undefined;
  readonly apiUrl: string | undefined;
  readonly stateFolder: string;
  /** Whether the settings are those of the running local stack. */
  readonly isLocalStack: boolean;
  /** Where certificates and keys for the connections are; empty for the local stack. */
  readonly environment: Environment;
}

/**
 * The settings of the environment and of the files that it names; without `DATABASE_URL` and `TEMPORAL_ADDRESS` those of the running
 * local stack.
 * @throws WrongEnvironment when a file cannot be read.
 */
export async function readSettings({ env }: Pick<Host, 'env'>, url: string | undefined): Promise<Settings> {
  const folder = stateFolder(env);
  const apiUrl = url ?? (env.HOLDFAST_URL || undefined);
  const common = { publicUrl: env.PUBLIC_URL || undefined, stateFolder: folder };
  const isGiven = Boolean(env.DATABASE_URL || env.DATABASE_URL_FILE || env.TEMPORAL_ADDRESS);
  const stack = isGiven ? undefined : await readStack(folder);
  if (stack !== undefined) {
    const { databaseUrl, temporalAddress, temporalNamespace } = stack;
    const masterKey = await readFile(join(folder, 'secrets', 'master-key'), 'utf8').catch(() => undefined);
    const engines = { databaseUrl, temporalAddress, temporalNamespace, masterKey: masterKey?.trim() };
    return { ...common, ...engines, apiUrl: apiUrl ?? stack.apiUrl, isLocalStack: true, environment: {} };
  }
  return {
    ...common,
    databaseUrl: textOf(env, 'DATABASE_URL'),
    temporalAddress: env.TEMPORAL_ADDRESS || '127.0.0.1:7233',
    temporalNamespace: env.TEMPORAL_NAMESPACE || 'default',
    masterKey: textOf(env, 'HOLDFAST_MASTER_KEY'),
    apiUrl,
    isLocalStack: false,
    environment: env,
  };
}
