import { z } from '@hono/zod-openapi';
import { listKeys } from '../../db/account/account-keys.ts';
import { type AccountRow, listAccounts, readAccount } from '../../db/account/account-views.ts';
import { accountExists, createAccount, createKey, SCOPES } from '../../db/account/accounts.ts';
import type { Sql, Tx } from '../../db/client.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { ORDER_STATUSES } from '../../domain/order/status.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam, jsonBody, page, pageQuery, printableText, timestamp } from '../v1/schemas.ts';
import { keySchema, keyView } from './key-view.ts';

const tags = ['staff'];
const account = z
  .object({ id: z.int(), name: z.string(), balance: z.string(), createdAt: z.iso.datetime() })
  .openapi('Account');

const accountFile = z
  .object({
    ...account.shape,
    held: z.string().openapi({ description: 'What is held for its open orders' }),
    currency: z.string(),
    orders: z.record(z.enum(ORDER_STATUSES), z.int()).openapi({
      description: `How many orders have each status. ${LIMITS.ordersCounted} means that many or more`,
    }),
    keys: z.array(keySchema).openapi({ description: `The last ${LIMITS.keysShown}, newest first` }),
  })
  .openapi('AccountFile');

/** @throws Refusal `unknown_account`. */
export async function existingAccount(sql: Sql | Tx, text: string): Promise<number> {
  const id = readSmallId(text);
  if (!(await accountExists(sql, id))) throw new Refusal('unknown_account');
  return id;
}

const accountView = ({ id, name, balance, createdAt }: AccountRow) => ({
  id,
  name,
  balance: formatMoney(balance),
  createdAt: createdAt.toISOString(),
});

const newAccount = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/accounts',
    scope: 'admin',
    tags,
    summary: 'Open an account',
    idempotency: 'required',
    request: { body: jsonBody(z.strictObject({ name: printableText(LIMITS.name) })) },
    responses: answersWith(201, 'The account', z.object({ id: z.int() })),
  },
  async (c, deps) => {
    const body = c.req.valid('json');
    const effect = async (tx: Tx) => ({ id: await createAccount(tx, body.name) });
    return c.json(await once(c, deps, { request: body, effect }), 201);
  },
);

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/accounts',
    scope: 'admin',
    tags,
    summary: 'Accounts, newest first',
    request: {
      query: pageQuery({
        search: printableText(LIMITS.name).optional().openapi({
          description:
            'The id of an account, or the beginning of its name in any case of letters. Found by name, accounts are sorted by name',
        }),
      }),
    },
    responses: answersWith(200, 'A page of accounts', page(account)),
  },
  async (c, deps) => {
    const { limit, cursor, search } = c.req.valid('query');
    const filter = { search, after: decodeCursor(cursor) };
    const accounts = await reading(deps, c, (sql) => listAccounts(sql, filter, limit + 1));
    return c.json(
      pageOf(accounts, limit, ({ id }) => id, accountView),
      200,
    );
  },
);

const get = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/accounts/{id}',
    scope: 'admin',
    tags,
    summary: 'One account with its wallet, its orders by status, and its latest keys',
    request: { params: idParam },
    responses: answersWith(200, 'The account', accountFile),
  },
  async (c, deps) => {
    const id = readSmallId(c.req.valid('param').id);
    const [row, keys] = await reading(deps, c, (sql) =>
      Promise.all([readAccount(sql, id, LIMITS.ordersCounted), listKeys(sql, id, undefined, LIMITS.keysShown)]),
    );
    if (row === undefined) throw new Refusal('unknown_account');
    const file = {
      ...accountView(row),
      held: formatMoney(row.held),
      currency: deps.config.CURRENCY,
      orders: row.orders,
      keys: keys.map(keyView),
    };
    return c.json(file, 200);
  },
);

const newKey = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/accounts/{id}/keys',
    scope: 'admin',
    tags,
    summary: 'Make a key; only this answer shows it',
    idempotency: 'required',
    request: {
      params: idParam,
      body: jsonBody(
        z.strictObject({
          name: printableText(LIMITS.name),
          scopes: z.array(z.enum(SCOPES)).min(1).optional(),
          expiresAt: timestamp
            .refine((at) => at.getTime() > Date.now(), 'must be in the future')
            .optional()
            .openapi({ description: 'When the key expires; without it the key never expires' }),
        }),
      ),
    },
    responses: answersWith(201, 'The key', z.object({ id: z.int(), key: z.string() })),
  },
  async (c, deps) => {
    const { id } = c.req.valid('param');
    const body = c.req.valid('json');
    const effect = async (tx: Tx) => createKey(tx, { accountId: await existingAccount(tx, id), ...body });
    return c.json(await once(c, deps, { request: { id, body }, secret: true, effect }), 201);
  },
);

export const adminAccountRoutes = [newAccount, list, get, newKey];
