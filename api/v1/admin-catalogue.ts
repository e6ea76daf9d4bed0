import { createRoute, z } from '@hono/zod-openapi';
import {
  createProvider,
  type ListedProvider,
  type ListedService,
  listProviders,
  listServices,
} from '../../db/catalogue.ts';
import { type Tx, within } from '../../db/client.ts';
import { createService } from '../../db/new-services.ts';
import { seal } from '../../db/secrets.ts';
import { sqlState } from '../../db/trouble.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatRate } from '../../domain/money.ts';
import { whyNotUrl } from '../../net/url-guard.ts';
import { decodeCursor, pageOf } from '../cursor.ts';
import type { Deps } from '../deps.ts';
import { once } from '../idempotency.ts';
import { QUERY_MS } from '../patience.ts';
import { InvalidRequest } from '../problems.ts';
import { listedProvider, listedService, providerBody, serviceBody, serviceOf } from './catalogue-bodies.ts';
import { answersWith, idempotencyHeader, jsonBody, page, pageQuery, problemAnswer, routes, timeOf } from './routes.ts';

const tags = ['staff'];
const created = answersWith(201, 'Made', z.object({ id: z.int() }));

const newProvider = createRoute({
  method: 'post',
  path: '/v1/admin/providers',
  tags,
  summary: 'Add an upstream panel',
  request: { headers: idempotencyHeader, body: jsonBody(providerBody) },
  responses: { ...created, default: problemAnswer },
});

const providers = createRoute({
  method: 'get',
  path: '/v1/admin/providers',
  tags,
  summary: 'Providers, newest first, without their keys',
  request: { query: pageQuery({}) },
  responses: { ...answersWith(200, 'A page of providers', page(listedProvider)), default: problemAnswer },
});

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

const providerView = ({ pausedUntil, createdAt, balanceAt, catalogueAt, ...provider }: ListedProvider) => ({
  ...provider,
  pausedUntil: timeOf(pausedUntil),
  balanceAt: timeOf(balanceAt),
  catalogueAt: timeOf(catalogueAt),
  createdAt: createdAt.toISOString(),
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

/** A broken constraint as what its caller got wrong. */
const onState = (state: string, refusal: () => Refusal) => (error: unknown) => {
  if (sqlState(error) === state) throw refusal();
  throw error;
};

export function adminCatalogueRoutes(deps: Deps) {
  const { sql, config } = deps;
  return routes()
    .openapi(newProvider, async (c) => {
      const body = c.req.valid('json');
      const { name, url, key, pollSeconds, callbackSecret, ...profile } = body;
      const why = await whyNotUrl(url, { allowLoopback: config.ALLOW_LOOPBACK_URLS });
      if (why !== undefined) throw new InvalidRequest([{ path: 'url', message: why }]);
      const sealKey = (id: number) => seal(config.HOLDFAST_MASTER_KEY, `provider:${id}`, key);
      const sealCallbackSecret = (id: number) =>
        callbackSecret === null ? null : seal(config.HOLDFAST_MASTER_KEY, `callback:${id}`, callbackSecret);
      const effect = async (tx: Tx) => ({
        id: await createProvider(tx, { name, url, pollSeconds, profile, sealKey, sealCallbackSecret }).catch(
          onState('23505', () => new Refusal('conflict', 'there is a provider of this name')),
        ),
      });
      return c.json(await once(c, deps, { request: body, effect }), 201);
    })
    .openapi(providers, async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const rows = await within(QUERY_MS, listProviders(sql, decodeCursor(cursor), limit + 1));
      return c.json(
        pageOf(rows, limit, ({ id }) => id, providerView),
        200,
      );
    })
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
      const rows = await within(QUERY_MS, listServices(sql, decodeCursor(cursor), limit + 1));
      return c.json(
        pageOf(rows, limit, ({ id }) => id, serviceView),
        200,
      );
    });
}
