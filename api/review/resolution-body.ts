import { z } from '@hono/zod-openapi';
import { MOST_EXTENSION_HOURS, RESOLUTIONS, type Resolution } from '../../domain/review/resolution.ts';
import { providerOrder, reasonText } from '../v1/schemas.ts';

/** One action with its fields. A field of another action is refused. */
const decision = <A extends Resolution['action'], F extends z.ZodRawShape>(action: A, fields: F) =>
  z.strictObject({ action: z.literal(action), ...fields, reason: reasonText.optional() });

const batch = z.int().min(1).optional().openapi({
  description: 'Of an uncertain order: which batch this is about. Needed when more than one is uncertain',
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
          .openapi({ description: 'How long it may go on from now, above 0' }),
      }).openapi('ResolutionExtend', { description: 'Lets it go on: the cap starts again' }),
      decision('complete', {}).openapi('ResolutionComplete', { description: 'Settles it as Completed' }),
      decision('partial', {
        delivered: z.int().min(0).openapi({ description: 'At most the totalQuantity of the order' }),
      }).openapi('ResolutionPartial', { description: 'Settles it with so much delivered; the rest is refunded' }),
      decision('cancel', { batch }).openapi('ResolutionCancel', {
        description:
          'Asks the provider to stop. Of an uncertain order: what may have been placed counts as not delivered',
      }),
      decision('redispatch', {}).openapi('ResolutionRedispatch', {
        description: 'Asks the provider to stop; what is missing then goes to the next route',
      }),
      decision('attach', { providerOrder, batch }).openapi('ResolutionAttach', {
        description: 'What may have been placed is this order of the provider',
      }),
      decision('notPlaced', { batch }).openapi('ResolutionNotPlaced', {
        description: 'What may have been placed was not, and is sent again by the routes',
      }),
    ],
    {
      error: ({ code }) => (code === 'invalid_union' ? `must be one of ${RESOLUTIONS.join(', ')}` : undefined),
    },
  )
  .openapi('Resolution');
