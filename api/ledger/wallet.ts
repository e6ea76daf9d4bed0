import { z } from '@hono/zod-openapi';
import { listStatement, readBalance, type StatementLine } from '../../db/ledger/statement.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { CSV_NOTE, csvAnswer, lastOf, pagesFrom, wantsCsv, withCsv } from '../http/csv.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, page, pageQuery } from '../v1/schemas.ts';

const line = z
  .object({
    line: z.int().openapi({ description: "Counts the wallet's movements from 1, without a gap" }),
    kind: z.enum(['deposit', 'hold', 'refund', 'correction']),
    amount: z.string().openapi({ description: 'Negative when the money left the wallet', example: '-0.9' }),
    balance: z.string().openapi({ description: 'The balance after this movement' }),
    order: z.int().nullable(),
    note: z.string().nullable(),
    at: z.iso.datetime(),
  })
  .openapi('StatementLine');

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
type Line = ReturnType<typeof lineView>;

const COLUMNS = {
  line: ({ line }: Line) => line,
  kind: ({ kind }: Line) => kind,
  amount: ({ amount }: Line) => amount,
  balance: ({ balance }: Line) => balance,
  order: ({ order }: Line) => order,
  note: ({ note }: Line) => note,
  at: ({ at }: Line) => at,
};

const balance = defineRoute(
  {
    method: 'get',
    path: '/v1/balance',
    scope: 'wallet:read',
    tags: ['wallet'],
    summary: "The wallet's balance",
    responses: answersWith(200, 'The balance', z.object({ balance: z.string(), currency: z.string() })),
  },
  async (c, deps) => {
    const held = await reading(deps, c, (sql) => readBalance(sql, c.get('caller').accountId));
    return c.json({ balance: formatMoney(held), currency: deps.config.CURRENCY }, 200);
  },
);

const statement = defineRoute(
  {
    method: 'get',
    path: '/v1/statement',
    scope: 'wallet:read',
    tags: ['wallet'],
    summary: "The wallet's movements, newest first",
    description: CSV_NOTE,
    request: { query: pageQuery({}) },
    responses: withCsv(answersWith(200, 'A page of movements', page(line))),
  },
  async (c, deps) => {
    const { limit, cursor } = c.req.valid('query');
    const { accountId } = c.get('caller');
    if (wantsCsv(c)) {
      return csvAnswer(c, deps, {
        name: 'statement',
        columns: COLUMNS,
        pages: pagesBefore(deps, c, decodeCursor(cursor)),
      });
    }
    const lines = await reading(deps, c, (sql) => listStatement(sql, accountId, decodeCursor(cursor), limit + 1));
    return c.json(
      pageOf(lines, limit, (row) => row.line, lineView),
      200,
    );
  },
);

/** All movements before a line, page by page. */
function pagesBefore(deps: Deps, c: ApiContext, line: number | undefined): AsyncIterator<readonly Line[], void> {
  const { accountId } = c.get('caller');
  return pagesFrom(line, async (before) => {
    const rows = await reading(deps, c, (sql) => listStatement(sql, accountId, before, LIMITS.csvPage));
    return { rows: rows.map(lineView), next: lastOf(rows, (row) => row.line) };
  });
}

export const walletRoutes = [balance, statement];
