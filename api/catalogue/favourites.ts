import { z } from '@hono/zod-openapi';
import { dropFavourite, keepFavourite, listFavourites } from '../../db/account/favourites.ts';
import { withTimeout } from '../../db/client.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { TRANSACTION_MS } from '../http/timeouts.ts';
import { reading } from '../limits/reads.ts';
import { changing } from '../limits/transactions.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam } from '../v1/schemas.ts';

const tags = ['services'];

const favourite = z.object({ service: z.int(), favourite: z.boolean() }).openapi('Favourite');

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/services/favourites',
    scope: 'orders:read',
    tags,
    summary: 'The ids of your favourite services',
    responses: answersWith(200, `All of them, at most ${LIMITS.favourites}`, z.object({ data: z.array(z.int()) })),
  },
  async (c, deps) => {
    const data = await reading(deps, c, (sql) => listFavourites(sql, c.get('caller').accountId));
    return c.json({ data }, 200);
  },
);

const add = defineRoute(
  {
    method: 'post',
    path: '/v1/services/{id}/favourite',
    scope: 'orders:write',
    tags,
    summary: 'Make a service a favourite',
    description: 'A repeat does no harm.',
    request: { params: idParam },
    responses: answersWith(200, 'The service is a favourite', favourite),
  },
  async (c, deps) => {
    const service = readSmallId(c.req.valid('param').id);
    const { accountId } = c.get('caller');
    const isKept = await changing(deps, c, (tx) => keepFavourite(tx, accountId, service));
    if (!isKept) throw new Refusal('not_found', 'service not found');
    return c.json({ service, favourite: true }, 200);
  },
);

const remove = defineRoute(
  {
    method: 'delete',
    path: '/v1/services/{id}/favourite',
    scope: 'orders:write',
    tags,
    summary: 'Make a service no favourite any more',
    description: 'A repeat does no harm.',
    request: { params: idParam },
    responses: answersWith(200, 'The service is no favourite', favourite),
  },
  async (c, deps) => {
    const service = readSmallId(c.req.valid('param').id);
    if (service === 0) throw new Refusal('not_found', 'service not found');
    await withTimeout(TRANSACTION_MS, dropFavourite(deps.sql, c.get('caller').accountId, service));
    return c.json({ service, favourite: false }, 200);
  },
);

export const favouriteRoutes = [list, add, remove];
