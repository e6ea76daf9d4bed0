import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../domain/limits.ts';
import { ATTENTIONS } from '../../domain/order/status.ts';
import { MOST_EXTENSION_HOURS, RESOLUTIONS, type Resolution } from '../../domain/review/resolution.ts';
import { LARGEST_ID } from '../v1/ids.ts';
import { intBetween, reasonText, timestamp } from '../v1/schemas.ts';

/** The orders to decide about: placed at `from` or later, and before `to`. */
const filter = z
  .strictObject({
    provider: intBetween(1, LARGEST_ID).optional().openapi({
      description: 'The provider that has the orders, or may have them. Attempts at other providers are left alone',
    }),
    attention: z.enum(ATTENTIONS).exclude(['none']).optional(),
    service: intBetween(1, LARGEST_ID).optional(),
    from: timestamp.optional().openapi({ description: 'Orders placed at this moment or later' }),
    to: timestamp.optional().openapi({ description: 'Orders placed before this moment' }),
  })
  .refine((one) => Object.values(one).some((value) => value !== undefined), 'must have at least one field')
  .openapi('ReviewFilter', { minProperties: 1 });

const common = {
  ids: z
    .array(z.int().min(1))
    .min(1)
    .max(LIMITS.bulkOrders)
    .optional()
    .openapi({ description: 'The orders to decide about' }),
  filter: filter.optional().openapi({ description: 'Instead of ids: all orders that wait for a person now and match' }),
  reason: reasonText.optional().openapi({ description: 'Required, unless it is a dry run' }),
  dryRun: z.boolean().default(false).openapi({ description: 'Only say what the decision would do' }),
};

const decision = <A extends Resolution['action'], F extends z.ZodRawShape>(action: A, fields: F) =>
  z.strictObject({ action: z.literal(action), ...fields, ...common });

const BULK_ACTIONS = RESOLUTIONS.filter((action) => action !== 'attach');

/** The message for a wrong action. `attach` names one order of a provider, so it cannot be about many orders. */
const wrongAction = (input: unknown): string =>
  (input as { action?: unknown } | null)?.action === 'attach'
    ? 'attach names one order of a provider: decide about that order alone, POST /v1/admin/orders/{id}/resolve'
    : `must be one of ${BULK_ACTIONS.join(', ')}`;

/** A decision about many orders. An action has the same fields as in a decision about one order. */
export const bulkResolutionBody = z
  .discriminatedUnion(
    'action',
    [
      decision('extend', { hours: z.number().positive().max(MOST_EXTENSION_HOURS) }).openapi('BulkExtend'),
      decision('complete', {}).openapi('BulkComplete'),
      decision('partial', { delivered: z.int().min(0) }).openapi('BulkPartial'),
      decision('cancel', {}).openapi('BulkCancel'),
      decision('redispatch', {}).openapi('BulkRedispatch'),
      decision('notPlaced', {}).openapi('BulkNotPlaced'),
    ],
    { error: ({ code, input }) => (code === 'invalid_union' ? wrongAction(input) : undefined) },
  )
  .openapi('BulkResolution');

export type BulkResolutionBody = z.output<typeof bulkResolutionBody>;

export const dryRunSchema = z
  .object({
    dryRun: z.literal(true),
    orders: z.int().openapi({ description: 'Orders that the action is possible for' }),
    held: z.string().openapi({ description: 'The money that is held for these orders' }),
    refused: z
      .int()
      .openapi({ description: 'Orders that the action is not possible for, or that do not wait for a person' }),
    currency: z.string(),
    digest: z.string().openapi({
      description:
        'Of the orders that the action is possible for, with the attention and the uncertain attempts of each: it is another when any of these has changed',
    }),
  })
  .openapi('BulkDryRun');

const bulkParts = {
  id: z.int(),
  status: z.enum(['deciding', 'ended']),
  action: z.enum([...RESOLUTIONS, 'pause', 'resume', 'refill']),
  by: z.string(),
  reason: z.string(),
  total: z.int(),
  waiting: z.int(),
  decided: z.int(),
  refused: z.int(),
  unanswered: z
    .int()
    .openapi({ description: 'Orders whose workflow did not answer: look whether they were decided about' }),
  canceled: z.int(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
};

export const bulkSchema = z.object(bulkParts).openapi('BulkDecision');

const bulkResult = z
  .object({
    order: z.int(),
    status: z.enum(['waiting', 'decided', 'refused', 'unanswered', 'canceled']),
    message: z.string().nullable().openapi({ description: 'What happens next, or why the decision was refused' }),
    at: z.iso.datetime().nullable(),
  })
  .openapi('BulkDecisionResult');

export const bulkPageSchema = z
  .object({ ...bulkParts, data: z.array(bulkResult), nextCursor: z.string().nullable() })
  .openapi('BulkDecisionPage');
