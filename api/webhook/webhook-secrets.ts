import type { Tx } from '../../db/client.ts';
import { confirmAddress } from '../../db/webhook/confirmations.ts';
import { rotateSecret } from '../../db/webhook/webhooks.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isConfirmationCode } from '../../net/confirmation.ts';
import { newSecret } from '../../net/signature.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { changing } from '../limits/transactions.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody } from '../v1/schemas.ts';
import { ownWebhook, sealedSecret } from './own-webhook.ts';
import { confirmBody, webhookSchema, webhookView, withSecret } from './webhook-bodies.ts';

const tags = ['webhooks'];

const confirm = defineRoute(
  {
    method: 'post',
    path: '/v1/webhooks/{id}/confirm',
    scope: 'webhooks:manage',
    tags,
    summary: 'Confirm an e-mail address',
    description: `The code that was mailed to the address is valid for ${LIMITS.confirmHours} hours. A repeat does no harm.`,
    request: { params: idParam, body: jsonBody(confirmBody) },
    responses: answersWith(200, 'The webhook', webhookSchema),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { code } = c.req.valid('json');
    const confirmed = await changing(deps, c, async (tx) => {
      const had = await ownWebhook(tx, accountId, c.req.valid('param').id, true);
      const { id, email, disabledReason } = had;
      const isRight =
        email !== null && isConfirmationCode(deps.config.HOLDFAST_MASTER_KEY, { webhook: id, email }, code);
      if (!isRight || (disabledReason === 'unconfirmed' && !(await confirmAddress(tx, id)))) {
        throw new Refusal('confirmation_failed');
      }
      return ownWebhook(tx, accountId, String(id));
    });
    deps.log.info({ webhook: confirmed.id, account: accountId }, 'e-mail address of a webhook confirmed');
    return c.json(webhookView(confirmed), 200);
  },
);

const rotate = defineRoute(
  {
    method: 'post',
    path: '/v1/webhooks/{id}/rotate',
    scope: 'webhooks:manage',
    tags,
    summary: 'Change the secret of a webhook',
    description: `The previous secret signs too for ${LIMITS.oldSecretHours} hours; an older one no longer.`,
    idempotency: 'required',
    request: { params: idParam },
    responses: answersWith(201, 'The webhook, and its new secret', withSecret),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { id: text } = c.req.valid('param');
    const effect = async (tx: Tx) => {
      const { id, url } = await ownWebhook(tx, accountId, text, true);
      if (url === null) throw new Refusal('webhook_has_no_secret');
      const secret = newSecret();
      return { ...webhookView(await rotateSecret(tx, id, sealedSecret(deps, secret)(id))), secret };
    };
    // Read before a stored answer is repeated: the webhook may have been deleted since.
    await reading(deps, c, (sql) => ownWebhook(sql, accountId, text));
    const changed = await once(c, deps, { request: { id: text }, secret: true, effect });
    deps.log.info({ webhook: changed.id, account: accountId }, 'secret of a webhook changed');
    return c.json(changed, 201);
  },
);

export const webhookSecretRoutes = [confirm, rotate];
