import { type DatabaseTls, databaseEnvironment, databaseTls } from '../../db/settings/database.ts';
import { readEnvironment } from '../../db/settings/environment.ts';
import type { Host } from '../command/host.ts';
import { readStack, stateFolder } from '../command/stack-file.ts';

/** The database with the books. */
export interface LedgerDatabase {
  readonly url: string;
  readonly tls: DatabaseTls | undefined;
  readonly isLocalStack: boolean;
}

/**
 * The database of the environment, else that of the running local stack; undefined without either.
 * @throws WrongEnvironment
 */
export async function findLedger(env: Host['env']): Promise<LedgerDatabase | undefined> {
  if (env.DATABASE_URL || env.DATABASE_URL_FILE) {
    const settings = readEnvironment(databaseEnvironment, env);
    return { url: settings.DATABASE_URL, tls: databaseTls(settings), isLocalStack: false };
  }
  const stack = await readStack(stateFolder(env));
  return stack && { url: stack.databaseUrl, tls: undefined, isLocalStack: true };
}
