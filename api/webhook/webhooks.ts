import type { Tx } from '../../db/client.ts';
import { changeWebhook, createWebhook, deleteWebhook, findWebhook, listWebhooks } from '../../db/webhook/webhooks.ts';
import { Refusal } from '../../domain/errors.ts';
import { newSecret } from '../../net/signature.ts';
import { whyNotUrl } from '../../net/url-guard.ts';
import type { Deps } from '../deps.ts';
import { InvalidRequest } from '../http/problems.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { changing } from '../limits/transactions.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody, page, pageQuery } from '../v1/schemas.ts';
import { ownWebhook, sealedSecret } from './own-webhook.ts';
import { changeBody, madeSchema, webhookBody, webhookSchema, webhookView } from './webhook-bodies.ts';

const tags = ['webhooks'];

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
    summary: 'Make a webhook for the events of orders',
    idempotency: 'required',
    request: { body: jsonBody(webhookBody) },
    description: 'An e-mail address gets no event until it is confirmed with the code that is mailed to it.',
    responses: answersWith(201, 'The webhook, and its signing secret', madeSchema),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const body = c.req.valid('json');
    const { url, email, ...rest } = body;
    const check = async () => {
      if (email !== undefined && deps.config.SMTP_URL === undefined) throw new Refusal('email_unavailable');
      await checkUrl(deps, url);
    };
    const effect = async (tx: Tx) => {
      if (url === undefined) {
        return webhookView(await createWebhook(tx, { ...rest, accountId, to: { email: email ?? '' } }));
      }
      const secret = newSecret();
      const to = { url, sealSecret: sealedSecret(deps, secret) };
      return { ...webhookView(await createWebhook(tx, { ...rest, accountId, to })), secret };
    };
    const isThere = async (tx: Tx, { id }: { id: number }) => (await findWebhook(tx, accountId, id)) !== undefined;
    const made = await once(c, deps, { request: body, secret: true, check, effect, isThere });
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
    description: 'Disabling a webhook stops the events that wait; a replay sends them again.',
    request: { params: idParam, body: jsonBody(changeBody) },
    responses: answersWith(200, 'The webhook', webhookSchema),
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    const wanted = c.req.valid('json');
    await checkUrl(deps, wanted.url);
    const changed = await changing(deps, c, async (tx) => {
      const had = await ownWebhook(tx, accountId, c.req.valid('param').id, true);
      if (wanted.url !== undefined && had.url === null) {
        throw new InvalidRequest([{ path: 'url', message: 'cannot be set: this webhook sends e-mail' }]);
      }
      if (wanted.enabled === true && had.disabledReason === 'unconfirmed') throw new Refusal('webhook_unconfirmed');
      return changeWebhook(tx, had, wanted);
    });
    return c.json(webhookView(changed), 200);
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
    responses: { 204: { description: 'The webhook is deleted' } },
  },
  async (c, deps) => {
    const { accountId } = c.get('caller');
    await changing(deps, c, async (tx) => {
      const { id } = await ownWebhook(tx, accountId, c.req.valid('param').id, true);
      await deleteWebhook(tx, id);
    });
    return c.body(null, 204);
  },
);

export const webhookRoutes = [create, list, get, change, remove];
