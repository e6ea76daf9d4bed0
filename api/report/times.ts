import { z } from '@hono/zod-openapi';
import { type Days, type TimesRow, timesOf } from '../../db/report/reports.ts';
import { LIMITS } from '../../domain/limits.ts';
import { rounded } from '../../domain/report/figures.ts';
import { addUp, countOf, type Histogram, percentileOf } from '../../domain/report/histogram.ts';
import { CSV_DATA_NOTE, csvAnswer, onlyPage, wantsCsv, withCsv } from '../http/csv.ts';
import { reading } from '../limits/reads.ts';
import { daysBefore, daysOf, daysQuery } from '../v1/days.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith } from '../v1/schemas.ts';

/** The report also reads the weeks before it. */
const DAYS = { usual: 7, most: 31 };
const WEEK = 7;

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

type Period = z.output<z.ZodObject<typeof period>>;

/** A line of the CSV file: a service in the report's own days, or in one of the weeks before. */
interface Line extends Period {
  readonly id: number;
  readonly name: string | null;
  readonly from: string;
  readonly to: string;
}

const COLUMNS = {
  id: ({ id }: Line) => id,
  name: ({ name }: Line) => name,
  from: ({ from }: Line) => from,
  to: ({ to }: Line) => to,
  startOrders: ({ startSeconds }: Line) => startSeconds.orders,
  startSecondsP50: ({ startSeconds }: Line) => startSeconds.p50,
  startSecondsP95: ({ startSeconds }: Line) => startSeconds.p95,
  completedOrders: ({ completedSeconds }: Line) => completedSeconds.orders,
  completedSecondsP50: ({ completedSeconds }: Line) => completedSeconds.p50,
  completedSecondsP95: ({ completedSeconds }: Line) => completedSeconds.p95,
};

/** The lines of a service: its report, then the weeks before, the last one first. */
const linesOf = ({ id, name, weeksBefore, ...own }: z.output<typeof timesRow>, days: Days): Line[] =>
  [{ ...days, ...own }, ...weeksBefore].map((one) => ({ id, name, ...one }));

const figures = (histograms: readonly Histogram[]) => {
  const counts = histograms.reduce<Histogram>(addUp, []);
  const [p50, p95] = [percentileOf(counts, 0.5), percentileOf(counts, 0.95)];
  return { orders: countOf(counts), p50: rounded(p50, 1), p95: rounded(p95, 1) };
};
const periodView = (row: TimesRow | undefined) => ({
  startSeconds: figures(row?.starts ?? []),
  completedSeconds: figures(row?.ends ?? []),
});

const times = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/reports/times',
    scope: 'admin',
    tags: ['staff'],
    summary: 'Time to the start and to Completed by service, beside its own last weeks',
    description: `Of the orders that ended on these days (UTC), exact to about a tenth, from counts that a schedule renews every ten minutes. At most ${DAYS.most} days, and the ${LIMITS.reportRows} services with the most orders. The alert service_slow compares the last day with the weeks before. ${CSV_DATA_NOTE} Each service has one line for these days and one for each of the weeks before.`,
    request: { query: z.strictObject(daysQuery(DAYS.usual)) },
    responses: withCsv(
      answersWith(
        200,
        'The report',
        z.object({ from: z.iso.date(), to: z.iso.date(), data: z.array(timesRow) }).openapi('TimesReport'),
      ),
    ),
  },
  async (c, deps) => {
    const days = daysOf(c.req.valid('query'), DAYS);
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
    if (wantsCsv(c)) {
      const lines = data.flatMap((row) => linesOf(row, days));
      return csvAnswer(c, deps, { name: 'times', columns: COLUMNS, pages: onlyPage(lines) });
    }
    return c.json({ ...days, data }, 200);
  },
);

export const timesRoutes = [times];
