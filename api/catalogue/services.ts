import { z } from '@hono/zod-openapi';
import { listOffered } from '../../db/catalogue/catalogue.ts';
import { formatRate } from '../../domain/ledger/money.ts';
import { reading } from '../limits/reads.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith } from '../v1/schemas.ts';

const service = z
  .object({
    id: z.int(),
    name: z.string(),
    category: z.string(),
    type: z.string().openapi({ description: 'The type, as in panel API v2; it decides which fields an order has' }),
    rate: z.string().openapi({ description: 'The price of 1000, or of a package', example: '0.9' }),
    currency: z.string(),
    min: z.int(),
    max: z.int(),
    unlimitedPosts: z.int().nullable().openapi({
      description: 'For Subscriptions: how many posts an order without `posts` buys. Null for every other type',
    }),
    dripFeed: z.boolean(),
    cancel: z.boolean(),
    refillDays: z.int(),
    linkPattern: z.string().nullable(),
    step: z.int().openapi({ description: 'The quantity of each run must be a multiple of this' }),
    duplicateLink: z.enum(['reject', 'queue', 'allow']),
  })
  .openapi('Service');

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/services',
    scope: 'orders:read',
    tags: ['services'],
    summary: 'All services that can be ordered',
    responses: answersWith(200, 'The services', z.object({ data: z.array(service) })),
  },
  async (c, deps) => {
    const services = await reading(deps, c, (sql) => listOffered(sql));
    const data = services.map(
      ({ id, name, category, type, rate, min, max, dripFeed, cancel, refillDays, ...rest }) => ({
        id,
        name,
        category,
        type,
        rate: formatRate(rate),
        currency: deps.config.CURRENCY,
        min,
        max,
        unlimitedPosts: rest.unlimitedPosts,
        dripFeed,
        cancel,
        refillDays,
        linkPattern: rest.linkPattern,
        step: rest.step,
        duplicateLink: rest.duplicateLink,
      }),
    );
    return c.json({ data }, 200);
  },
);

export const serviceRoutes = [list];
