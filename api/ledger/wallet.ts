import { createRoute, z } from '@hono/zod-openapi';
import { listStatement, readBalance, type StatementLine } from '../../db/ledger/statement.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import type { Deps } from '../deps.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { answersWith, page, pageQuery, problemAnswer, routes } from '../v1/routes.ts';

const line = z
  .object({
    line: z.int().openapi({ description: "Counts the wallet's movements from 1, without a gap" }),
    kind: z.enum(['deposit', 'hold', 'refund', 'correction']),
    amount: z.string().openapi({ description: 'Negative when it left the wallet', example: '-0.9' }),
    balance: z.string().openapi({ description: 'After this movement' }),
    order: z.int().nullable(),
    note: z.string().nullable(),
    at: z.iso.datetime(),
  })
  .openapi('StatementLine');

const balance = createRoute({
  method: 'get',
  path: '/v1/balance',
  tags: ['wallet'],
  summary: 'What the wallet holds',
  responses: {
    ...answersWith(200, 'The balance', z.object({ balance: z.string(), currency: z.string() })),
    default: problemAnswer,
  },
});

const statement = createRoute({
  method: 'get',
  path: '/v1/statement',
  tags: ['wallet'],
  summary: "The wallet's movements, newest first",
  request: { query: pageQuery({}) },
  responses: { ...answersWith(200, 'A page of movements', page(line)), default: problemAnswer },
});

const lineView = ({ line, kind, amount, balance, order, note, at }: StatementLine) => ({
  line,
  kind: kind as z.infer<typeof lineKind>,
  amount: formatMoney(amount),
  balance: formatMoney(balance),
  order,
  note,
  at: at.toISOString(),
});
const lineKind = line.shape.kind;

export const walletRoutes = (deps: Deps) =>
  routes()
    .openapi(balance, async (c) => {
      const held = await reading(deps, c, (sql) => readBalance(sql, c.get('caller').accountId));
      return c.json({ balance: formatMoney(held), currency: deps.config.CURRENCY }, 200);
    })
    .openapi(statement, async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const { accountId } = c.get('caller');
      const lines = await reading(deps, c, (sql) => listStatement(sql, accountId, decodeCursor(cursor), limit + 1));
      return c.json(
        pageOf(lines, limit, (row) => row.line, lineView),
        200,
      );
    });
