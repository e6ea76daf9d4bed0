import { createDatabase } from '../../dev/postgres/postgres.ts';
import { runCommand } from '../../dev/processes/command.ts';
import { postgresOfOurOwn } from '../../test/support/engines/engines.ts';
import type { Endings } from '../endings.ts';

/** The SQL driver of docker-compose.yml. */
export const SQL_PLUGIN = 'postgres12';

/** Temporal's databases. */
export const DATABASES = { histories: 'temporal', visibility: 'temporal_visibility' } as const;

/** The schema of each database, by its name inside the SQL tool. */
const SCHEMAS = [
  [DATABASES.histories, 'postgresql/v12/temporal'],
  [DATABASES.visibility, 'postgresql/v12/visibility'],
] as const;

const SCHEMA_LIMIT_MS = 120_000;

/** The PostgreSQL of a cluster. */
export interface Store {
  readonly url: string;
  readonly pid: number;
}

/** Starts a PostgreSQL that flushes every commit to disk and makes Temporal's databases on it. */
export async function openStore(endings: Endings, sqlTool: string): Promise<Store> {
  const { value: url, pid } = await endings.opened(
    "Temporal's PostgreSQL",
    () => postgresOfOurOwn({ fsync: 'on', full_page_writes: 'on' }),
    (one) => one.stop(),
  );
  for (const [database, schema] of SCHEMAS) {
    await createDatabase(url, database);
    await setUpSchema(sqlTool, new URL(url), database, schema);
  }
  return { url, pid };
}

async function setUpSchema(sqlTool: string, url: URL, database: string, schema: string): Promise<void> {
  // Only these variables: SQL_* and PG* of the terminal would lead to another database.
  const env = {
    SQL_PLUGIN,
    SQL_HOST: url.hostname,
    SQL_PORT: url.port,
    SQL_USER: url.username,
    SQL_PASSWORD: url.password,
    SQL_DATABASE: database,
  };
  const run = (args: readonly string[]) => runCommand(sqlTool, args, { env, timeoutMs: SCHEMA_LIMIT_MS });
  await run(['setup-schema', '--version', '0.0']);
  await run(['update-schema', '--schema-name', schema]);
}
