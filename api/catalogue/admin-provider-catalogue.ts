import { z } from '@hono/zod-openapi';
import {
  type CataloguePageRow,
  type ChangeRow,
  listCatalogue,
  listChanges,
} from '../../db/catalogue/catalogue-pages.ts';
import { catalogueState } from '../../db/catalogue/provider-catalogue.ts';
import { withTimeout } from '../../db/client.ts';
import { CHANGES } from '../../domain/catalogue/changes.ts';
import { Refusal } from '../../domain/errors.ts';
import { DEADLINES, LIMITS } from '../../domain/limits.ts';
import type { ProviderChecked } from '../../domain/provider/check.ts';
import {
  PROVIDER_CHECK_WORKFLOW,
  type ProviderCheckInput,
  providerCheckId,
  TASK_QUEUE,
} from '../../workflows/contract.ts';
import { audit } from '../account/audit.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { repeatable } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { noProvider, providerId } from '../provider/admin-providers.ts';
import { answerBefore } from '../temporal.ts';
import { decodeCursor, pageOf } from '../v1/cursor.ts';
import { defineRoute } from '../v1/define-route.ts';
import { answersWith, idParam, isYes, page, pageQuery, timeOf, yesOrNo } from '../v1/schemas.ts';

const tags = ['staff'];

const soldThere = z
  .object({
    service: z.string().openapi({ description: "The service's id at the provider", example: '42' }),
    name: z.string(),
    category: z.string(),
    type: z.string(),
    rate: z.string().nullable().openapi({ description: "The provider's rate; null when it cannot be read" }),
    min: z.int().nullable(),
    max: z.int().nullable(),
    step: z
      .int()
      .nullable()
      .openapi({ description: 'Quantities must be multiples of this; null when the provider names no step' }),
    dripFeed: z.boolean(),
    refill: z.boolean(),
    cancel: z.boolean(),
    imported: z.boolean(),
    services: z.array(z.int()).openapi({ description: 'Our services that have a route to this service' }),
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
    goneAt: z.iso.datetime().nullable().openapi({
      description: 'When two readings of the catalogue in a row had lacked the service; null while it is sold',
    }),
  })
  .openapi('ProviderService');

const changed = z
  .object({
    service: z.string(),
    at: z.iso.datetime(),
    what: z.enum(CHANGES),
    was: z.string().nullable(),
    is: z.string().nullable(),
  })
  .openapi('CatalogueChange');

const checked = z
  .object({
    provider: z.int(),
    read: z.boolean().openapi({ description: 'Whether the catalogue could be read; if not, nothing has changed' }),
    problem: z.string().nullable(),
    balanceRead: z.boolean(),
    services: z.int(),
    unreadable: z.int().openapi({ description: 'Rows of the catalogue that could not be read' }),
    added: z.int(),
    changed: z.int(),
    gone: z.int(),
    held: z.int().openapi({ description: 'Routes that are now held: no order is sent on them' }),
    freed: z.int().openapi({ description: 'Routes that are no longer held: orders are sent on them again' }),
    repriced: z.int().openapi({ description: 'Services whose mark-up rule gave them another selling rate' }),
  })
  .openapi('ProviderChecked');

const rowView = ({ id: _, firstSeenAt, lastSeenAt, changedAt, goneAt, services, ...row }: CataloguePageRow) => ({
  ...row,
  services: [...services],
  firstSeenAt: firstSeenAt.toISOString(),
  lastSeenAt: lastSeenAt.toISOString(),
  changedAt: changedAt.toISOString(),
  goneAt: timeOf(goneAt),
});

const changeView = ({ id: _, at, ...change }: ChangeRow) => ({ ...change, at: at.toISOString() });

/** The provider of a path. @throws Refusal `not_found`. */
async function providerIn(deps: Deps, c: ApiContext, text: string): Promise<number> {
  const id = providerId(text);
  if ((await reading(deps, c, (sql) => catalogueState(sql, id))) === undefined) throw noProvider();
  return id;
}

/** A worker checks the provider, because only workers can open its key. Requests at the same time share one check. */
async function checkProvider({ temporal, log }: Deps, provider: number): Promise<ProviderChecked> {
  const check = () =>
    temporal.workflow.execute<(input: ProviderCheckInput) => Promise<ProviderChecked>>(PROVIDER_CHECK_WORKFLOW, {
      workflowId: providerCheckId(provider),
      taskQueue: TASK_QUEUE,
      args: [{ providerId: provider }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `Checks provider ${provider}`,
    });
  try {
    return await answerBefore(temporal, Date.now() + DEADLINES.place, check);
  } catch (error) {
    log.warn({ provider, why: String(error) }, 'the check of a provider did not answer in time');
    throw new Refusal('outcome_unknown', 'the provider is still being read; ask again for the result');
  }
}

const catalogue = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/providers/{id}/catalogue',
    scope: 'admin',
    tags,
    summary: "A provider's catalogue, as last read",
    request: {
      params: idParam,
      query: pageQuery({
        imported: yesOrNo,
        gone: yesOrNo,
        type: z.string().min(1).max(LIMITS.name).optional(),
        search: z.string().min(1).max(LIMITS.name).optional(),
      }),
    },
    responses: answersWith(200, "A page of the provider's services", page(soldThere)),
  },
  async (c, deps) => {
    const provider = await providerIn(deps, c, c.req.valid('param').id);
    const { limit, cursor, imported, gone, type, search } = c.req.valid('query');
    const filter = { imported: isYes(imported), gone: isYes(gone), type, search, before: decodeCursor(cursor) };
    const { rows, stoppedAt } = await reading(deps, c, (sql) => listCatalogue(sql, provider, filter, limit + 1));
    return c.json(
      pageOf(rows, limit, ({ id }) => id, rowView, stoppedAt),
      200,
    );
  },
);

const changes = defineRoute(
  {
    method: 'get',
    path: '/v1/admin/providers/{id}/catalogue/changes',
    scope: 'admin',
    tags,
    summary: "Changes in a provider's catalogue, of services with a route, newest first",
    request: { params: idParam, query: pageQuery({ service: z.string().min(1).max(64).optional() }) },
    responses: answersWith(200, 'A page of changes', page(changed)),
  },
  async (c, deps) => {
    const provider = await providerIn(deps, c, c.req.valid('param').id);
    const { limit, cursor, service } = c.req.valid('query');
    const rows = await reading(deps, c, (sql) =>
      listChanges(sql, provider, { service, before: decodeCursor(cursor) }, limit + 1),
    );
    return c.json(
      pageOf(rows, limit, ({ id }) => id, changeView),
      200,
    );
  },
);

const refresh = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/providers/{id}/catalogue/refresh',
    scope: 'admin',
    tags,
    summary: "Read a provider's balance and catalogue now",
    description: `Holdfast also does this every 15 minutes. A check that takes longer than ${DEADLINES.place / 1_000} seconds goes on after the answer 503: repeat the request to get its result.`,
    idempotency: 'optional',
    request: { params: idParam },
    responses: answersWith(200, 'The result of the check', checked),
  },
  async (c, deps) => {
    const provider = await providerIn(deps, c, c.req.valid('param').id);
    const answer = await repeatable(c, deps, { id: provider }, async () => {
      await withTimeout(QUERY_MS, audit(deps.sql, c, {}));
      return { provider, ...(await checkProvider(deps, provider)) };
    });
    return c.json(answer, 200);
  },
);

export const adminProviderCatalogueRoutes = [catalogue, changes, refresh];
