import { z } from '@hono/zod-openapi';
import { type Outcomes, outcomesBy, type TimesRow, timesOf } from '../../db/report/reports.ts';
import { LIMITS } from '../../domain/limits.ts';
import { addUp, countOf, type Histogram, percentileOf } from '../../domain/report/histogram.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith } from '../v1/schemas.ts';
import { daysBefore, daysOf, daysQuery } from './report-query.ts';

const tags = ['staff'];
const DAYS = { usual: 30, most: LIMITS.reportDays };
/** A report about times also reads the weeks before it. */
const TIMES = { usual: 7, most: 31 };
const WEEK = 7;

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

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : Number((part / whole).toFixed(4)));

function outcomesView({ id, name, completed, partial, canceled, refills }: Outcomes) {
  const ended = completed + partial + canceled;
  return {
    ...{ id: id === 0 ? null : id, name, ended, completed, partial, canceled, refills },
    partialShare: ratio(partial, ended),
    canceledShare: ratio(canceled, ended),
    refillShare: ratio(refills, completed),
  };
}

const outcomes = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/reports/outcomes',
    scope: 'admin',
    tags,
    summary: 'How orders ended by service or provider: shares Partial, Canceled and refilled',
    description: `Of the orders that ended on these days (UTC), from counts that a schedule renews every ten minutes. Orders that no provider had are in by=service alone. At most ${LIMITS.reportDays} days, and the ${LIMITS.reportRows} rows with the most orders.`,
    request: {
      query: z.strictObject({ ...daysQuery(DAYS.usual), by: z.enum(['service', 'provider']).default('service') }),
    },
    responses: answersWith(
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
  },
  async (c, deps) => {
    const { by, ...given } = c.req.valid('query');
    const days = daysOf(given, DAYS);
    const rows = await reading(deps, c, (sql) => outcomesBy(sql, by, days, LIMITS.reportRows));
    return c.json({ ...days, by, data: rows.map(outcomesView) }, 200);
  },
);

const seconds = z.object({ orders: z.int(), p50: z.number().nullable(), p95: z.number().nullable() });
const period = {
  startSeconds: seconds.openapi({ description: 'From the placing, or the scheduled start, to In progress' }),
  completedSeconds: seconds.openapi({ description: 'From there to Completed; without drip-feeds' }),
};
const timesRow = z.object({
  id: z.int(),
  name: z.string().nullable(),
  ...period,
  weeksBefore: z
    .array(z.object({ from: z.iso.date(), to: z.iso.date(), ...period }))
    .openapi({ description: 'The weeks before `from`, the last one first' }),
});

const figures = (histograms: readonly Histogram[]) => {
  const counts = histograms.reduce<Histogram>(addUp, []);
  const [p50, p95] = [0.5, 0.95].map((part) => percentileOf(counts, part));
  return { orders: countOf(counts), p50: rounded(p50), p95: rounded(p95) };
};
const rounded = (value: number | null | undefined): number | null => (value == null ? null : Number(value.toFixed(1)));
const periodView = (row: TimesRow | undefined) => ({
  startSeconds: figures(row?.starts ?? []),
  completedSeconds: figures(row?.ends ?? []),
});

const times = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/reports/times',
    scope: 'admin',
    tags,
    summary: 'Time to the start and to Completed by service, beside its own last weeks',
    description: `Of the orders that ended on these days (UTC), exact to about a tenth, from counts that a schedule renews every ten minutes. At most ${TIMES.most} days, and the ${LIMITS.reportRows} services with the most orders. The alert service_slow compares the last day with the weeks before.`,
    request: { query: z.strictObject(daysQuery(TIMES.usual)) },
    responses: answersWith(
      200,
      'The report',
      z.object({ from: z.iso.date(), to: z.iso.date(), data: z.array(timesRow) }).openapi('TimesReport'),
    ),
  },
  async (c, deps) => {
    const days = daysOf(c.req.valid('query'), TIMES);
    const rows = await reading(deps, c, (sql) => timesOf(sql, days, LIMITS.reportWeeks, LIMITS.reportRows));
    const data = rows
      .filter(({ period }) => period === 0)
      .map((row) => ({
        id: row.id,
        name: row.name,
        ...periodView(row),
        weeksBefore: Array.from({ length: LIMITS.reportWeeks }, (_, week) => ({
          from: daysBefore(days.from, WEEK * (week + 1)),
          to: daysBefore(days.from, WEEK * week),
          ...periodView(rows.find((one) => one.id === row.id && one.period === week + 1)),
        })),
      }));
    return c.json({ ...days, data }, 200);
  },
);

export const outcomeRoutes = [outcomes, times];
