import { seal } from '../../db/account/secrets.ts';
import { type Sql, type Tx, withTimeout } from '../../db/client.ts';
import { confirmAddress } from '../../db/webhook/confirmations.ts';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  findWebhook,
  listWebhooks,
  rotateSecret,
  type WebhookRow,
} from '../../db/webhook/webhooks.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isConfirmationCode } from '../../net/confirmation.ts';
import { newSecret } from '../../net/signature.ts';
import { whyNotUrl } from '../../net/url-guard.ts';
import type { Deps } from '../deps.ts';
import { InvalidRequest } from '../http/problems.ts';
import { TRANSACTION_MS } from '../http/timeouts.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam, jsonBody, page, pageQuery } from '../v1/schemas.ts';
import {
  changeBody,
  confirmBody,
  madeSchema,
  webhookBody,
  webhookSchema,
  webhookView,
  withSecret,
} from './webhook-bodies.ts';

const tags = ['webhooks'];

/**
 * The webhook of a path. `lock` keeps other transactions from changing it until this one ends.
 * @throws Refusal `webhook_not_found`, for another account's webhook too.
 */
export async function ownWebhook(sql: Sql | Tx, accountId: number, text: string, lock = false): Promise<WebhookRow> {
  const row = await findWebhook(sql, accountId, readSmallId(text), lock);
  if (row === undefined) throw new Refusal('webhook_not_found');
  return row;
}

const sealed =
  ({ config }: Deps, secret: string) =>
  (id: number) =>
    seal(config.HOLDFAST_MASTER_KEY, `webhook:${id}`, secret);

/** @throws InvalidRequest for an address that we must not send requests to. Every delivery checks it again. */
async function checkUrl({ config }: Deps, url: string | undefined): Promise<void> {
  const allowLoopback = config.ALLOW_LOOPBACK_URLS;
  const why = url === undefined ? undefined : await whyNotUrl(url, { allowLoopback, httpsOnly: !allowLoopback });
  if (why !== undefined) throw new InvalidRequest([{ path: 'url', message: why }]);
}

const create = defineRoute(
  {
    method: 'post',
    path: '/v1/webhooks',
    scope: 'webhooks:manage',
    tags,
    summary: 'Be told of what happens to orders',
    idempotency: 'required',
    request: { body: jsonBody(webhookBody) },
    description: 'An e-mail address is told of nothing until it is confirmed, with the code that is sent to it.',
    responses: answersWith(201, 'The webhook, and the secret that signs', madeSchema),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const body = c.req.valid('json');
    const { url, email, ...rest } = body;
    if (email !== undefined && deps.config.SMTP_URL === undefined) throw new Refusal('email_unavailable');
    await checkUrl(deps, url);
    const effect = async (tx: Tx) => {
      if (url === undefined) {
        return webhookView(await createWebhook(tx, { ...rest, accountId, to: { email: email ?? '' } }));
      }
      const secret = newSecret();
      const to = { url, sealSecret: sealed(deps, secret) };
      return { ...webhookView(await createWebhook(tx, { ...rest, accountId, to })), secret };
    };
    const isThere = async (tx: Tx, { id }: { id: number }) => (await findWebhook(tx, accountId, id)) !== undefined;
    const made = await once(c, deps, { request: body, secret: true, effect, isThere });
    deps.log.info({ webhook: made.id, account: accountId }, 'webhook created');
    c.header('Location', `/v1/webhooks/${made.id}`);
    return c.json(made, 201);
  },
);

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/webhooks',
    scope: 'webhooks:manage',
    tags,
    summary: 'Webhooks, newest first',
    request: { query: pageQuery({}) },
    responses: answersWith(200, 'A page of webhooks', page(webhookSchema)),
  },
  async (c, deps) => {
    const { limit, cursor } = c.req.valid('query');
    const { accountId } = c.get('caller');
    const rows = await reading(deps, c, (sql) => listWebhooks(sql, accountId, decodeCursor(cursor), limit + 1));
    return c.json(
      pageOf(rows, limit, ({ id }) => id, webhookView),
      200,
    );
  },
);

const get = defineRoute(
  {
    method: 'get',
    path: '/v1/webhooks/{id}',
    scope: 'webhooks:manage',
    tags,
    summary: 'One webhook',
    request: { params: idParam },
    responses: answersWith(200, 'The webhook', webhookSchema),
  },
  async (c, deps) => {
    const row = await reading(deps, c, (sql) => ownWebhook(sql, c.get('caller').accountId, c.req.valid('param').id));
    return c.json(webhookView(row), 200);
  },
);

const change = defineRoute(
  {
    method: 'patch',
    path: '/v1/webhooks/{id}',
    scope: 'webhooks:manage',
    tags,
    summary: 'Change a webhook, disable or enable it',
    description: 'What is still to be delivered to a webhook that is disabled is stopped; a replay sends it again.',
    request: { params: idParam, body: jsonBody(changeBody) },
    responses: answersWith(200, 'The webhook', webhookSchema),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const wanted = c.req.valid('json');
    await checkUrl(deps, wanted.url);
    const work = deps.sql.begin(async (tx) => {
      const had = await ownWebhook(tx, accountId, c.req.valid('param').id, true);
      if (wanted.url !== undefined && had.url === null) {
        throw new InvalidRequest([{ path: 'url', message: 'cannot be set: this webhook sends e-mail' }]);
      }
      if (wanted.enabled === true && had.disabledReason === 'unconfirmed') throw new Refusal('webhook_unconfirmed');
      return changeWebhook(tx, had, wanted);
    });
    return c.json(webhookView(await withTimeout(TRANSACTION_MS, work)), 200);
  },
);

const remove = defineRoute(
  {
    method: 'delete',
    path: '/v1/webhooks/{id}',
    scope: 'webhooks:manage',
    tags,
    summary: 'Delete a webhook',
    request: { params: idParam },
    responses: { 204: { description: 'It is gone' } },
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const work = deps.sql.begin(async (tx) => {
      const { id } = await ownWebhook(tx, accountId, c.req.valid('param').id, true);
      await deleteWebhook(tx, id);
    });
    await withTimeout(TRANSACTION_MS, work);
    return c.body(null, 204);
  },
);

const confirm = defineRoute(
  {
    method: 'post',
    path: '/v1/webhooks/{id}/confirm',
    scope: 'webhooks:manage',
    tags,
    summary: 'Confirm an e-mail address',
    description: `With the code that was sent to it, within ${LIMITS.confirmHours} hours. Confirming twice does no harm.`,
    request: { params: idParam, body: jsonBody(confirmBody) },
    responses: answersWith(200, 'The webhook', webhookSchema),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const { code } = c.req.valid('json');
    const work = deps.sql.begin(async (tx) => {
      const had = await ownWebhook(tx, accountId, c.req.valid('param').id, true);
      const { id, email, disabledReason } = had;
      const isIt = email !== null && isConfirmationCode(deps.config.HOLDFAST_MASTER_KEY, { webhook: id, email }, code);
      if (!isIt || (disabledReason === 'unconfirmed' && !(await confirmAddress(tx, id)))) {
        throw new Refusal('confirmation_failed');
      }
      return ownWebhook(tx, accountId, String(id));
    });
    const confirmed = await withTimeout(TRANSACTION_MS, work);
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
    summary: 'Change the secret',
    description: `The secret before signs too for ${LIMITS.oldSecretHours} hours; one before that no longer.`,
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
      return { ...webhookView(await rotateSecret(tx, id, sealed(deps, secret)(id))), secret };
    };
    // Read before a stored answer is repeated: the webhook may have been deleted since.
    await reading(deps, c, (sql) => ownWebhook(sql, accountId, text));
    const changed = await once(c, deps, { request: { id: text }, secret: true, effect });
    deps.log.info({ webhook: changed.id, account: accountId }, 'secret of a webhook changed');
    return c.json(changed, 201);
  },
);

export const webhookRoutes = [create, list, get, change, remove, confirm, rotate];
