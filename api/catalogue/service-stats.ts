import { z } from '@hono/zod-openapi';
import { type KeptStats, keptStatsOf, STATS_DAYS } from '../../db/catalogue/service-stats.ts';
import { Refusal } from '../../domain/errors.ts';
import { rounded, shareOf } from '../../domain/report/figures.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { LARGEST_ID, readSmallId } from '../v1/ids.ts';
import { perApp } from '../v1/per-app.ts';
import { idsQuery, readIds } from '../v1/queries.ts';
import { answersWith, idParam } from '../v1/schemas.ts';
import { createServiceFigures } from './service-figures.ts';

const seconds = z.number().nullable();
const share = z
  .number()
  .nullable()
  .openapi({ description: 'The share of the orders that ended, from 0 to 1', example: 0.025 });

const serviceStats = z
  .object({
    service: z.int(),
    asOf: z.iso.datetime().openapi({ description: 'When the figures were computed; they are kept for some minutes' }),
    days: z.int().openapi({ description: 'How many days of ended orders the figures cover' }),
    ended: z.int(),
    completedSeconds: z
      .object({ average: seconds, p50: seconds, p95: seconds })
      .openapi({ description: 'From the start of an order to Completed; without drip-feeds, whose time is planned' }),
    partialShare: share,
    canceledShare: share,
    running: z.int().openapi({ description: 'Orders of the service that have not ended' }),
    itemsPerHour: z.number().openapi({ description: 'Average over the last day' }),
    load: z
      .array(z.object({ route: z.int(), runningBatches: z.int() }))
      .readonly()
      .openapi({ description: 'Running batches on each route, in order of preference' }),
  })
  .openapi('ServiceStats');

function statsView(service: number, row: KeptStats) {
  const { asOf, average, p50, p95, ended, partial, canceled, running, itemsPerHour, load } = row;
  return {
    service,
    asOf: asOf.toISOString(),
    days: STATS_DAYS,
    ended,
    completedSeconds: {
      average: rounded(average, 1),
      p50: rounded(p50, 1),
      p95: rounded(p95, 1),
    },
    partialShare: shareOf(partial, ended),
    canceledShare: shareOf(canceled, ended),
    running,
    itemsPerHour: rounded(itemsPerHour, 2),
    load,
  };
}

const figuresOf = perApp(createServiceFigures);

const stats = defineRoute(
  {
    method: 'get',
    path: '/v1/services/{id}/stats',
    scope: 'orders:read',
    tags: ['services'],
    summary: 'How fast and how well a service has been delivered lately',
    request: { params: idParam },
    responses: answersWith(200, `Over the last ${STATS_DAYS} days`, serviceStats),
  },
  async (c, deps) => {
    const id = readSmallId(c.req.valid('param').id);
    const row = await figuresOf(deps)(c, id);
    if (row === undefined) throw new Refusal('not_found', 'service not found');
    return c.json(statsView(id, row), 200);
  },
);

const statsOfMany = defineRoute(
  {
    method: 'get',
    path: '/v1/services/stats',
    scope: 'orders:read',
    tags: ['services'],
    summary: 'How fast and how well several services have been delivered lately',
    request: { query: z.strictObject({ ids: idsQuery }) },
    responses: answersWith(
      200,
      `Over the last ${STATS_DAYS} days, by id`,
      z.object({
        data: z.array(serviceStats),
        missing: z.array(z.int()).openapi({
          description:
            'Services that are not on sale, or whose figures have not been computed yet: those of one service are computed when you ask for them alone',
        }),
      }),
    ),
  },
  async (c, deps) => {
    const asked = readIds(c.req.valid('query').ids);
    const known = asked.filter((id) => id <= LARGEST_ID);
    const rows = await reading(deps, c, (sql) => keptStatsOf(sql, known));
    const found = new Set(rows.map(({ service }) => service));
    const data = rows.map(({ service, ...row }) => statsView(service, row));
    return c.json({ data, missing: asked.filter((id) => !found.has(id)) }, 200);
  },
);

export const serviceStatsRoutes = [stats, statsOfMany];
