import type { Sql } from '../../../db/client.ts';

/** The rows of a database as JSON, by table, and the last value of each sequence. */
export interface DatabaseCopy {
  readonly tables: readonly { readonly name: string; readonly rows: readonly unknown[] }[];
  readonly sequences: readonly { readonly name: string; readonly last: string | null }[];
}

/** Tables of the programs themselves. */
const OWN = ['migrations', 'function_installs'];

/** Copies what one moment sees of a database under load, as pg_dump does. */
export async function copyOf(sql: Sql): Promise<DatabaseCopy> {
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    const names = await tx<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public' and not tablename = any (${OWN}) order by 1`;
    const tables: { name: string; rows: unknown[] }[] = [];
    for (const { name } of names) {
      const rows = await tx<{ row: unknown }[]>`select to_jsonb(t) as row from ${tx(name)} t`;
      tables.push({ name, rows: rows.map(({ row }) => row) });
    }
    const sequences = await tx<{ name: string; last: string | null }[]>`
      select quote_ident(sequencename) as name, last_value::text as last from pg_sequences where schemaname = 'public'`;
    return { tables, sequences: [...sequences] };
  });
}

/** Replaces everything in a database of this version by a copy. */
export async function restoreCopy(sql: Sql, { tables, sequences }: DatabaseCopy): Promise<void> {
  await sql.begin(async (tx) => {
    // Switches triggers and foreign keys off, as pg_restore does.
    await tx`set local session_replication_role = replica`;
    for (const { name } of tables) await tx`truncate ${tx(name)} cascade`;
    for (const { name, rows } of tables) {
      const columns = await tx<{ name: string }[]>`
        select attname as name from pg_attribute
          where attrelid = ${name}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`;
      const list = columns.map(({ name: column }) => `"${column}"`).join(', ');
      await tx.unsafe(
        `insert into "${name}" (${list}) overriding system value
           select ${list} from jsonb_populate_recordset(null::"${name}", $1::text::jsonb)`,
        [JSON.stringify(rows)],
      );
    }
    for (const { name, last } of sequences)
      if (last !== null) await tx`select setval(${name}::regclass, ${last}::bigint)`;
  });
}
