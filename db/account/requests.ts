import { LIMITS } from '../../domain/limits.ts';
import type { Sql } from '../client.ts';

/** A request of a customer's program, without its query, headers and body. */
export interface RecentRequest {
  /** ISO time to the millisecond. */
  readonly at: string;
  /** The key of the request. */
  readonly key: number;
  /** Method and path, and for panel API v2 the action: `POST /api/v2 add`. */
  readonly request: string;
  readonly status: number;
  /** The code of the refusal; null: the request was not refused. */
  readonly code: string | null;
  /** Milliseconds until the answer began. */
  readonly ms: number;
  readonly requestId: string;
}

export interface RequestsOfAccount {
  readonly account: number;
  readonly requests: readonly RecentRequest[];
}

/**
 * Adds requests to those that are stored, and keeps the latest of each account, in one statement. Two processes that do so lock
 * the rows in the same order.
 */
export async function addRequests(sql: Sql, all: readonly RequestsOfAccount[]): Promise<void> {
  await sql`
    insert into recent_requests as had (account_id, requests, updated_at)
      select r.account, r.requests, now() from jsonb_to_recordset(${sql.json(all as never)}) as r(account integer, requests jsonb)
        order by r.account
      on conflict (account_id) do update set updated_at = excluded.updated_at, requests = (
        select jsonb_agg(latest.request order by latest.request ->> 'at' desc)
          from (select r.request from jsonb_array_elements(excluded.requests || had.requests) r(request)
                  order by r.request ->> 'at' desc limit ${LIMITS.recentRequests}) latest)`;
}

/** The latest requests of an account, newest first: of the last days, and at most LIMITS.recentRequests. */
export async function listRequests(sql: Sql, account: number): Promise<readonly RecentRequest[]> {
  return sql<RecentRequest[]>`
    select r.* from recent_requests,
           jsonb_to_recordset(requests) as r(at text, key integer, request text, status integer, code text, ms integer, "requestId" text)
      where account_id = ${account} and r.at::timestamptz > now() - make_interval(days => ${LIMITS.recentRequestDays})
      order by r.at desc limit ${LIMITS.recentRequests}`;
}

/** Deletes at most `most` rows of accounts that have made no request for `days`; returns how many. */
export async function deleteOldRequests(sql: Sql, days: number, most: number): Promise<number> {
  const { count } = await sql`
    delete from recent_requests where account_id in (
      select account_id from recent_requests where updated_at < now() - make_interval(days => ${days}) limit ${most})`;
  return count;
}
