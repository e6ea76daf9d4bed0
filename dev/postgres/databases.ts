import postgres from 'postgres';

/** Creates a database when there is none of that name, by default an empty one. Returns the url that leads to it. */
export async function createDatabase(url: string, name: string, template = 'template1'): Promise<string> {
  await withServer(url, async (sql) => {
    const [found] = await sql`select 1 from pg_database where datname = ${name}`;
    if (found) return;
    try {
      await sql`create database ${sql(name)} template ${sql(template)}`;
    } catch (error) {
      // Another process created it between the look and the order; the two names for that are a race's two outcomes.
      const code = error instanceof postgres.PostgresError ? error.code : undefined;
      if (code !== '42P04' && code !== '23505') throw error;
    }
  });
  const target = new URL(url);
  target.pathname = `/${encodeURIComponent(name)}`;
  return target.href;
}

/** Drops a database if it exists, ending the sessions in it. `url` must lead to another one. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await withServer(url, async (sql) => {
    await sql`drop database if exists ${sql(name)} with (force)`;
  });
}

/** Drops a role that has nothing any more, if it exists. */
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
