import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { connect, type Sql } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { createDatabase, dropDatabase } from '../../dev/postgres.ts';

export interface TestDatabase {
  readonly sql: Sql;
  readonly url: string;
  drop(): Promise<void>;
}

/** A migrated database of the caller's own. */
export async function testDatabase(server = inject('postgresUrl')): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = await createDatabase(server, name);
  const sql = connect(url, { name: 'holdfast-test', max: 20 });
  await migrate(sql);
  return {
    sql,
    url,
    drop: async () => {
      await sql.end({ timeout: 5 });
      await dropDatabase(server, name);
    },
  };
}
