import { z } from '@hono/zod-openapi';
import { MOST_EXTENSION_HOURS, RESOLUTIONS, type Resolution } from '../../domain/review/resolution.ts';
import { providerOrder, reasonText } from '../v1/schemas.ts';

/** One action with its fields. A field of another action is refused. */
const decision = <A extends Resolution['action'], F extends z.ZodRawShape>(action: A, fields: F) =>
  z.strictObject({ action: z.literal(action), ...fields, reason: reasonText.optional() });

const batch = z.int().min(1).optional().openapi({
  description: 'For an uncertain order: the batch that this is about. Required when more than one is uncertain',
});

/** A person's decision about an order in review. The order's workflow decides whether it is possible now. */
export const resolutionBody = z
  .discriminatedUnion(
    'action',
    [
      decision('extend', {
        hours: z
          .number()
          .positive()
          .max(MOST_EXTENSION_HOURS)
          .openapi({ description: 'How long the order may go on from now, above 0' }),
      }).openapi('ResolutionExtend', { description: 'Lets the order go on: its clocks start again' }),
      decision('complete', {}).openapi('ResolutionComplete', { description: 'Settles the order as Completed' }),
      decision('partial', {
        delivered: z.int().min(0).openapi({ description: 'At most the totalQuantity of the order' }),
      }).openapi('ResolutionPartial', {
        description: 'Settles the order with `delivered` items delivered, and refunds the rest',
      }),
      decision('cancel', { batch }).openapi('ResolutionCancel', {
        description:
          'Asks the provider to stop. For an uncertain order: what may have been placed counts as not delivered',
      }),
      decision('redispatch', {}).openapi('ResolutionRedispatch', {
        description: 'Asks the provider to stop, and sends what is missing on the next route',
      }),
      decision('attach', { providerOrder, batch }).openapi('ResolutionAttach', {
        description: 'The uncertain batch is this order of the provider',
      }),
      decision('notPlaced', { batch }).openapi('ResolutionNotPlaced', {
        description: 'The uncertain batch was not placed; Holdfast sends it again by the routes',
      }),
    ],
    {
      error: ({ code }) => (code === 'invalid_union' ? `must be one of ${RESOLUTIONS.join(', ')}` : undefined),
    },
  )
  .openapi('Resolution');
