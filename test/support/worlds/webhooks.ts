import { createKey } from '../../../db/account/accounts.ts';
import type { Sql } from '../../../db/client.ts';
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
