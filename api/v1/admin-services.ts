import { createRoute, z } from '@hono/zod-openapi';
import { changeService, findService, type ListedService, listServices } from '../../db/catalogue.ts';
import { type Sql, type Tx, within } from '../../db/client.ts';
import { createService } from '../../db/new-services.ts';
import { onState } from '../../db/trouble.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatRate } from '../../domain/money.ts';
import { whyNotUrl } from '../../net/url-guard.ts';
import { changeByStaff } from '../audit.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Deps } from '../deps.ts';
import { once } from '../idempotency.ts';
import { readSmallId } from '../ids.ts';
import { QUERY_MS } from '../patience.ts';
import { InvalidRequest } from '../problems.ts';
import { reading } from '../reads.ts';
import { answersWith, idempotencyHeader, idParam, jsonBody, page, pageQuery, problemAnswer, routes } from './routes.ts';
import { listedService, ONLY_SUBSCRIPTIONS, serviceBody, serviceChange, serviceOf } from './service-bodies.ts';

const tags = ['staff'];
const created = answersWith(201, 'Made', z.object({ id: z.int() }));

const newService = createRoute({
  method: 'post',
  path: '/v1/admin/services',
  tags,
  summary: 'Offer a service',
  request: { headers: idempotencyHeader, body: jsonBody(serviceBody) },
  responses: { ...created, default: problemAnswer },
});

const services = createRoute({
  method: 'get',
  path: '/v1/admin/services',
  tags,
  summary: 'Services with their routes, newest first',
  request: { query: pageQuery({}) },
  responses: { ...answersWith(200, 'A page of services', page(listedService)), default: problemAnswer },
});

const change = createRoute({
  method: 'patch',
  path: '/v1/admin/services/{id}',
  tags,
  summary: 'Change what a service is called, costs and takes, or whether it is sold',
  description:
    'Orders that were placed before keep their price. What its routes cost is held against a new rate at the next look at their providers, and a service that follows a provider is then priced by it again.',
  request: { params: idParam, body: jsonBody(serviceChange) },
  responses: { ...answersWith(200, 'It was changed', z.object({ id: z.int() })), default: problemAnswer },
});

const serviceView = ({ rate, routes, ...service }: ListedService) => ({
  ...service,
  rate: formatRate(rate),
  routes: routes.map((route) => ({ ...route, rate: formatRate(BigInt(route.rate)) })),
});

/**
 * Where the targets of a new service are counted; the operator's own counter may be at an address that others may not name.
 * @throws InvalidRequest
 */
async function counterOf({ verify, counterUrl }: z.infer<typeof serviceBody>, config: Deps['config']) {
  if (counterUrl !== null) {
    const why = await whyNotUrl(counterUrl, { allowLoopback: config.ALLOW_LOOPBACK_URLS });
    if (why !== undefined) throw new InvalidRequest([{ path: 'counterUrl', message: why }]);
    return counterUrl;
  }
  if (verify === 'provider') return null;
  if (config.COUNTER_URL !== undefined) return config.COUNTER_URL;
  const message = 'is needed to verify by counter: this installation has no counter of its own (COUNTER_URL)';
  throw new InvalidRequest([{ path: 'counterUrl', message }]);
}

/** Its type never changes, so it may be asked before. @throws InvalidRequest for a service that has no posts. */
async function checkSubscription(sql: Sql, id: number): Promise<void> {
  const service = await within(QUERY_MS, findService(sql, id));
  if (service === undefined || service.type === 'Subscriptions') return;
  throw new InvalidRequest([{ path: 'unlimitedPosts', message: ONLY_SUBSCRIPTIONS }]);
}

export function adminServiceRoutes(deps: Deps) {
  const { sql, config } = deps;
  return routes()
    .openapi(newService, async (c) => {
      const body = c.req.valid('json');
      const counterUrl = await counterOf(body, config);
      const effect = async (tx: Tx) => ({
        id: await createService(tx, { ...serviceOf(body), counterUrl }).catch(
          onState('23503', () => new Refusal('unknown_provider')),
        ),
      });
      const request = {
        ...body,
        rate: formatRate(body.rate),
        routes: body.routes.map((route) => ({ ...route, rate: formatRate(route.rate) })),
      };
      return c.json(await once(c, deps, { request, effect }), 201);
    })
    .openapi(services, async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const rows = await reading(deps, c, (sql) => listServices(sql, decodeCursor(cursor), limit + 1));
      return c.json(
        pageOf(rows, limit, ({ id }) => id, serviceView),
        200,
      );
    })
    .openapi(change, async (c) => {
      const id = readSmallId(c.req.valid('param').id);
      const body = c.req.valid('json');
      if (body.unlimitedPosts !== undefined) await checkSubscription(sql, id);
      const shown = { ...body, ...(body.rate !== undefined && { rate: formatRate(body.rate) }) };
      const answer = await changeByStaff(c, deps, shown, async (tx) => {
        const changed = await changeService(tx, id, body).catch(
          onState('23514', () => new InvalidRequest([{ path: 'max', message: 'must not be below min' }])),
        );
        if (!changed) throw new Refusal('not_found', 'there is no such service');
        return { id };
      });
      return c.json(answer, 200);
    });
}
