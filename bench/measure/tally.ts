import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../../db/client.ts';

/** What a database did. `updated`: rows of our tables; PostgreSQL's own statistics of them, which it renews, are left out. */
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
export async function tallied(url: string, act: () => Promise<unknown>): Promise<Tally> {
  const counter = connect(url, { name: 'holdfast-bench-tally', max: 1 });
  const reported = async (): Promise<Tally> => {
    await delay(REPORTED_MS);
    const [row] = await counter<[Tally]>`
      select xact_commit::float8 as commits, (select sum(n_tup_upd)::float8 from pg_stat_user_tables) as updated
        from pg_stat_database where datname = current_database()`;
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
    await counter.end({ timeout: 5 });
  }
}

const difference = (one: Tally, other: Tally): Tally => ({
  commits: one.commits - other.commits,
  updated: one.updated - other.updated,
});
