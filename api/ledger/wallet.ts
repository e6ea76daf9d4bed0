import { z } from '@hono/zod-openapi';
import { accountExists } from '../../db/account/accounts.ts';
import { listStatement, readBalance, type StatementLine, walletTotals } from '../../db/ledger/statement.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { CSV_NOTE, csvAnswer, lastOf, pagesFrom, wantsCsv, withCsv } from '../http/csv.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { daysOf, daysQuery } from '../v1/days.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam, page, pageQuery, timestamp } from '../v1/schemas.ts';

const line = z
  .object({
    line: z.int().openapi({ description: "Counts the wallet's movements from 1, without a gap" }),
    kind: z.enum(['deposit', 'debit', 'hold', 'refund', 'correction']),
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

/** Which movements of a wallet are asked for. */
interface Asked {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const statementQuery = pageQuery({ from: timestamp.optional(), to: timestamp.optional() });
const statementAnswers = withCsv(answersWith(200, 'A page of movements', page(line)));

/** A page of an account's movements. */
async function statementPage(deps: Deps, c: ApiContext, account: number, { limit, cursor, ...span }: Asked) {
  const before = decodeCursor(cursor);
  const lines = await reading(deps, c, (sql) => listStatement(sql, account, { ...span, before }, limit + 1));
  return pageOf(lines, limit, (row) => row.line, lineView);
}

/** All of an account's movements from the cursor on, as a file. */
function statementFile(deps: Deps, c: ApiContext, account: number, { limit: _, cursor, ...span }: Asked) {
  const pages = pagesFrom(decodeCursor(cursor), async (before) => {
    const rows = await reading(deps, c, (sql) => listStatement(sql, account, { ...span, before }, LIMITS.csvPage));
    return { rows: rows.map(lineView), next: lastOf(rows, (row) => row.line) };
  });
  return csvAnswer(c, deps, { name: 'statement', columns: COLUMNS, pages });
}

const statement = defineRoute(
  {
    method: 'get',
    path: '/v1/statement',
    scope: 'wallet:read',
    tags: ['wallet'],
    summary: "The wallet's movements, newest first",
    description: CSV_NOTE,
    request: { query: statementQuery },
    responses: statementAnswers,
  },
  async (c, deps) => {
    const [asked, { accountId }] = [c.req.valid('query'), c.get('caller')];
    if (wantsCsv(c)) return statementFile(deps, c, accountId, asked);
    return c.json(await statementPage(deps, c, accountId, asked), 200);
  },
);

const statementOfAccount = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/accounts/{id}/statement',
    scope: 'admin',
    tags: ['staff'],
    summary: "An account's movements of its wallet, newest first",
    description: `The same as the customer's own \`GET /v1/statement\`. ${CSV_NOTE}`,
    request: { params: idParam, query: statementQuery },
    responses: statementAnswers,
  },
  async (c, deps) => {
    const [asked, id] = [c.req.valid('query'), readSmallId(c.req.valid('param').id)];
    if (!(await reading(deps, c, (sql) => accountExists(sql, id)))) throw new Refusal('unknown_account');
    if (wantsCsv(c)) return statementFile(deps, c, id, asked);
    return c.json(await statementPage(deps, c, id, asked), 200);
  },
);

const DAYS = { usual: 7, most: LIMITS.statementDays };

const totalsSchema = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    currency: z.string(),
    deposited: z.string(),
    debited: z.string().openapi({ description: 'What staff took out of the wallet' }),
    charged: z.string().openapi({ description: 'What was taken for orders' }),
    refunded: z.string().openapi({ description: 'What was given back for orders, also for those placed earlier' }),
    spent: z.string().openapi({ description: 'charged − refunded; negative when more was given back', example: '0.9' }),
  })
  .openapi('StatementTotals');

const totals = defineRoute(
  {
    method: 'get',
    path: '/v1/statement/totals',
    scope: 'wallet:read',
    tags: ['wallet'],
    summary: 'What moved in the wallet in some days',
    description: `The sums of the movements that \`GET /v1/statement\` lists from the beginning of \`from\` to the beginning of \`to\`, in UTC; exact up to the moment. At most ${LIMITS.statementDays} days.`,
    request: { query: z.strictObject(daysQuery(DAYS.usual)) },
    responses: answersWith(200, 'The sums', totalsSchema),
  },
  async (c, deps) => {
    const days = daysOf(c.req.valid('query'), DAYS);
    const span = { from: new Date(days.from), to: new Date(days.to) };
    const sums = await reading(deps, c, (sql) => walletTotals(sql, c.get('caller').accountId, span));
    const body = {
      ...days,
      currency: deps.config.CURRENCY,
      deposited: formatMoney(sums.deposited),
      debited: formatMoney(sums.debited),
      charged: formatMoney(sums.charged),
      refunded: formatMoney(sums.refunded),
      spent: formatMoney(sums.charged - sums.refunded),
    };
    return c.json(body, 200);
  },
);

export const walletRoutes = [balance, statement, totals, statementOfAccount];
