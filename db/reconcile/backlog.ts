import type { Sql } from '../client.ts';

/** Open deliveries. */
export interface Backlog {
  readonly pending: number;
  readonly retrying: number;
  /** The age of the oldest untried delivery; 0 when there is none. */
  readonly oldestSeconds: number;
}

export async function readBacklog(sql: Sql): Promise<Backlog> {
  const [row] = await sql<Backlog[]>`
    select count(*)::float8 as pending,
           (select count(*)::float8 from webhook_deliveries where state = 'retrying') as retrying,
           coalesce(extract(epoch from clock_timestamp() - min(created_at) filter (where attempts = 0)), 0)::float8 as "oldestSeconds"
      from webhook_deliveries where state = 'pending'`;
  return row as Backlog;
}
