import { connect, type Sql } from '../../../db/client.ts';
import { sharedServer } from '../engines/database.ts';

/** What a database did: transactions that it committed, and rows. `read`: rows and index entries that scans returned. */
export interface Tally {
  readonly commits: number;
  readonly updated: number;
  readonly inserted: number;
  readonly read: number;
}

/** Counts what PostgreSQL does in a database. */
export interface Tallies {
  /** What the database has done since the last call, for each of `acts` like acts. */
  since(acts: number): Promise<Tally>;
  close(): Promise<void>;
}

/**
 * `pools`: all pools of the database, of one connection each. A process of PostgreSQL reports what it did only now and then, so
 * each is told to report at once. `server`: the server of that database.
 */
export async function tallies(
  url: string,
  pools: readonly Sql[],
  server = sharedServer().postgresUrl,
): Promise<Tallies> {
  const outside = connect(server, { name: 'holdfast-test-tally', max: 1 });
  const database = new URL(url).pathname.slice(1);
  const read = async (): Promise<Tally> => {
    // A process that has read no table since its last report would keep its transactions to itself.
    for (const pool of pools) await pool`select pg_stat_force_next_flush() from pg_class limit 1`;
    const [row] = await outside<Tally[]>`
      select xact_commit::float8 as commits, tup_updated::float8 as updated, tup_inserted::float8 as inserted,
             tup_returned::float8 as read
        from pg_stat_database where datname = ${database}`;
    if (row === undefined) throw new Error(`there is no database ${database}`);
    return row;
  };
  // The reports themselves are transactions, too. The first one also looks the table up.
  await read();
  const first = await read();
  let before = await read();
  const reporting = { commits: before.commits - first.commits, read: before.read - first.read };
  return {
    since: async (acts) => {
      const now = await read();
      const tally = {
        commits: (now.commits - before.commits - reporting.commits) / acts,
        updated: (now.updated - before.updated) / acts,
        inserted: (now.inserted - before.inserted) / acts,
        read: (now.read - before.read - reporting.read) / acts,
      };
      before = now;
      return tally;
    },
    close: () => outside.end({ timeout: 5 }),
  };
}

/** The counts that are above their limit; empty when none is. */
export const above = (limit: Tally, tally: Tally): Partial<Tally> =>
  Object.fromEntries(Object.entries(tally).filter(([of, count]) => count > limit[of as keyof Tally]));
