import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../../db/client.ts';

/** What a database did. */
export interface Tally {
  readonly commits: number;
  readonly updated: number;
}

/** A session of PostgreSQL reports what it did at the latest when it has been idle for ten seconds. */
const REPORTED_MS = 11_000;

/**
 * Counts what the database of `url` does during `act`. Waits for the reports of all sessions before and after it; what the idle
 * stack does in such a wait is measured once and left out.
 */
export async function tallied(postgresUrl: string, url: string, act: () => Promise<unknown>): Promise<Tally> {
  const outside = connect(postgresUrl, { name: 'holdfast-bench-tally', max: 1 });
  const database = new URL(url).pathname.slice(1);
  const reported = async (): Promise<Tally> => {
    await delay(REPORTED_MS);
    const [row] = await outside<Tally[]>`
      select xact_commit::float8 as commits, tup_updated::float8 as updated from pg_stat_database where datname = ${database}`;
    if (row === undefined) throw new Error(`there is no database ${database}`);
    return row;
  };
  try {
    const first = await reported();
    const before = await reported();
    await act();
    const after = await reported();
    const idle = difference(before, first);
    return difference(difference(after, before), idle);
  } finally {
    await outside.end({ timeout: 5 });
  }
}

const difference = (one: Tally, other: Tally): Tally => ({
  commits: one.commits - other.commits,
  updated: one.updated - other.updated,
});
