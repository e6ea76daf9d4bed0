import postgres from 'postgres';

/** Creates the database when there is none of that name, by default an empty one. Returns its url. */
export async function createDatabase(url: string, name: string, template = 'template1'): Promise<string> {
  await withServer(url, async (sql) => {
    const [found] = await sql`select 1 from pg_database where datname = ${name}`;
    if (found) return;
    try {
      await sql`create database ${sql(name)} template ${sql(template)}`;
    } catch (error) {
      // Another process created it between the check and the create; PostgreSQL reports that race with either of two codes.
      const code = error instanceof postgres.PostgresError ? error.code : undefined;
      if (code !== '42P04' && code !== '23505') throw error;
    }
  });
  const target = new URL(url);
  target.pathname = `/${encodeURIComponent(name)}`;
  return target.href;
}

/** Drops the database if it exists, and ends its sessions. `url` must be of another database. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await withServer(url, async (sql) => {
    await sql`drop database if exists ${sql(name)} with (force)`;
  });
}

/** Drops a role if it exists. The role must own nothing. */
export async function dropRole(url: string, name: string): Promise<void> {
  await withServer(url, async (sql) => {
    await sql`drop role if exists ${sql(name)}`;
  });
}

async function withServer(url: string, run: (sql: postgres.Sql) => Promise<void>): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    await run(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
