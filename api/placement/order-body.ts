import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../domain/limits.ts';
import { type Metadata, metadataFaults } from '../../domain/placement/metadata.ts';
import { FIELD_NAMES, FIELDS, type FieldName } from '../../domain/placement/order-fields.ts';
import type { OrderRequest } from '../../domain/placement/order-terms.ts';
import { intBetween, money, NO_CONTROLS, printableText, timestamp } from '../v1/schemas.ts';

/** A start too far ahead is taken for a typing error; a start in the past means now. */
const start = timestamp
  .refine((at) => at.getTime() <= Date.now() + LIMITS.scheduleDays * 86_400_000, {
    message: `must not be more than ${LIMITS.scheduleDays} days ahead`,
  })
  .openapi({ description: 'When to start; a time in the past means now' });

/** A text, or a list of its lines. A list with wrong items gets one error, not one for each of thousands of lines. */
const textOrLines = z.union([
  z.string(),
  z
    .array(z.unknown().openapi({ type: 'string' }))
    .refine((lines) => lines.every((line) => typeof line === 'string'), 'must be a list of text'),
]);

/** A field of a service type in JSON: lines as a list or as one text, a number as a number or as text. */
const fieldBody = (name: FieldName) => {
  const { shape, says } = FIELDS[name];
  const value = shape === 'lines' ? textOrLines : shape === 'number' ? z.union([z.int(), z.string()]) : z.string();
  return value.optional().openapi({ description: `For service types that have this field: ${says}` });
};

const ofTypes = Object.fromEntries(FIELD_NAMES.map((name) => [name, fieldBody(name)])) as Record<
  FieldName,
  ReturnType<typeof fieldBody>
>;

/** Read by hand, because Zod drops a key named `__proto__`. */
const metadata = z
  .unknown()
  .transform((value, context): Metadata => {
    const faults = metadataFaults(value);
    for (const { key, message } of faults) context.addIssue({ code: 'custom', path: key === '' ? [] : [key], message });
    return faults.length === 0 ? (value as Metadata) : z.NEVER;
  })
  .openapi({
    type: 'object',
    maxProperties: LIMITS.metadataKeys,
    additionalProperties: { type: 'string', maxLength: LIMITS.metadataValue, pattern: NO_CONTROLS },
    description: `Your own keys, of 1 to ${LIMITS.metadataKey} characters, and their values: shown with the order, and used for nothing`,
  });

/** The body of POST /v1/orders. The domain decides whether the service accepts it. */
export const orderBody = z
  .strictObject({
    service: z.int(),
    link: z.string().optional().openapi({ description: 'Not for subscriptions, which follow a `username`' }),
    quantity: z.number().optional().openapi({
      type: 'integer',
      minimum: 1,
      description:
        'The quantity of each run. Not for types that set the quantity: packages, lists that are counted, subscriptions',
    }),
    dripFeed: z
      .strictObject({ runs: intBetween(1, LIMITS.runs), intervalMinutes: intBetween(1, LIMITS.intervalMinutes) })
      .optional(),
    scheduledAt: start.optional(),
    reference: printableText(LIMITS.reference).optional().openapi({ description: 'Your own name for the order' }),
    metadata: metadata.optional(),
    maxCharge: money.optional().openapi({ description: 'Refuse the order when its price is above this' }),
    ...ofTypes,
  })
  .openapi('NewOrder');

/** The body of POST /v1/quotes: the same fields. The quote itself says what is wrong with a quantity. */
export const quoteBody = z
  .strictObject({
    ...orderBody.shape,
    quantity: z.number().optional().openapi({ type: 'number', description: 'As in `POST /v1/orders`' }),
  })
  .openapi('QuotedOrder');

export function orderRequest(body: z.output<typeof orderBody>): OrderRequest {
  const { service, link, quantity, dripFeed, scheduledAt, reference, metadata, maxCharge, ...ofType } = body;
  const fields = Object.fromEntries(
    Object.entries(ofType).map(([name, value]) => [name, Array.isArray(value) ? value.join('\n') : String(value)]),
  );
  return {
    service,
    ...(link === undefined ? {} : { link }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(dripFeed === undefined ? {} : { dripFeed }),
    ...(scheduledAt === undefined ? {} : { scheduledAt: scheduledAt.getTime() }),
    ...(reference === undefined ? {} : { reference }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(maxCharge === undefined ? {} : { maxCharge: maxCharge.toString() }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  };
}
