import type { Tx } from '../../../db/client.ts';

/** Rows of these tables that the transaction has read while `work` ran, by index or not. */
export async function rowsRead(tx: Tx, tables: readonly string[], work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    const [row] = await tx<{ rows: number }[]>`
      select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::float8 as rows from pg_stat_xact_user_tables
        where relname = any(${tables as string[]})`;
    return row?.rows ?? Number.NaN;
  };
  const before = await read();
  await work();
  return (await read()) - before;
}
