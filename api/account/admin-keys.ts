import { listKeys, revokeKey } from '../../db/account/account-keys.ts';
import { accountExists } from '../../db/account/accounts.ts';
import { Refusal } from '../../domain/errors.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam, page, pageQuery } from '../v1/schemas.ts';
import { changeByStaff } from './audit.ts';
import { keySchema, keyView } from './key-view.ts';

const tags = ['staff'];
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
