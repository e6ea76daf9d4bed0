import { z } from '@hono/zod-openapi';
import type { NewService } from '../../db/catalogue/new-services.ts';
import type { KnownRow } from '../../domain/catalogue/changes.ts';
import { IMPORT_REFUSALS, type ImportOffer } from '../../domain/catalogue/import.ts';
import { parsePercent } from '../../domain/catalogue/mark-up.ts';
import { formatRate } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { intBetween, printableText, rate } from '../v1/schemas.ts';
import { providerService, serviceBody, serviceOf } from './service-bodies.ts';

const percent = z
  .string()
  .transform((text, context) => {
    const parsed = parsePercent(text);
    if (parsed !== undefined) return parsed;
    context.addIssue('must be a decimal string with at most 2 decimals');
    return z.NEVER;
  })
  .openapi({ type: 'string', pattern: '^\\d{1,5}(\\.\\d{1,2})?$', example: '25' });

export const importBody = z
  .strictObject({
    services: z.union([z.literal('all'), z.array(providerService).min(1).max(LIMITS.catalogueServices)]).openapi({
      description: `The ids at the provider, or all; a request creates at most ${LIMITS.importedAtOnce} services`,
    }),
    markup: z
      .strictObject({
        percent,
        plus: rate.optional().openapi({ type: 'string', description: 'Added after the percentage', example: '0.01' }),
        follow: z
          .boolean()
          .default(false)
          .openapi({ description: "Apply this rule again whenever the provider's rate changes" }),
      })
      .openapi({ description: "Selling rate = the provider's rate × (100 + percent) / 100 + plus, rounded up" }),
    category: printableText(LIMITS.name)
      .optional()
      .openapi({ description: "Used instead of the provider's categories" }),
    refillDays: intBetween(0, 36_500)
      .default(0)
      .openapi({ description: 'Only for services that the provider refills' }),
  })
  .openapi('Import');
export type ImportBody = z.output<typeof importBody>;

/** The result for one service. */
export const importedSchema = z.object({
  service: z.string().openapi({ description: "The service's id at the provider" }),
  status: z.enum(['created', 'exists', 'refused']),
  id: z.int().nullable().openapi({ description: 'The id of our service' }),
  rate: z.string().nullable().openapi({ description: 'The selling rate, if this request created the service' }),
  reason: z.enum(IMPORT_REFUSALS).nullable(),
});
export type Imported = z.output<typeof importedSchema>;

/** The service to create for an offer, as staff would have added it by hand. */
export function importedService(
  provider: number,
  row: KnownRow,
  offer: ImportOffer,
  { category, refillDays }: ImportBody,
): NewService {
  const { type, min, max, step, cost, limits } = offer;
  const wanted = serviceBody.parse({
    name: row.name || `Service ${row.service}`,
    category: category ?? (row.category || 'Other'),
    type,
    rate: formatRate(offer.rate),
    min,
    max,
    step,
    dripFeed: row.dripFeed,
    cancel: row.cancel,
    refillDays: row.refill && type !== 'Subscriptions' ? refillDays : 0,
    routes: [{ provider, providerService: row.service, rate: formatRate(cost) }],
  });
  const { routes, ...service } = serviceOf(wanted);
  return { ...service, counterUrl: null, routes: routes.map((route) => ({ ...route, ...limits })) };
}
