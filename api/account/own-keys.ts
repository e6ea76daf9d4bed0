import { z } from '@hono/zod-openapi';
import { createOwnKey, listKeys, revokeKey } from '../../db/account/account-keys.ts';
import { type Caller, CUSTOMER_SCOPES, type Scope } from '../../db/account/accounts.ts';
import type { Tx } from '../../db/client.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { InvalidRequest } from '../http/problems.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { changing } from '../limits/transactions.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam, jsonBody, page, pageQuery, printableText, timeOf, timestamp } from '../v1/schemas.ts';
import { keySchema, keyView } from './key-view.ts';

const tags = ['keys'];

/**
 * The scopes of a new key: those that were asked for, or else all customer scopes that the calling key has.
 * @throws InvalidRequest when a scope was asked for that the calling key lacks.
 */
function scopesOf({ scopes }: Caller, asked: readonly Scope[] | undefined): readonly Scope[] {
  const lacking = (asked ?? []).filter((scope) => !scopes.includes(scope));
  if (lacking.length > 0) {
    throw new InvalidRequest([{ path: 'scopes', message: `your key has no ${lacking.join(', ')} to give` }]);
  }
  return [...new Set(asked ?? CUSTOMER_SCOPES.filter((scope) => scopes.includes(scope)))];
}

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/keys',
    scope: 'keys:manage',
    tags,
    summary: 'Your keys, newest first, without their secrets',
    description: 'Expired and revoked keys are listed too.',
    request: { query: pageQuery({}) },
    responses: answersWith(200, 'A page of keys', page(keySchema)),
  },
  async (c, deps) => {
    const { limit, cursor } = c.req.valid('query');
    const { accountId } = c.get('caller');
    const rows = await reading(deps, c, (sql) => listKeys(sql, accountId, decodeCursor(cursor), limit + 1));
    return c.json(
      pageOf(rows, limit, ({ id }) => id, keyView),
      200,
    );
  },
);

const create = defineRoute(
  {
    method: 'post',
    path: '/v1/keys',
    scope: 'keys:manage',
    tags,
    summary: 'Make a key; only this answer shows it',
    description:
      'The new key has at most the scopes of the key that makes it, expires no later, and shares its rate limits. Revoking a key does not revoke the keys that were made with it.',
    idempotency: 'required',
    request: {
      body: jsonBody(
        z
          .strictObject({
            name: printableText(LIMITS.name),
            scopes: z
              .array(z.enum(CUSTOMER_SCOPES))
              .min(1)
              .optional()
              .openapi({ description: 'Without it the key has all scopes of the key that makes it' }),
            expiresAt: timestamp
              .refine((at) => at.getTime() > Date.now(), 'must be in the future')
              .optional()
              .openapi({ description: 'When the key expires; without it when the key that makes it does, if ever' }),
          })
          .openapi('NewOwnKey'),
      ),
    },
    responses: answersWith(
      201,
      'The key',
      z.object({
        id: z.int(),
        key: z.string(),
        scopes: z.array(z.string()),
        expiresAt: z.iso.datetime().nullable(),
      }),
    ),
  },
  async (c, deps) => {
    const caller = c.get('caller');
    const body = c.req.valid('json');
    const wanted = {
      ...body,
      accountId: caller.accountId,
      madeBy: caller.keyId,
      scopes: scopesOf(caller, body.scopes),
    };
    const effect = async (tx: Tx) => {
      const made = await createOwnKey(tx, wanted);
      if (made === 'outlives')
        throw new InvalidRequest([{ path: 'expiresAt', message: 'must not be after the expiry of your key' }]);
      return { id: made.id, key: made.key, scopes: [...made.scopes], expiresAt: timeOf(made.expiresAt) };
    };
    // The calling key is a part of the request: a repeat by another key must not get a key with more scopes than it has.
    const answer = await once(c, deps, { request: { by: caller.keyId, body }, secret: true, effect });
    deps.log.info({ key: answer.id, account: caller.accountId, by: caller.keyId }, 'a customer made a key');
    return c.json(answer, 201);
  },
);

const revoke = defineRoute(
  {
    method: 'delete',
    path: '/v1/keys/{id}',
    scope: 'keys:manage',
    tags,
    summary: 'Revoke a key of yours at once; it cannot be enabled again',
    description: 'A key may revoke itself.',
    request: { params: idParam },
    responses: answersWith(200, 'The key, revoked', keySchema),
  },
  async (c, deps) => {
    const { accountId, keyId } = c.get('caller');
    const id = readSmallId(c.req.valid('param').id);
    const revoked = await changing(deps, c, async (tx) => {
      const row = await revokeKey(tx, id, accountId);
      if (row === undefined) throw new Refusal('not_found', 'key not found');
      return row;
    });
    deps.log.info({ key: id, account: accountId, by: keyId }, 'a customer revoked a key');
    return c.json(keyView(revoked), 200);
  },
);

export const ownKeyRoutes = [list, create, revoke];
