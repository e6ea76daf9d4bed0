import type { Sql } from '../../db/client.ts';

/** How many rows a transaction inserts and updates. */
export interface RowsWritten {
  readonly inserted: number;
  readonly updated: number;
}

/** The rows that PostgreSQL counts while `act` runs in its own transaction. Commits it. */
export async function rowsWritten(sql: Sql, act: (session: Sql) => Promise<unknown>): Promise<RowsWritten> {
  const session = await sql.reserve();
  try {
    await session`begin`;
    const before = await counted(session);
    await act(session);
    const after = await counted(session);
    await session`commit`;
    return { inserted: after.inserted - before.inserted, updated: after.updated - before.updated };
  } finally {
    session.release();
  }
}

async function counted(session: Sql): Promise<RowsWritten> {
  const [row] = await session<RowsWritten[]>`
    select coalesce(sum(n_tup_ins), 0)::integer as inserted, coalesce(sum(n_tup_upd), 0)::integer as updated
      from pg_stat_xact_user_tables`;
  return row ?? { inserted: 0, updated: 0 };
}

/** About the size of a ledger row, in bytes. */
const WIDTH = 200;

/** A table with only a primary key: no checks, no other index, no references, no trigger. It is the floor of a ledger step. */
export class BareRows {
  private readonly sql: Sql;
  private inserted = 0;

  private constructor(sql: Sql) {
    this.sql = sql;
  }

  static async open(sql: Sql): Promise<BareRows> {
    await sql`create table bare_rows (id bigint generated always as identity primary key, body text not null)`;
    await sql`
      create function write_bare_rows(p_inserts integer, p_updates integer, p_body text) returns void language plpgsql as $$
      declare
        last bigint;
      begin
        for number in 1..p_inserts loop
          insert into bare_rows (body) values (p_body) returning id into last;
        end loop;
        for number in 1..p_updates loop
          update bare_rows set body = p_body where id = last;
        end loop;
      end $$`;
    return new BareRows(sql);
  }

  /** Writes the rows in one call and one transaction, as a ledger step does; one statement for each row. */
  async write({ inserted, updated }: RowsWritten): Promise<void> {
    await this.sql`select write_bare_rows(${inserted}, ${updated}, ${'x'.repeat(WIDTH)})`;
    this.inserted += inserted;
  }

  /** @throws Error when inserted rows are missing. */
  async prove(): Promise<void> {
    const [row] = await this.sql<{ rows: number }[]>`select count(*)::integer as rows from bare_rows`;
    if (row?.rows !== this.inserted)
      throw new Error(`${this.inserted} bare rows were written, but the table has ${row?.rows}`);
  }
}
