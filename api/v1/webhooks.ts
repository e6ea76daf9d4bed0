import { createRoute } from '@hono/zod-openapi';
import { type Sql, type Tx, within } from '../../db/client.ts';
import { seal } from '../../db/secrets.ts';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  findWebhook,
  listWebhooks,
  rotateSecret,
  type WebhookRow,
} from '../../db/webhooks.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { newSecret } from '../../net/signature.ts';
import { whyNotUrl } from '../../net/url-guard.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Deps } from '../deps.ts';
import { once } from '../idempotency.ts';
import { LARGEST_ID, readId } from '../ids.ts';
import { QUERY_MS, TRANSACTION_MS } from '../patience.ts';
import { InvalidRequest } from '../problems.ts';
import { answersWith, idempotencyHeader, idParam, jsonBody, page, pageQuery, problemAnswer, routes } from './routes.ts';
import { changeBody, webhookBody, webhookSchema, webhookView, withSecret } from './webhook-bodies.ts';

const tags = ['webhooks'];

const create = createRoute({
  method: 'post',
  path: '/v1/webhooks',
  tags,
  summary: 'Be told of what happens to orders',
  request: { headers: idempotencyHeader, body: jsonBody(webhookBody) },
  responses: { ...answersWith(201, 'The webhook, and the secret that signs', withSecret), default: problemAnswer },
});

const list = createRoute({
  method: 'get',
  path: '/v1/webhooks',
  tags,
  summary: 'Webhooks, newest first',
  request: { query: pageQuery({}) },
  responses: { ...answersWith(200, 'A page of webhooks', page(webhookSchema)), default: problemAnswer },
});

const get = createRoute({
  method: 'get',
  path: '/v1/webhooks/{id}',
  tags,
  summary: 'One webhook',
  request: { params: idParam },
  responses: { ...answersWith(200, 'The webhook', webhookSchema), default: problemAnswer },
});

const change = createRoute({
  method: 'patch',
  path: '/v1/webhooks/{id}',
  tags,
  summary: 'Change a webhook, disable or enable it',
  description: 'What is still to be delivered to a webhook that is disabled is stopped; a replay sends it again.',
  request: { params: idParam, body: jsonBody(changeBody) },
  responses: { ...answersWith(200, 'The webhook', webhookSchema), default: problemAnswer },
});

const remove = createRoute({
  method: 'delete',
  path: '/v1/webhooks/{id}',
  tags,
  summary: 'Delete a webhook',
  request: { params: idParam },
  responses: { 204: { description: 'It is gone' }, default: problemAnswer },
});

const rotate = createRoute({
  method: 'post',
  path: '/v1/webhooks/{id}/rotate',
  tags,
  summary: 'Change the secret',
  description: `The secret before signs too for ${LIMITS.oldSecretHours} hours; one before that no longer.`,
  request: { headers: idempotencyHeader, params: idParam },
  responses: { ...answersWith(201, 'The webhook, and its new secret', withSecret), default: problemAnswer },
});

/**
 * The webhook of a path. With `lock`, nobody else changes it until the transaction ends.
 * @throws Refusal `webhook_not_found`, for another account's webhook too.
 */
export async function ownWebhook(sql: Sql | Tx, accountId: number, text: string, lock = false): Promise<WebhookRow> {
  const id = readId(text);
  const row = id === undefined || id > LARGEST_ID ? undefined : await findWebhook(sql, accountId, id, lock);
  if (row === undefined) throw new Refusal('webhook_not_found');
  return row;
}

export function webhookRoutes(deps: Deps) {
  const { sql, config, log } = deps;
  const sealed = (secret: string) => (id: number) => seal(config.HOLDFAST_MASTER_KEY, `webhook:${id}`, secret);

  /** @throws InvalidRequest for an address that nothing may be sent to; it is looked at again at every attempt. */
  async function check(url: string | undefined): Promise<void> {
    const allowLoopback = config.ALLOW_LOOPBACK_URLS;
    const why = url === undefined ? undefined : await whyNotUrl(url, { allowLoopback, httpsOnly: !allowLoopback });
    if (why !== undefined) throw new InvalidRequest([{ path: 'url', message: why }]);
  }

  return routes()
    .openapi(create, async (c) => {
      const { accountId } = c.get('caller');
      const body = c.req.valid('json');
      await check(body.url);
      const effect = async (tx: Tx) => {
        const secret = newSecret();
        const made = await createWebhook(tx, { ...body, accountId, sealSecret: sealed(secret) });
        if (made === undefined) throw new Refusal('too_many_webhooks', `an account may have ${LIMITS.webhooks}`);
        return { ...webhookView(made), secret };
      };
      const made = await once(c, deps, { request: body, secret: true, effect });
      log.info({ webhook: made.id, account: accountId }, 'a webhook was made');
      c.header('Location', `/v1/webhooks/${made.id}`);
      return c.json(made, 201);
    })
    .openapi(list, async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const { accountId } = c.get('caller');
      const rows = await within(QUERY_MS, listWebhooks(sql, accountId, decodeCursor(cursor), limit + 1));
      return c.json(
        pageOf(rows, limit, ({ id }) => id, webhookView),
        200,
      );
    })
    .openapi(get, async (c) => {
      const row = await within(QUERY_MS, ownWebhook(sql, c.get('caller').accountId, c.req.valid('param').id));
      return c.json(webhookView(row), 200);
    })
    .openapi(change, async (c) => {
      const { accountId } = c.get('caller');
      const wanted = c.req.valid('json');
      await check(wanted.url);
      const work = sql.begin(async (tx) =>
        changeWebhook(tx, await ownWebhook(tx, accountId, c.req.valid('param').id, true), wanted),
      );
      return c.json(webhookView(await within(TRANSACTION_MS, work)), 200);
    })
    .openapi(remove, async (c) => {
      const { accountId } = c.get('caller');
      const work = sql.begin(async (tx) => {
        const { id } = await ownWebhook(tx, accountId, c.req.valid('param').id, true);
        await deleteWebhook(tx, id);
      });
      await within(TRANSACTION_MS, work);
      return c.body(null, 204);
    })
    .openapi(rotate, async (c) => {
      const { accountId } = c.get('caller');
      const { id: text } = c.req.valid('param');
      const effect = async (tx: Tx) => {
        const { id } = await ownWebhook(tx, accountId, text, true);
        const secret = newSecret();
        return { ...webhookView(await rotateSecret(tx, id, sealed(secret)(id))), secret };
      };
      const changed = await once(c, deps, { request: { id: text }, secret: true, effect });
      log.info({ webhook: changed.id, account: accountId }, "a webhook's secret was changed");
      return c.json(changed, 201);
    });
}
