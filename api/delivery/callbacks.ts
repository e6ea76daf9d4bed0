import { randomBytes } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { createMiddleware } from 'hono/factory';
import { open, seal } from '../../db/account/secrets.ts';
import { findCallbackCipher } from '../../db/catalogue/catalogue.ts';
import { withTimeout } from '../../db/client.ts';
import { hintAt } from '../../db/delivery/hints.ts';
import { Refusal } from '../../domain/errors.ts';
import { isRecent, isSignedWith, readSecret } from '../../net/signature.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext, ApiEnv } from '../http/context.ts';
import { checkJson } from '../http/json-body.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, jsonBody } from '../v1/schemas.ts';

const providerParam = z.object({ provider: z.string().openapi({ type: 'integer', example: 1 }) });

const signatureHeaders = z.object({
  'webhook-id': z.string().openapi({ param: { name: 'webhook-id', in: 'header' } }),
  'webhook-timestamp': z.string().openapi({ param: { name: 'webhook-timestamp', in: 'header' } }),
  'webhook-signature': z.string().openapi({ param: { name: 'webhook-signature', in: 'header' } }),
});

const hint = z
  .object({ order: z.union([z.string().min(1).max(64), z.int()]).openapi({ description: "The provider's order id" }) })
  .openapi('CallbackHint');

/** The provider in the path; 0, which no provider has, for text that is not an id. */
const providerOf = (c: ApiContext): number => readSmallId(c.req.param('provider') ?? '');

/** Admits a request that the provider in the path has signed. An unknown provider gets the same answer as a wrong signature. */
function signedByProvider({ sql, config }: Deps, limits: RateLimits) {
  const masterKey = config.HOLDFAST_MASTER_KEY;
  // A provider without a secret is checked against this one, so that the refusal takes the same time.
  const decoy = seal(masterKey, 'callback:0', `whsec_${randomBytes(32).toString('base64')}`);
  // A provider may call back for each of its orders, so only callers without a valid signature count against a limit.
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
    const cipher = await withTimeout(QUERY_MS, findCallbackCipher(sql, provider));
    const text = open(masterKey, `callback:${cipher === undefined ? 0 : provider}`, cipher ?? decoy);
    const isSigned = isSignedWith(readSecret(text) ?? randomBytes(32), { id, timestamp, signature, body });
    if (!isSigned || cipher === undefined) return turnAway(c);
    // Only now: the signature covers the raw bytes, and the JSON of a stranger is never parsed.
    await checkJson(c);
    await next();
  });
}

const callback = defineRoute(
  {
    method: 'post',
    path: '/v1/callbacks/{provider}',
    scope: 'signature',
    guard: signedByProvider,
    readsBodyItself: true,
    tags: ['providers'],
    summary: 'A provider says that something has changed: Holdfast asks it now',
    description:
      'The provider signs the callback per Standard Webhooks with its callbackSecret, in the headers webhook-id, webhook-timestamp and webhook-signature. The callback is only a hint: the answer of the provider counts. Further fields are ignored.',
    request: { params: providerParam, headers: signatureHeaders, body: jsonBody(hint) },
    responses: answersWith(202, 'The hint was accepted', z.object({ accepted: z.literal(true) })),
  },
  async (c, deps) => {
    await withTimeout(QUERY_MS, hintAt(deps.sql, providerOf(c)));
    return c.json({ accepted: true as const }, 202);
  },
);

export const callbackRoutes = [callback];
