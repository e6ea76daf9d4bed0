import { randomBytes } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { createMiddleware } from 'hono/factory';
import { open, seal } from '../../db/account/secrets.ts';
import { findCallbackCipher } from '../../db/catalogue/catalogue.ts';
import { within } from '../../db/client.ts';
import { hintAt } from '../../db/delivery/hints.ts';
import { Refusal } from '../../domain/errors.ts';
import { isRecent, isSignedWith, readSecret } from '../../net/signature.ts';
import type { ApiContext, ApiEnv, Deps } from '../deps.ts';
import { boundedJson } from '../http/json-body.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, jsonBody, problemAnswer, routes } from '../v1/routes.ts';

const providerParam = z.object({ provider: z.string().openapi({ type: 'integer', example: 1 }) });

const signatureHeaders = z.object({
  'webhook-id': z.string().openapi({ param: { name: 'webhook-id', in: 'header' } }),
  'webhook-timestamp': z.string().openapi({ param: { name: 'webhook-timestamp', in: 'header' } }),
  'webhook-signature': z.string().openapi({ param: { name: 'webhook-signature', in: 'header' } }),
});

const hint = z
  .object({ order: z.union([z.string().min(1).max(64), z.int()]).openapi({ description: "The provider's order id" }) })
  .openapi('CallbackHint');

const callback = (deps: Deps, limits: RateLimits) =>
  createRoute({
    method: 'post',
    path: '/v1/callbacks/{provider}',
    tags: ['providers'],
    summary: 'A provider says that something has changed: its orders are looked at now',
    description:
      'Signed per Standard Webhooks with the callbackSecret of the provider, in the headers webhook-id, webhook-timestamp and webhook-signature. What is said is only a hint, further fields are ignored.',
    security: [],
    middleware: [signedByProvider(deps, limits), boundedJson] as const,
    request: { params: providerParam, headers: signatureHeaders, body: jsonBody(hint) },
    responses: { ...answersWith(202, 'Heard', z.object({ accepted: z.literal(true) })), default: problemAnswer },
  });

/** The id in the path; 0, which nobody has, for what cannot be one. */
const providerOf = (c: ApiContext): number => readSmallId(c.req.param('provider') ?? '');

/** Lets pass what the provider in the path has signed. A provider that is not there is answered like a wrong signature. */
function signedByProvider({ sql, config }: Deps, limits: RateLimits) {
  const masterKey = config.HOLDFAST_MASTER_KEY;
  // Who has no secret is compared with this one, so that the answer takes the same time.
  const nobodys = seal(masterKey, 'callback:0', `whsec_${randomBytes(32).toString('base64')}`);
  // A provider has a word for each of its orders: only who is not one counts against a limit.
  const turnAway = (c: ApiContext): never => {
    limits.stranger(c);
    throw new Refusal('invalid_signature');
  };
  return createMiddleware<ApiEnv>(async (c, next) => {
    const id = c.req.header('webhook-id') ?? '';
    const timestamp = c.req.header('webhook-timestamp') ?? '';
    const signature = c.req.header('webhook-signature') ?? '';
    if (id === '' || signature === '' || !isRecent(timestamp, Date.now())) return turnAway(c);
    const body = new Uint8Array(await c.req.arrayBuffer());
    const provider = providerOf(c);
    const cipher = await within(QUERY_MS, findCallbackCipher(sql, provider));
    const text = open(masterKey, `callback:${cipher === undefined ? 0 : provider}`, cipher ?? nobodys);
    const isSigned = isSignedWith(readSecret(text) ?? randomBytes(32), { id, timestamp, signature, body });
    if (!isSigned || cipher === undefined) return turnAway(c);
    await next();
  });
}

export const callbackRoutes = (deps: Deps, limits: RateLimits) =>
  routes().openapi(callback(deps, limits), async (c) => {
    await within(QUERY_MS, hintAt(deps.sql, providerOf(c)));
    return c.json({ accepted: true as const }, 202);
  });
