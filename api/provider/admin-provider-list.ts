import { z } from '@hono/zod-openapi';
import { createProvider, type ListedProvider, listProviders, readProvider } from '../../db/catalogue/catalogue.ts';
import type { Tx } from '../../db/client.ts';
import { onState } from '../../db/errors.ts';
import { Refusal } from '../../domain/errors.ts';
import { readProfile } from '../../domain/provider/profile.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody, page, pageQuery, timeOf } from '../v1/schemas.ts';
import { noProvider, providerId } from './admin-providers.ts';
import { guardAddress, sealedCallbackSecret, sealedKey } from './connection.ts';
import { listedProvider, providerBody } from './provider-bodies.ts';

const tags = ['staff'];
const created = answersWith(201, 'The id of the new provider', z.object({ id: z.int() }));

const providerView = ({ pausedUntil, createdAt, balanceAt, catalogueAt, profile, ...provider }: ListedProvider) => ({
  ...provider,
  ...readProfile(profile),
  pausedUntil: timeOf(pausedUntil),
  balanceAt: timeOf(balanceAt),
  catalogueAt: timeOf(catalogueAt),
  createdAt: createdAt.toISOString(),
});

const newProvider = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/providers',
    scope: 'admin',
    tags,
    summary: 'Add an upstream panel',
    idempotency: 'required',
    request: { body: jsonBody(providerBody) },
    responses: created,
  },
  async (c, deps) => {
    const body = c.req.valid('json');
    const { name, url, key, pollSeconds, callbackSecret, ...profile } = body;
    const check = () => guardAddress(deps, url, body.allowPlainHttp === true);
    const sealKey = (id: number) => sealedKey(deps, id, key);
    const sealCallbackSecret = (id: number) => sealedCallbackSecret(deps, id, callbackSecret);
    const effect = async (tx: Tx) => ({
      id: await createProvider(tx, { name, url, pollSeconds, profile, sealKey, sealCallbackSecret }).catch(
        onState('23505', () => new Refusal('conflict', 'a provider with this name exists; choose another name')),
      ),
    });
    return c.json(await once(c, deps, { request: body, check, effect }), 201);
  },
);

const providers = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/providers',
    scope: 'admin',
    tags,
    summary: 'Providers, newest first, without their keys',
    request: { query: pageQuery({}) },
    responses: answersWith(200, 'A page of providers', page(listedProvider)),
  },
  async (c, deps) => {
    const { limit, cursor } = c.req.valid('query');
    const rows = await reading(deps, c, (sql) => listProviders(sql, decodeCursor(cursor), limit + 1));
    return c.json(
      pageOf(rows, limit, ({ id }) => id, providerView),
      200,
    );
  },
);

const provider = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/providers/{id}',
    scope: 'admin',
    tags,
    summary: 'A provider, without its key',
    request: { params: idParam },
    responses: answersWith(200, 'The provider', listedProvider),
  },
  async (c, deps) => {
    const id = providerId(c.req.valid('param').id);
    const row = await reading(deps, c, (sql) => readProvider(sql, id));
    if (row === undefined) throw noProvider();
    return c.json(providerView(row), 200);
  },
);

export const adminProviderListRoutes = [newProvider, providers, provider];
