import { seal } from '../../db/account/secrets.ts';
import type { Sql, Tx } from '../../db/client.ts';
import { findWebhook, type WebhookRow } from '../../db/webhook/webhooks.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import { readSmallId } from '../v1/ids.ts';

/**
 * The webhook of a path. `lock` keeps other transactions from changing it until this one ends.
 * @throws Refusal `webhook_not_found`, for another account's webhook too.
 */
export async function ownWebhook(sql: Sql | Tx, accountId: number, text: string, lock = false): Promise<WebhookRow> {
  const row = await findWebhook(sql, accountId, readSmallId(text), lock);
  if (row === undefined) throw new Refusal('webhook_not_found');
  return row;
}

/** The secret of a webhook as it is stored; the webhook's id is part of what encrypts it. */
export const sealedSecret =
  ({ config }: Deps, secret: string) =>
  (id: number) =>
    seal(config.HOLDFAST_MASTER_KEY, `webhook:${id}`, secret);
