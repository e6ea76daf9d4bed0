import { z } from '@hono/zod-openapi';
import { type ImportRule, importsOf, recordImports } from '../../db/catalogue/imports.ts';
import { createServices } from '../../db/catalogue/new-services.ts';
import { catalogueState, knownRows, lockCatalogue } from '../../db/catalogue/provider-catalogue.ts';
import type { Tx } from '../../db/client.ts';
import { offerOf } from '../../domain/catalogue/import.ts';
import { formatPercent } from '../../domain/catalogue/mark-up.ts';
import { Refusal } from '../../domain/errors.ts';
import { formatRate, type Rate } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { isOther } from '../../domain/provider/balance.ts';
import { InvalidRequest } from '../http/problems.ts';
import { once } from '../idempotency/idempotency.ts';
import { noProvider, providerId } from '../provider/admin-providers.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, jsonBody } from '../v1/schemas.ts';
import { type ImportBody, type Imported, importBody, importedSchema, importedService } from './import-bodies.ts';

/** @throws Refusal `not_found`, or `conflict` for a catalogue that was not read yet or is in another currency. */
async function checkCatalogue(tx: Tx, provider: number, ours: string): Promise<void> {
  const state = await catalogueState(tx, provider);
  if (state === undefined) throw noProvider();
  if (state.readAt === null)
    throw new Refusal('conflict', 'the catalogue of this provider has not been read yet; refresh it first');
  if (isOther(state.currency, ours)) {
    throw new Refusal(
      'conflict',
      `the provider's currency is ${state.currency}, not ${ours}: its rates cannot be used`,
    );
  }
}

/** Creates a service for each requested id that can be sold and was not imported before. Returns one result an id, in order. */
async function importServices(tx: Tx, provider: number, wish: ImportBody, rule: ImportRule): Promise<Imported[]> {
  await lockCatalogue(tx, provider);
  const ids = wish.services === 'all' ? undefined : [...new Set(wish.services)];
  const known = await knownRows(tx, provider, ids ?? [], { listed: ids === undefined });
  const had = await importsOf(tx, provider);
  const asked = ids ?? [...known.values()].filter(({ gone }) => !gone).map(({ service }) => service);
  const results: Imported[] = [];
  const made = asked.flatMap((service) => {
    const [id = null, row] = [had.get(service), known.get(service)];
    const offer = offerOf(row, rule);
    const sold = id === null && row !== undefined && typeof offer !== 'string';
    results.push({
      service,
      id,
      status: id !== null ? 'exists' : sold ? 'created' : 'refused',
      rate: sold ? formatRate(offer.rate) : null,
      reason: id === null && typeof offer === 'string' ? offer : null,
    });
    return sold ? [{ service, as: importedService(provider, row, offer, wish) }] : [];
  });
  if (made.length > LIMITS.importedAtOnce) {
    const message = `this would create ${made.length} services; name at most ${LIMITS.importedAtOnce} in one request`;
    throw new InvalidRequest([{ path: 'services', message }]);
  }
  const services = await createServices(
    tx,
    made.map(({ as }) => as),
  );
  const imports = made.map(({ service: providerService }, each) => ({ providerService, service: services[each] ?? 0 }));
  await recordImports(tx, provider, imports, rule);
  const newIds = new Map(imports.map(({ providerService, service }) => [providerService, service]));
  return results.map((result) => ({ ...result, id: result.id ?? newIds.get(result.service) ?? null }));
}

const importing = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/providers/{id}/catalogue/import',
    scope: 'admin',
    tags: ['staff'],
    summary: "Import a provider's services, each with a route to the provider",
    description:
      'Uses the catalogue as last read. A service that was imported before is not made again: its result is `exists`. A service that cannot be sold stops no other: its result is `refused`.',
    idempotency: 'required',
    request: { params: idParam, body: jsonBody(importBody) },
    responses: answersWith(
      201,
      'The result of each service',
      z
        .object({ created: z.int(), existing: z.int(), refused: z.int(), results: z.array(importedSchema) })
        .openapi('Imported'),
    ),
  },
  async (c, deps) => {
    const provider = providerId(c.req.valid('param').id);
    const wish = c.req.valid('json');
    const rule: ImportRule = { ...wish.markup, plus: wish.markup.plus ?? (0n as Rate) };
    const markup = { ...rule, percent: formatPercent(rule.percent), plus: formatRate(rule.plus) };
    const effect = async (tx: Tx) => {
      await checkCatalogue(tx, provider, deps.config.CURRENCY);
      const results = await importServices(tx, provider, wish, rule);
      const count = (status: Imported['status']) => results.filter((result) => result.status === status).length;
      return { created: count('created'), existing: count('exists'), refused: count('refused'), results };
    };
    const request = { provider, ...wish, markup };
    return c.json(await once(c, deps, { request, effect }), 201);
  },
);

export const adminImportRoutes = [importing];
