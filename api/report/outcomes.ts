import { z } from '@hono/zod-openapi';
import { type Outcomes, outcomesBy } from '../../db/report/reports.ts';
import { LIMITS } from '../../domain/limits.ts';
import { shareOf } from '../../domain/report/figures.ts';
import { CSV_DATA_NOTE, csvAnswer, onlyPage, wantsCsv, withCsv } from '../http/csv.ts';
import { reading } from '../limits/reads.ts';
import { daysOf, daysQuery } from '../v1/days.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith } from '../v1/schemas.ts';

const tags = ['staff'];
const DAYS = { usual: 30, most: LIMITS.reportDays };

const share = z.number().nullable().openapi({ description: 'From 0 to 1; null without orders', example: 0.025 });
const outcomesRow = z.object({
  id: z.int().nullable().openapi({ description: 'Of the service or provider; null: orders that went to several' }),
  name: z.string().nullable(),
  ended: z.int(),
  completed: z.int(),
  partial: z.int(),
  canceled: z.int(),
  refills: z.int().openapi({ description: 'Refills that were requested on these days' }),
  partialShare: share,
  canceledShare: share,
  refillShare: share.openapi({ description: 'refills for each Completed order' }),
});

type OutcomesRow = z.output<typeof outcomesRow>;

const OUTCOMES_COLUMNS = {
  id: ({ id }: OutcomesRow) => id,
  name: ({ name }: OutcomesRow) => name,
  ended: ({ ended }: OutcomesRow) => ended,
  completed: ({ completed }: OutcomesRow) => completed,
  partial: ({ partial }: OutcomesRow) => partial,
  canceled: ({ canceled }: OutcomesRow) => canceled,
  refills: ({ refills }: OutcomesRow) => refills,
  partialShare: ({ partialShare }: OutcomesRow) => partialShare,
  canceledShare: ({ canceledShare }: OutcomesRow) => canceledShare,
  refillShare: ({ refillShare }: OutcomesRow) => refillShare,
};

function outcomesView({ id, name, completed, partial, canceled, refills }: Outcomes) {
  const ended = completed + partial + canceled;
  return {
    ...{ id: id === 0 ? null : id, name, ended, completed, partial, canceled, refills },
    partialShare: shareOf(partial, ended),
    canceledShare: shareOf(canceled, ended),
    refillShare: shareOf(refills, completed),
  };
}

const outcomes = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/reports/outcomes',
    scope: 'admin',
    tags,
    summary: 'How orders ended by service or provider: shares Partial, Canceled and refilled',
    description: `Of the orders that ended on these days (UTC), from counts that a schedule renews every ten minutes. Orders that no provider had are in by=service alone. At most ${LIMITS.reportDays} days, and the ${LIMITS.reportRows} rows with the most orders. ${CSV_DATA_NOTE}`,
    request: {
      query: z.strictObject({ ...daysQuery(DAYS.usual), by: z.enum(['service', 'provider']).default('service') }),
    },
    responses: withCsv(
      answersWith(
        200,
        'The report',
        z
          .object({
            from: z.iso.date(),
            to: z.iso.date(),
            by: z.enum(['service', 'provider']),
            data: z.array(outcomesRow),
          })
          .openapi('OutcomesReport'),
      ),
    ),
  },
  async (c, deps) => {
    const { by, ...given } = c.req.valid('query');
    const days = daysOf(given, DAYS);
    const rows = await reading(deps, c, (sql) => outcomesBy(sql, by, days, LIMITS.reportRows));
    const data = rows.map(outcomesView);
    if (wantsCsv(c)) {
      return csvAnswer(c, deps, { name: `outcomes-by-${by}`, columns: OUTCOMES_COLUMNS, pages: onlyPage(data) });
    }
    return c.json({ ...days, by, data }, 200);
  },
);

export const outcomeRoutes = [outcomes];
