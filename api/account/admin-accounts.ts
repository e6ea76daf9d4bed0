import { createRoute, z } from '@hono/zod-openapi';
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
import type { Deps } from '../deps.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { readSmallId } from '../v1/ids.ts';
import {
  answersWith,
  idempotencyHeader,
  idParam,
  jsonBody,
  moment,
  money,
  page,
  pageQuery,
  problemAnswer,
  routes,
  words,
} from '../v1/routes.ts';

const tags = ['staff'];
const account = z
  .object({ id: z.int(), name: z.string(), balance: z.string(), createdAt: z.iso.datetime() })
  .openapi('Account');

const newAccount = createRoute({
  method: 'post',
  path: '/v1/admin/accounts',
  tags,
  summary: 'Open an account',
  request: { headers: idempotencyHeader, body: jsonBody(z.strictObject({ name: words(LIMITS.name) })) },
  responses: { ...answersWith(201, 'The account', z.object({ id: z.int() })), default: problemAnswer },
});

const list = createRoute({
  method: 'get',
  path: '/v1/admin/accounts',
  tags,
  summary: 'Accounts, newest first',
  request: { query: pageQuery({}) },
  responses: { ...answersWith(200, 'A page of accounts', page(account)), default: problemAnswer },
});

const newKey = createRoute({
  method: 'post',
  path: '/v1/admin/accounts/{id}/keys',
  tags,
  summary: 'Make a key; it is shown this once',
  request: {
    headers: idempotencyHeader,
    params: idParam,
    body: jsonBody(
      z.strictObject({
        name: words(LIMITS.name),
        scopes: z.array(z.enum(SCOPES)).min(1).optional(),
        expiresAt: moment
          .refine((at) => at.getTime() > Date.now(), 'must be in the future')
          .optional()
          .openapi({ description: 'When the key ends by itself; without, never' }),
      }),
    ),
  },
  responses: {
    ...answersWith(201, 'The key', z.object({ id: z.int(), key: z.string() })),
    default: problemAnswer,
  },
});

const newDeposit = createRoute({
  method: 'post',
  path: '/v1/admin/accounts/{id}/deposits',
  tags,
  summary: 'Put money into a wallet; a reference counts once',
  request: {
    headers: idempotencyHeader,
    params: idParam,
    body: jsonBody(
      z.strictObject({
        amount: money.refine((amount) => amount > 0n && amount <= MAX_PRICE, 'must be above 0 and at most 90 billion'),
        reference: words(LIMITS.reference),
      }),
    ),
  },
  responses: {
    ...answersWith(
      201,
      'The deposit, and the balance after it',
      z.object({ account: z.int(), amount: z.string(), balance: z.string(), reference: z.string() }),
    ),
    default: problemAnswer,
  },
});

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

export const adminAccountRoutes = (deps: Deps) =>
  routes()
    .openapi(newAccount, async (c) => {
      const body = c.req.valid('json');
      const effect = async (tx: Tx) => ({ id: await createAccount(tx, body.name) });
      return c.json(await once(c, deps, { request: body, effect }), 201);
    })
    .openapi(list, async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const accounts = await reading(deps, c, (sql) => listAccounts(sql, decodeCursor(cursor), limit + 1));
      return c.json(
        pageOf(accounts, limit, ({ id }) => id, accountView),
        200,
      );
    })
    .openapi(newKey, async (c) => {
      const { id } = c.req.valid('param');
      const body = c.req.valid('json');
      const effect = async (tx: Tx) => createKey(tx, { accountId: await existingAccount(tx, id), ...body });
      return c.json(await once(c, deps, { request: { id, body }, secret: true, effect }), 201);
    })
    .openapi(newDeposit, async (c) => {
      const { id } = c.req.valid('param');
      const { amount, reference } = c.req.valid('json');
      const effect = async (tx: Tx) => {
        const account = await existingAccount(tx, id);
        const balance = await deposit(tx, account, amount, reference).catch((error: unknown) => {
          if (sqlState(error) !== SQLSTATE.stepConflict) throw error;
          throw new Refusal('conflict', 'the reference was used for another amount');
        });
        return { account, amount: formatMoney(amount), balance: formatMoney(balance), reference };
      };
      const request = { id, amount: formatMoney(amount), reference };
      return c.json(await once(c, deps, { request, effect }), 201);
    });
