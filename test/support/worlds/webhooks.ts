import { createKey } from '../../../db/account/accounts.ts';
import type { Sql } from '../../../db/client.ts';
import type { DeliveryRound } from '../../../domain/webhook/webhooks.ts';
import type { Answer, ServedApi } from './api.ts';

/** A customer with their own key who uses the webhook routes of the API. */
export interface Customer {
  readonly key: string;
  ask(path: string, body?: unknown, idempotencyKey?: string): Promise<Answer>;
  change(path: string, method: string, body?: unknown): Promise<Answer>;
  /** Makes a webhook. Throws when the API refuses it. */
  webhook(body: object): Promise<{ readonly id: number; readonly secret: string }>;
  /** The delivery log, newest first. */
  log(webhook: number, query?: string): Promise<Record<string, unknown>[]>;
}

let keys = 0;

export async function customerOf(sql: Sql, api: ServedApi, accountId: number): Promise<Customer> {
  const { key } = await createKey(sql, { accountId, name: 'main' });
  const ask = (path: string, body?: unknown, idempotencyKey = `k-${++keys}`) =>
    api.v1(`/v1/webhooks${path}`, { key, body, ...(body === undefined ? {} : { idempotencyKey }) });
  return {
    key,
    ask,
    change: (path, method, body) => api.v1(`/v1/webhooks${path}`, { key, method, body }),
    webhook: async (body) => {
      const made = await ask('', body);
      if (made.status !== 201) throw new Error(`no webhook: ${JSON.stringify(made.body)}`);
      return made.body as { id: number; secret: string };
    },
    log: async (webhook, query = '') => {
      const { body } = await ask(`/${webhook}/deliveries${query}`);
      return body.data as Record<string, unknown>[];
    },
  };
}

let events = 900_000_000;

/**
 * Writes deliveries of a webhook whose first attempt has failed, without a workflow; the first is the longest due.
 * `overdue`: seconds since the next attempt of the last one was due.
 */
export async function retryingDeliveries(
  sql: Sql,
  { id, count, overdue = 0 }: { readonly id: number; readonly count: number; readonly overdue?: number },
): Promise<DeliveryRound[]> {
  const from = events + 1;
  events += count;
  await sql`
    insert into webhook_deliveries (event_id, endpoint_id, type, state, attempts, next_attempt_at)
      select n, ${id}::integer, 'webhook.test', 'retrying', 1,
             now() - make_interval(secs => ${overdue}::float8 + (${events}::bigint - n)::float8 / 1000)
        from generate_series(${from}::bigint, ${events}::bigint) n`;
  return Array.from({ length: count }, (_, nth) => ({ event: from + nth, endpoint: id, round: 1 }));
}
