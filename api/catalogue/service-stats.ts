import { createRoute, z } from '@hono/zod-openapi';
import { STATS_DAYS } from '../../db/catalogue/service-stats.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Deps } from '../deps.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam, problemAnswer, routes } from '../v1/routes.ts';
import { createServiceFigures } from './service-figures.ts';

const seconds = z.number().nullable();
const share = z.number().nullable().openapi({ description: 'Of the orders that ended; 0 to 1', example: 0.025 });

const serviceStats = z
  .object({
    service: z.int(),
    asOf: z.iso.datetime().openapi({ description: 'When the figures were worked out; they are kept for some minutes' }),
    days: z.int().openapi({ description: 'How many days back orders that ended are counted' }),
    ended: z.int(),
    completedSeconds: z
      .object({ average: seconds, p50: seconds, p95: seconds })
      .openapi({ description: 'From the start of an order to Completed; drip-feeds, whose time is their plan, aside' }),
    partialShare: share,
    canceledShare: share,
    running: z.int().openapi({ description: 'Orders of the service that have not ended' }),
    itemsPerHour: z.number().openapi({ description: 'Delivered over the last day' }),
    load: z
      .array(z.object({ route: z.int(), runningBatches: z.int() }))
      .readonly()
      .openapi({ description: 'How much runs where it is bought, in the order of preference' }),
  })
  .openapi('ServiceStats');

const stats = createRoute({
  method: 'get',
  path: '/v1/services/{id}/stats',
  tags: ['services'],
  summary: 'How fast and how well a service has been delivered lately',
  request: { params: idParam },
  responses: { ...answersWith(200, `Over the last ${STATS_DAYS} days`, serviceStats), default: problemAnswer },
});

/** Digits after the point that say something. */
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
const roundedOrNull = (value: number | null, digits: number) => (value === null ? null : rounded(value, digits));

export const serviceStatsRoutes = (deps: Deps) => {
  const figuresOf = createServiceFigures(deps);
  return routes().openapi(stats, async (c) => {
    const id = readSmallId(c.req.valid('param').id);
    const row = await figuresOf(c, id);
    if (row === undefined) throw new Refusal('not_found', 'there is no such service');
    const { asOf, average, p50, p95, ended, partial, canceled, running, itemsPerHour, load } = row;
    const shareOf = (count: number) => (ended === 0 ? null : rounded(count / ended, 4));
    const view = {
      service: id,
      asOf: asOf.toISOString(),
      days: STATS_DAYS,
      ended,
      completedSeconds: {
        average: roundedOrNull(average, 1),
        p50: roundedOrNull(p50, 1),
        p95: roundedOrNull(p95, 1),
      },
      partialShare: shareOf(partial),
      canceledShare: shareOf(canceled),
      running,
      itemsPerHour: rounded(itemsPerHour, 2),
      load,
    };
    return c.json(view, 200);
  });
};
