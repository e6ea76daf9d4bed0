import { LIMITS } from '../domain/limits.ts';
import type { Sql, Tx } from './client.ts';

/** Where an account is told of its events. */
export interface WebhookRow {
  readonly id: number;
  readonly url: string;
  readonly description: string | null;
  /** Null: every type. */
  readonly events: readonly string[] | null;
  /** gone: its receiver said so; owner: its account did. Null: it is enabled. */
  readonly disabledReason: 'gone' | 'owner' | null;
  readonly createdAt: Date;
  /** Until when the secret before signs too. */
  readonly previousUntil: Date | null;
}

const columns = (sql: Sql | Tx) => sql`
  id, url, description, events, disabled_reason as "disabledReason", created_at as "createdAt",
  case when previous_until > clock_timestamp() then previous_until end as "previousUntil"`;

const isThere = (sql: Sql | Tx) => sql`disabled_reason is distinct from 'deleted'`;

export interface NewWebhook {
  readonly accountId: number;
  readonly url: string;
  readonly description: string | null;
  readonly events: readonly string[] | null;
  /** Encrypts the secret for its row; it is bound to the id. */
  readonly sealSecret: (id: number) => Buffer;
}

/** Undefined when the account has as many as it may have. */
export async function createWebhook(tx: Tx, webhook: NewWebhook): Promise<WebhookRow | undefined> {
  const { accountId, url, description, events, sealSecret } = webhook;
  // Two at a time would each count without the other. Not FOR UPDATE, which would wait for the account's orders.
  await tx`select from accounts where id = ${accountId} for no key update`;
  const [{ count } = { count: 0 }] = await tx<{ count: number }[]>`
    select count(*)::integer as count from webhook_endpoints where account_id = ${accountId} and ${isThere(tx)}`;
  if (count >= LIMITS.webhooks) return undefined;
  const [next] = await tx<{ id: number }[]>`
    select nextval(pg_get_serial_sequence('webhook_endpoints', 'id'))::integer as id`;
  const { id } = next as { id: number };
  const [row] = await tx<WebhookRow[]>`
    insert into webhook_endpoints (id, account_id, url, description, events, secret_cipher) overriding system value
      values (${id}, ${accountId}, ${url}, ${description}, ${events === null ? null : [...events]}, ${sealSecret(id)})
      returning ${columns(tx)}`;
  return row;
}

/** An account's webhook; undefined for another's as for one that does not exist. With `lock`, nobody changes it meanwhile. */
export async function findWebhook(
  sql: Sql | Tx,
  accountId: number,
  id: number,
  lock = false,
): Promise<WebhookRow | undefined> {
  const [row] = await sql<WebhookRow[]>`
    select ${columns(sql)} from webhook_endpoints where id = ${id} and account_id = ${accountId} and ${isThere(sql)}
      ${lock ? sql`for no key update` : sql``}`;
  return row;
}

/** An account's webhooks, newest first, below an id. */
export async function listWebhooks(
  sql: Sql,
  accountId: number,
  before: number | undefined,
  limit: number,
): Promise<WebhookRow[]> {
  return sql<WebhookRow[]>`
    select ${columns(sql)} from webhook_endpoints
      where account_id = ${accountId} and ${isThere(sql)} ${before === undefined ? sql`` : sql`and id < ${before}`}
      order by id desc limit ${limit}`;
}

export interface WebhookChange {
  readonly url?: string | undefined;
  readonly description?: string | null | undefined;
  readonly events?: readonly string[] | null | undefined;
  readonly enabled?: boolean | undefined;
}

/** Changes a webhook that is there; what is still to be delivered to one that is disabled is stopped. */
export async function changeWebhook(tx: Tx, had: WebhookRow, change: WebhookChange): Promise<WebhookRow> {
  const { url = had.url, description = had.description, events = had.events, enabled } = change;
  if (enabled === false) await tx`select disable_endpoint(${had.id}, 'owner')`;
  const [row] = await tx<WebhookRow[]>`
    update webhook_endpoints set url = ${url}, description = ${description}, events = ${events === null ? null : [...events]},
        disabled_reason = case when ${enabled === true} then null else disabled_reason end
      where id = ${had.id} returning ${columns(tx)}`;
  return row as WebhookRow;
}

/** Nothing is left of it but its log. */
export async function deleteWebhook(tx: Tx, id: number): Promise<void> {
  await tx`select disable_endpoint(${id}, 'deleted')`;
  await tx`
    update webhook_endpoints set url = '', description = null, secret_cipher = '', previous_cipher = null, previous_until = null
      where id = ${id}`;
}

/** The new secret signs from now on, the one before for a while too; one before that no longer. */
export async function rotateSecret(tx: Tx, id: number, cipher: Buffer): Promise<WebhookRow> {
  const [row] = await tx<WebhookRow[]>`
    update webhook_endpoints set previous_cipher = secret_cipher, secret_cipher = ${cipher},
        previous_until = clock_timestamp() + make_interval(hours => ${LIMITS.oldSecretHours})
      where id = ${id} returning ${columns(tx)}`;
  return row as WebhookRow;
}
