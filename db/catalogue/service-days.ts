import type { Histogram } from '../../domain/report/histogram.ts';
import type { Sql } from '../client.ts';
import type { Days } from '../report/reports.ts';

/** The times to Completed of a service's orders that ended on a day, in seconds; without drip-feeds. */
export interface ServiceDay {
  readonly service: number;
  readonly day: string;
  readonly ends: Histogram;
}

/** The days of services on sale on which orders ended, by service and day. Reads one row for each service and day. */
export async function serviceDays(sql: Sql, services: readonly number[], { from, to }: Days): Promise<ServiceDay[]> {
  return sql<ServiceDay[]>`
    select d.subject as service, to_char(d.day, 'YYYY-MM-DD') as day, d.ends
      from services s
      cross join generate_series(${from}::date, ${to}::date - 1, interval '1 day') as at
      join order_days d on d.part = 'service' and d.day = at::date and d.subject = s.id
      where s.id = any(${[...services]}::integer[]) and s.active order by d.subject, d.day`;
}
