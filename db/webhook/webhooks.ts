import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { CONFIRM_EVENT } from '../../domain/webhook/webhooks.ts';
import type { Sql, Tx } from '../client.ts';
import { countConfirmation } from './confirmations.ts';
import { addOwnEvent } from './deliveries.ts';

/**
 * Why a webhook is disabled. gone: its receiver answered 410; owner: its account disabled it; failing: no event got through for
 * days; unconfirmed: its address has not been confirmed yet.
 */
export const DISABLED_REASONS = ['gone', 'owner', 'failing', 'unconfirmed'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** Where an account gets its events. */
export interface WebhookRow {
  readonly id: number;
  /** Either `url` or `email` is null: a webhook is a URL or an e-mail address. */
  readonly url: string | null;
  readonly email: string | null;
  readonly description: string | null;
  /** Null: every type. */
  readonly events: readonly string[] | null;
  /** Null: it is enabled. */
  readonly disabledReason: DisabledReason | null;
  /** Until when the e-mail address can be confirmed; null when there is nothing to confirm. */
  readonly confirmUntil: Date | null;
  readonly createdAt: Date;
  /** Until when the previous secret signs too; null when it no longer does. */
  readonly previousUntil: Date | null;
}

const columns = (sql: Sql | Tx) => sql`
  id, url, email, description, events, disabled_reason as "disabledReason", created_at as "createdAt",
  case when disabled_reason = 'unconfirmed' then confirm_until end as "confirmUntil",
  case when previous_until > clock_timestamp() then previous_until end as "previousUntil"`;

const isThere = (sql: Sql | Tx) => sql`disabled_reason is distinct from 'deleted'`;

export interface NewWebhook {
  readonly accountId: number;
  readonly description: string | null;
  readonly events: readonly string[] | null;
  /** `sealSecret` encrypts the secret for its row; it is bound to the id. */
  readonly to: { readonly url: string; readonly sealSecret: (id: number) => Buffer } | { readonly email: string };
}

/**
 * Makes a webhook. An e-mail webhook is disabled until its address is confirmed; the mail that asks for that is added as an
 * event.
 * @throws Refusal `too_many_webhooks`, `too_many_confirmations`; `rate_limited` when the account has made too many in a day: a
 * deleted webhook keeps its row.
 */
export async function createWebhook(tx: Tx, { accountId, description, events, to }: NewWebhook): Promise<WebhookRow> {
  // Two requests at the same time would each count without the other. FOR UPDATE would wait for the account's orders.
  await tx`select from accounts where id = ${accountId} for no key update`;
  const [{ count, lately } = { count: 0, lately: 0 }] = await tx<{ count: number; lately: number }[]>`
    select count(*) filter (where ${isThere(tx)})::integer as count,
           count(*) filter (where created_at > clock_timestamp() - interval '1 day')::integer as lately
      from webhook_endpoints where account_id = ${accountId}`;
  if (count >= LIMITS.webhooks)
    throw new Refusal('too_many_webhooks', `an account may have at most ${LIMITS.webhooks}`);
  if (lately >= LIMITS.webhooksADay)
    throw new Refusal('rate_limited', `an account may make at most ${LIMITS.webhooksADay} webhooks in a day`, 86_400);
  const [next] = await tx<{ id: number }[]>`
    select nextval(pg_get_serial_sequence('webhook_endpoints', 'id'))::integer as id`;
  const { id } = next as { id: number };
  const [url, cipher] = 'url' in to ? [to.url, to.sealSecret(id)] : [null, null];
  const email = 'email' in to ? to.email : null;
  if (email !== null) await countConfirmation(tx, accountId, email);
  const [row] = await tx<WebhookRow[]>`
    insert into webhook_endpoints (id, account_id, url, email, description, events, secret_cipher, disabled_reason, confirm_until)
      overriding system value
      values (${id}, ${accountId}, ${url}, ${email}, ${description}, ${events === null ? null : [...events]}, ${cipher},
        ${email === null ? null : 'unconfirmed'},
        case when ${email !== null} then clock_timestamp() + make_interval(hours => ${LIMITS.confirmHours}) end)
      returning ${columns(tx)}`;
  if (email !== null) await addOwnEvent(tx, id, CONFIRM_EVENT);
  return row as WebhookRow;
}

/**
 * An account's webhook; undefined when it does not exist or is another account's. `lock` keeps it as it is until the transaction
 * ends.
 */
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

/** An account's webhooks with ids below `before`, newest first. */
export async function listWebhooks(
  sql: Sql,
  accountId: number,
  before: number | undefined,
  limit: number,
): Promise<WebhookRow[]> {
  return sql<WebhookRow[]>`
    select ${columns(sql)} from webhook_endpoints
      where account_id = ${accountId} and ${isThere(sql)} ${before === undefined ? sql`` : sql`and id < ${before}::bigint`}
      order by id desc limit ${limit}`;
}

export interface WebhookChange {
  readonly url?: string | undefined;
  readonly description?: string | null | undefined;
  readonly events?: readonly string[] | null | undefined;
  readonly enabled?: boolean | undefined;
}

/** Changes a webhook; disabling it stops its open deliveries. */
export async function changeWebhook(tx: Tx, had: WebhookRow, change: WebhookChange): Promise<WebhookRow> {
  const { url = had.url, description = had.description, events = had.events, enabled } = change;
  if (enabled === false) await tx`select disable_endpoint(${had.id}, 'owner')`;
  if (enabled === true) await tx`select webhook_works(${had.id})`;
  const [row] = await tx<WebhookRow[]>`
    update webhook_endpoints set url = ${url}, description = ${description}, events = ${events === null ? null : [...events]},
        disabled_reason = case when ${enabled === true} then null else disabled_reason end
      where id = ${had.id} returning ${columns(tx)}`;
  return row as WebhookRow;
}

/** Deletes a webhook; its log stays. */
export async function deleteWebhook(tx: Tx, id: number): Promise<void> {
  await tx`select disable_endpoint(${id}, 'deleted')`;
  await tx`
    update webhook_endpoints set url = null, email = null, description = null, secret_cipher = null, previous_cipher = null,
        previous_until = null
      where id = ${id}`;
}

/** Replaces a webhook's secret. The previous secret signs too for LIMITS.oldSecretHours; an older one no longer signs. */
export async function rotateSecret(tx: Tx, id: number, cipher: Buffer): Promise<WebhookRow> {
  const [row] = await tx<WebhookRow[]>`
    update webhook_endpoints set previous_cipher = secret_cipher, secret_cipher = ${cipher},
        previous_until = clock_timestamp() + make_interval(hours => ${LIMITS.oldSecretHours})
      where id = ${id} returning ${columns(tx)}`;
  return row as WebhookRow;
}
