import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { ensureApplicationRole, urlOf } from '../../../db/application-role.ts';
import { connect, type Sql } from '../../../db/client.ts';
import { migrate } from '../../../db/migrate.ts';
import { createDatabase, dropDatabase, dropRole } from '../../../dev/postgres/postgres.ts';

export interface TestDatabase {
  /** Connected as the owner: tests may do what the product may not. */
  readonly sql: Sql;
  readonly url: string;
  /** Url of the product's role, which owns nothing. */
  readonly appUrl: string;
  drop(): Promise<void>;
}

/** A PostgreSQL server on which tests make databases. */
export interface DatabaseServer {
  readonly postgresUrl: string;
  /**
   * A migrated database on the server, to copy new ones from. Without it each new database is migrated, which takes ten times as
   * long.
   */
  readonly template?: string;
  /** Connections of the database's own pool; default 20. */
  readonly connections?: number;
}

/** The PostgreSQL server of this test run. */
export const sharedServer = (): Required<Omit<DatabaseServer, 'connections'>> => ({
  postgresUrl: inject('postgresUrl'),
  template: inject('databaseTemplate'),
});

/** Makes a migrated database for the caller. */
export async function testDatabase(
  { postgresUrl: server, template, connections = 20 }: DatabaseServer = sharedServer(),
): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = await createDatabase(server, name, template);
  const sql = connect(url, { name: 'holdfast-test', max: connections });
  if (template === undefined) await migrate(sql);
  const role = { name: `${name}_app`, password: randomBytes(12).toString('hex') };
  await ensureApplicationRole(sql, role);
  return {
    sql,
    url,
    appUrl: urlOf(url, role),
    drop: async () => {
      await sql.end({ timeout: 5 });
      await dropDatabase(server, name);
      await dropRole(server, role.name);
    },
  };
}
