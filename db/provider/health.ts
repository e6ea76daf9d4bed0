import type { Sql } from '../client.ts';
import { type ProviderPause, pauseColumns } from './pauses.ts';

/** Whether orders can be sent to a provider and asked about. */
export interface ProviderHealth extends ProviderPause {
  readonly name: string;
  /** What the open alert says: it answers no call about its running batches. Null: it answers, or has none. */
  readonly silent: string | null;
}

export async function listProviderHealth(sql: Sql): Promise<ProviderHealth[]> {
  return sql<ProviderHealth[]>`
    select id, name, ${pauseColumns(sql)},
           (select detail from alerts where kind = 'provider_silent' and subject = 'provider:' || p.id and resolved_at is null) as silent
      from providers p order by id`;
}
