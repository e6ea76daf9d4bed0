import { z } from '@hono/zod-openapi';
import { type ServiceDay, serviceDays } from '../../db/catalogue/service-days.ts';
import { LIMITS } from '../../domain/limits.ts';
import { rounded } from '../../domain/report/figures.ts';
import { countOf, percentileOf } from '../../domain/report/histogram.ts';
import { reading } from '../limits/reads.ts';
import { daysOf } from '../v1/days.ts';
import { defineRoute } from '../v1/define-route.ts';
import { LARGEST_ID } from '../v1/ids.ts';
import { idsQuery, readIds } from '../v1/queries.ts';
import { answersWith } from '../v1/schemas.ts';

/** The days that are shown, today included. */
const DAYS = 14;

const timesSchema = z
  .object({
    from: z.iso.date(),
    to: z.iso.date().openapi({ description: 'The day after the last one' }),
    data: z.array(
      z.object({
        service: z.int(),
        days: z
          .array(
            z.object({
              day: z.iso.date(),
              completed: z.int().openapi({ description: 'Orders that the time is of' }),
              p50: z.number().openapi({ description: 'Seconds in which half of them were Completed' }),
            }),
          )
          .openapi({ description: 'Without days on which no order was Completed' }),
      }),
    ),
  })
  .openapi('ServiceTimes');

/** The days of one service on which orders were Completed. */
const daysOfOne = (rows: readonly ServiceDay[]) =>
  rows.flatMap(({ day, ends }) => {
    const p50 = percentileOf(ends, 0.5);
    return p50 === null ? [] : [{ day, completed: countOf(ends), p50: rounded(p50, 1) }];
  });

const times = defineRoute(
  {
    method: 'get',
    path: '/v1/services/times',
    scope: 'orders:read',
    tags: ['services'],
    summary: 'How long several services took to Completed, day by day',
    description: `The last ${DAYS} days (UTC), exact to about a tenth, from counts that a schedule renews every ten minutes; without drip-feeds, whose time is planned. A service that is not on sale, or that nothing was Completed of, is left out. Up to ${LIMITS.idsInList} services.`,
    request: { query: z.strictObject({ ids: idsQuery }) },
    responses: answersWith(200, 'The days, oldest first', timesSchema),
  },
  async (c, deps) => {
    const asked = readIds(c.req.valid('query').ids).filter((id) => id <= LARGEST_ID);
    const days = daysOf({}, { usual: DAYS, most: DAYS });
    const rows = await reading(deps, c, (sql) => serviceDays(sql, asked, days));
    const byService = new Map<number, ServiceDay[]>();
    for (const row of rows) byService.set(row.service, [...(byService.get(row.service) ?? []), row]);
    const data = [...byService]
      .map(([service, own]) => ({ service, days: daysOfOne(own) }))
      .filter(({ days }) => days.length > 0);
    return c.json({ ...days, data }, 200);
  },
);

export const serviceTimeRoutes = [times];
