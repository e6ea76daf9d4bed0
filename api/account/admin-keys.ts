import { z } from '@hono/zod-openapi';
import { type KeyRow, listKeys, revokeKey } from '../../db/account/account-keys.ts';
import { accountExists } from '../../db/account/accounts.ts';
import { Refusal } from '../../domain/errors.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam, page, pageQuery, timeOf } from '../v1/schemas.ts';
import { changeByStaff } from './audit.ts';

const tags = ['staff'];
const time = z.iso.datetime().nullable();

export const keySchema = z
  .object({
    id: z.int(),
    account: z.int(),
    prefix: z
      .string()
      .openapi({ description: 'The first characters of the key after hf_; no more of the key is stored readable' }),
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: z.iso.datetime(),
    lastUsedAt: time.openapi({ description: 'When the key was used last, to the minute' }),
    expiresAt: time,
    revokedAt: time,
  })
  .openapi('Key');

export const keyView = ({ createdAt, lastUsedAt, expiresAt, revokedAt, ...row }: KeyRow) => ({
  ...row,
  createdAt: createdAt.toISOString(),
  lastUsedAt: timeOf(lastUsedAt),
  expiresAt: timeOf(expiresAt),
  revokedAt: timeOf(revokedAt),
});

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/accounts/{id}/keys',
    scope: 'admin',
    tags,
    summary: "An account's keys, newest first, without their secrets",
    request: { params: idParam, query: pageQuery({}) },
    responses: answersWith(200, 'A page of keys', page(keySchema)),
  },
  async (c, deps) => {
    const account = readSmallId(c.req.valid('param').id);
    const { limit, cursor } = c.req.valid('query');
    if (!(await reading(deps, c, (sql) => accountExists(sql, account)))) throw new Refusal('unknown_account');
    const rows = await reading(deps, c, (sql) => listKeys(sql, account, decodeCursor(cursor), limit + 1));
    return c.json(
      pageOf(rows, limit, ({ id }) => id, keyView),
      200,
    );
  },
);

const revoke = defineRoute(
  {
    method: 'delete',
    path: '/v1/admin/keys/{id}',
    scope: 'admin',
    tags,
    summary: 'Revoke a key at once; it cannot be enabled again',
    description:
      'To replace a key without a gap, make the new key first: an account may have any number of valid keys.',
    request: { params: idParam },
    responses: answersWith(200, 'The key, revoked', keySchema),
  },
  async (c, deps) => {
    const revoked = await changeByStaff(c, deps, {}, async (tx) => {
      const row = await revokeKey(tx, readSmallId(c.req.valid('param').id));
      if (row === undefined) throw new Refusal('not_found', 'key not found');
      return row;
    });
    return c.json(keyView(revoked), 200);
  },
);

export const adminKeyRoutes = [list, revoke];
