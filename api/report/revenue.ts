import { z } from '@hono/zod-openapi';
import { type Money, moneyBy, moneyByDay, moneyTotal, REPORT_PARTS } from '../../db/report/reports.ts';
import { formatMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { CSV_DATA_NOTE, csvAnswer, onlyPage, wantsCsv, withCsv } from '../http/csv.ts';
import { reading } from '../limits/reads.ts';
import { daysOf, daysQuery } from '../v1/days.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, timeOf } from '../v1/schemas.ts';

const DAYS = { usual: 30, most: LIMITS.reportDays };

const money = {
  revenue: z.string().openapi({ description: 'What was charged, less what was given back later' }),
  cost: z.string().openapi({ description: "The providers' charges, less what they took back" }),
  loss: z.string().openapi({ description: 'Orders of providers that no customer pays for' }),
  margin: z.string().openapi({ description: 'revenue − cost − loss; negative when it cost more' }),
};
const row = z.object({
  day: z.iso.date().nullable().openapi({ description: 'by=day; otherwise null' }),
  id: z.int().nullable().openapi({ description: 'Of the service, provider or account; otherwise null' }),
  name: z.string().nullable(),
  ...money,
});

type Row = z.output<typeof row>;

const COLUMNS = {
  day: ({ day }: Row) => day,
  id: ({ id }: Row) => id,
  name: ({ name }: Row) => name,
  revenue: ({ revenue }: Row) => revenue,
  cost: ({ cost }: Row) => cost,
  loss: ({ loss }: Row) => loss,
  margin: ({ margin }: Row) => margin,
};

const moneyView = ({ revenue, cost, loss }: Money) => ({
  revenue: formatMoney(revenue),
  cost: formatMoney(cost),
  loss: formatMoney(loss),
  margin: formatMoney(revenue - cost - loss),
});

const report = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    by: z.enum(['day', ...REPORT_PARTS]),
    currency: z.string(),
    asOf: z.iso.datetime().nullable().openapi({ description: 'null: nothing was counted yet' }),
    total: z.object(money),
    data: z.array(row),
  })
  .openapi('RevenueReport');

const revenue = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/reports/revenue',
    scope: 'admin',
    tags: ['staff'],
    summary: 'Revenue, cost and margin by day, service, provider or account',
    description: `From totals that a schedule keeps: \`asOf\` says up to when. Money counts on the day (UTC) on which the ledger moved it. by=provider: the cost is each provider's own; the revenue of an order that went to several providers has id null. At most ${LIMITS.reportDays} days, and the ${LIMITS.reportRows} rows with the most revenue; \`total\` has all. ${CSV_DATA_NOTE}`,
    request: {
      query: z.strictObject({ ...daysQuery(DAYS.usual), by: z.enum(['day', ...REPORT_PARTS]).default('day') }),
    },
    responses: withCsv(answersWith(200, 'The report', report)),
  },
  async (c, deps) => {
    const { by, ...given } = c.req.valid('query');
    const days = daysOf(given, DAYS);
    const data: Row[] =
      by === 'day'
        ? (await reading(deps, c, (sql) => moneyByDay(sql, days))).map(({ day, ...rest }) => ({
            ...{ day, id: null, name: null },
            ...moneyView(rest),
          }))
        : (await reading(deps, c, (sql) => moneyBy(sql, by, days, LIMITS.reportRows))).map(({ id, name, ...rest }) => ({
            ...{ day: null, id: id === 0 ? null : id, name },
            ...moneyView(rest),
          }));
    if (wantsCsv(c)) return csvAnswer(c, deps, { name: `revenue-by-${by}`, columns: COLUMNS, pages: onlyPage(data) });
    const { asOf, ...total } = await reading(deps, c, (sql) => moneyTotal(sql, days));
    const { CURRENCY: currency } = deps.config;
    return c.json({ ...days, by, currency, asOf: timeOf(asOf), total: moneyView(total), data }, 200);
  },
);

export const revenueRoutes = [revenue];
