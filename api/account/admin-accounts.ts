import { z } from '@hono/zod-openapi';
import {
  type AccountRow,
  accountExists,
  createAccount,
  createKey,
  listAccounts,
  SCOPES,
} from '../../db/account/accounts.ts';
import type { Tx } from '../../db/client.ts';
import { sqlState } from '../../db/errors.ts';
import { deposit, SQLSTATE } from '../../db/ledger/ledger.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatMoney, MAX_PRICE } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam, jsonBody, money, page, pageQuery, printableText, timestamp } from '../v1/schemas.ts';

const tags = ['staff'];
const account = z
  .object({ id: z.int(), name: z.string(), balance: z.string(), createdAt: z.iso.datetime() })
  .openapi('Account');

/** @throws Refusal `unknown_account`. */
async function existingAccount(tx: Tx, text: string): Promise<number> {
  const id = readSmallId(text);
  if (!(await accountExists(tx, id))) throw new Refusal('unknown_account');
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
    request: { query: pageQuery({}) },
    responses: answersWith(200, 'A page of accounts', page(account)),
  },
  async (c, deps) => {
    const { limit, cursor } = c.req.valid('query');
    const accounts = await reading(deps, c, (sql) => listAccounts(sql, decodeCursor(cursor), limit + 1));
    return c.json(
      pageOf(accounts, limit, ({ id }) => id, accountView),
      200,
    );
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

const newDeposit = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/accounts/{id}/deposits',
    scope: 'admin',
    tags,
    summary: 'Put money into a wallet, once for each reference',
    idempotency: 'required',
    request: {
      params: idParam,
      body: jsonBody(
        z.strictObject({
          amount: money.refine(
            (amount) => amount > 0n && amount <= MAX_PRICE,
            'must be above 0 and at most 90 billion',
          ),
          reference: printableText(LIMITS.reference),
        }),
      ),
    },
    responses: answersWith(
      201,
      'The deposit, and the balance after it',
      z.object({ account: z.int(), amount: z.string(), balance: z.string(), reference: z.string() }),
    ),
  },
  async (c, deps) => {
    const { id } = c.req.valid('param');
    const { amount, reference } = c.req.valid('json');
    const effect = async (tx: Tx) => {
      const account = await existingAccount(tx, id);
      const balance = await deposit(tx, account, amount, reference).catch((error: unknown) => {
        if (sqlState(error) !== SQLSTATE.stepConflict) throw error;
        throw new Refusal('conflict', 'the reference was used for another amount; use another reference');
      });
      return { account, amount: formatMoney(amount), balance: formatMoney(balance), reference };
    };
    const request = { id, amount: formatMoney(amount), reference };
    return c.json(await once(c, deps, { request, effect }), 201);
  },
);

export const adminAccountRoutes = [newAccount, list, newKey, newDeposit];
