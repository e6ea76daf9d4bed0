import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { type ListedService, listServices, lockService, readService } from '../../db/catalogue/catalogue.ts';
import { changeService, createService, type NewRoute, replaceRoutes } from '../../db/catalogue/new-services.ts';
import { forgetRouteAlerts, judgeService, lockRoutes } from '../../db/catalogue/route-checks.ts';
import type { Tx } from '../../db/client.ts';
import { onState } from '../../db/errors.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatRate } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { whyNotUrl } from '../../net/url-guard.ts';
import { changeByStaff } from '../account/audit.ts';
import type { Deps } from '../deps.ts';
import { InvalidRequest } from '../http/problems.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam, jsonBody, page, pageQuery, printableText } from '../v1/schemas.ts';
import { listedService, serviceBody, serviceChange, serviceFile, serviceOf } from './service-bodies.ts';

const tags = ['staff'];
const created = answersWith(201, 'The id of the new service', z.object({ id: z.int() }));

const serviceView = ({ rate, routes, ...service }: ListedService) => ({
  ...service,
  rate: formatRate(rate),
  routes: routes.map((route) => ({ ...route, rate: formatRate(BigInt(route.rate)) })),
});

/** @throws InvalidRequest for a counter at an address that we must not send requests to. */
async function checkCounter(counterUrl: string | null | undefined, config: Deps['config']): Promise<void> {
  if (counterUrl == null) return;
  const allowLoopback = config.ALLOW_LOOPBACK_URLS;
  const why =
    (await whyNotUrl(counterUrl, { allowLoopback })) ??
    (await whyNotUrl(counterUrl, { allowLoopback: true, httpsOnly: !allowLoopback }));
  if (why !== undefined) throw new InvalidRequest([{ path: 'counterUrl', message: why }]);
}

/**
 * The counter of a service that names no counter: the installation's own, which may be at an internal address.
 * @throws InvalidRequest when the service verifies by counter and the installation has none.
 */
function ownCounter({ verify }: Pick<z.output<typeof serviceBody>, 'verify'>, config: Deps['config']): string | null {
  if (verify === 'provider') return null;
  if (config.COUNTER_URL !== undefined) return config.COUNTER_URL;
  const message = 'is needed to verify by counter: this installation has no counter of its own (COUNTER_URL)';
  throw new InvalidRequest([{ path: 'counterUrl', message }]);
}

/** A service as the body of `POST`, so that a change is checked by the same rules. */
function asBody({ id: _, active: __, rate, routes, unlimitedPosts, ...service }: ListedService) {
  return {
    ...service,
    rate: formatRate(rate),
    ...(service.type === 'Subscriptions' && unlimitedPosts !== null && { unlimitedPosts }),
    routes: routes.map(({ provider, providerService, rate, active }) => ({
      ...{ provider, providerService, active },
      rate: formatRate(BigInt(rate)),
    })),
  };
}

/** Changes with everything that staff can change of a service, its routes included. */
const versionOf = (service: ListedService): string =>
  createHash('sha256')
    .update(JSON.stringify([service.active, asBody(service)]))
    .digest('base64url')
    .slice(0, 22);

/** The request with money as text, for its fingerprint and the audit log. */
function textOf<T extends Pick<z.output<typeof serviceChange>, 'rate' | 'routes'>>(body: T) {
  const { rate, routes, ...rest } = body;
  return {
    ...rest,
    ...(rate !== undefined && { rate: formatRate(rate) }),
    ...(routes !== undefined && { routes: routes.map((route) => ({ ...route, rate: formatRate(route.rate) })) }),
  };
}

/** Routes that stay keep what the provider's catalogue said about them; new routes are checked at once. */
const knownRoutes = (wanted: readonly NewRoute[], had: ListedService['routes']): NewRoute[] =>
  wanted.map((route) => {
    const before = had.find((one) => one.provider === route.provider && one.providerService === route.providerService);
    return before === undefined
      ? route
      : { ...route, held: before.held, min: before.min, max: before.max, step: before.step ?? null };
  });

/** After a change of one of these fields the routes are checked again. */
const CHECKED_BY = ['type', 'rate', 'min', 'max', 'step', 'routes', 'active'] as const;

/**
 * Changes a service, all of it or nothing.
 * @throws Refusal `not_found`, `unknown_provider`, `conflict` when it is no longer as the caller saw it; InvalidRequest when `POST` would refuse the changed service.
 */
async function applyChange(tx: Tx, id: number, change: z.output<typeof serviceChange>, config: Deps['config']) {
  const isChecked = CHECKED_BY.some((field) => change[field] !== undefined);
  if (isChecked) await lockRoutes(tx);
  const had = await lockService(tx, id);
  if (had === undefined) throw new Refusal('not_found', 'service not found');
  const { active = had.active, version, ...wanted } = change;
  if (version !== undefined && version !== versionOf(had))
    throw new Refusal('conflict', 'the service has changed since that version; read it again');
  const said = asBody(had);
  const { unlimitedPosts, ...others } = said;
  // A service that stops being a subscription loses the fields of subscriptions.
  const before = change.type === undefined || change.type === 'Subscriptions' ? said : others;
  const body = parsed({ ...before, ...textOf(wanted) });
  const counterUrl = body.counterUrl ?? ownCounter(body, config);
  const { routes, ...service } = serviceOf({ ...body, counterUrl });
  const broken = onState('23503', () => new Refusal('unknown_provider'));
  if (change.routes !== undefined) {
    await replaceRoutes(tx, id, knownRoutes(routes, had.routes)).catch(broken);
    await forgetRouteAlerts(tx, id);
  }
  await changeService(tx, id, { ...service, counterUrl, routes, active });
  if (isChecked && active) await judgeService(tx, id, config.CURRENCY);
  return { id };
}

/** @throws InvalidRequest naming each field that contradicts another. */
function parsed(said: unknown): z.output<typeof serviceBody> {
  const result = serviceBody.safeParse(said);
  if (result.success) return result.data;
  throw new InvalidRequest(result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
}

const newService = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/services',
    scope: 'admin',
    tags,
    summary: 'Offer a service',
    idempotency: 'required',
    request: { body: jsonBody(serviceBody) },
    responses: created,
  },
  async (c, deps) => {
    const body = c.req.valid('json');
    const check = () => checkCounter(body.counterUrl, deps.config);
    const counterUrl = body.counterUrl ?? ownCounter(body, deps.config);
    const effect = async (tx: Tx) => ({
      id: await createService(tx, { ...serviceOf(body), counterUrl }).catch(
        onState('23503', () => new Refusal('unknown_provider')),
      ),
    });
    return c.json(await once(c, deps, { request: textOf(body), check, effect }), 201);
  },
);

const services = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/services',
    scope: 'admin',
    tags,
    summary: 'Services with their routes, newest first',
    request: {
      query: pageQuery({
        search: printableText(LIMITS.name).optional().openapi({
          description: 'A part of the name or the category, in any case of letters',
        }),
      }),
    },
    responses: answersWith(200, 'A page of services', page(listedService)),
  },
  async (c, deps) => {
    const { limit, cursor, search } = c.req.valid('query');
    const filter = { search, before: decodeCursor(cursor) };
    const { rows, stoppedAt } = await reading(deps, c, (sql) => listServices(sql, filter, limit + 1));
    return c.json(
      pageOf(rows, limit, ({ id }) => id, serviceView, stoppedAt),
      200,
    );
  },
);

const get = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/services/{id}',
    scope: 'admin',
    tags,
    summary: 'One service with its routes, and its version',
    request: { params: idParam },
    responses: answersWith(200, 'The service', serviceFile),
  },
  async (c, deps) => {
    const id = readSmallId(c.req.valid('param').id);
    const row = await reading(deps, c, (sql) => readService(sql, id));
    if (row === undefined) throw new Refusal('not_found', 'service not found');
    return c.json({ ...serviceView(row), version: versionOf(row) }, 200);
  },
);

const change = defineRoute(
  {
    method: 'patch',
    path: '/v1/admin/services/{id}',
    scope: 'admin',
    tags,
    summary: 'Change a service: any field of a new service, its routes included, or whether it is sold',
    description:
      'The change is made as a whole or not at all. An absent field stays as it is; `routes` replaces all routes, in order of preference. Orders placed before the change keep their price and terms, and a provider keeps what it has accepted; later sends take the new routes. Routes are judged at once by the catalogues as last read. A service that follows the rate of a provider gets its price from it at the next check of the provider. With `version` the change is refused when the service has changed since it was read.',
    request: { params: idParam, body: jsonBody(serviceChange) },
    responses: answersWith(200, 'The id of the changed service', z.object({ id: z.int() })),
  },
  async (c, deps) => {
    const id = readSmallId(c.req.valid('param').id);
    const body = c.req.valid('json');
    const { version: _, ...asked } = body;
    await checkCounter(body.counterUrl, deps.config);
    const answer = await changeByStaff(c, deps, textOf(asked), (tx) => applyChange(tx, id, body, deps.config));
    return c.json(answer, 200);
  },
);

export const adminServiceRoutes = [newService, services, get, change];
