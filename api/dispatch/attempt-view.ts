import { z } from '@hono/zod-openapi';
import type { AttemptRow } from '../../db/dispatch/attempt-views.ts';
import { ROUTINGS, whyChosen } from '../../domain/dispatch/routing.ts';
import { timeOf } from '../v1/schemas.ts';

/** One attempt to place a batch. For staff alone: it holds the link and the provider's own texts. */
export const attemptSchema = z
  .object({
    batch: z.int(),
    attempt: z.int(),
    state: z.enum(['intent', 'sending', 'accepted', 'refused', 'unknown', 'released']).openapi({
      description: '`unknown`: the batch may have been placed. `released`: it was decided as not placed, or given up',
    }),
    provider: z.int(),
    providerName: z.string(),
    providerService: z.string(),
    providerOrder: z.string().nullable(),
    target: z.string().openapi({ description: 'The link, or the name of a subscription' }),
    quantity: z.int(),
    sends: z.int(),
    sentAt: z.iso.datetime().nullable(),
    decidedAt: z.iso.datetime().nullable(),
    error: z.string().nullable().openapi({ description: "The provider's error, if it refused" }),
    said: z.string().nullable().openapi({ description: 'What the connection and the answer showed' }),
    isLookedFor: z
      .boolean()
      .openapi({ description: "Whether Holdfast searches the provider's list of orders for this attempt" }),
    looks: z.int(),
    lookedAt: z.iso.datetime().nullable(),
    noneSince: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'Since when complete lists of the provider have not shown its order' }),
    choice: z
      .object({
        routing: z.enum(ROUTINGS),
        preference: z
          .int()
          .nullable()
          .openapi({ description: "The route's place in the order of preference; null with the routing `order`" }),
        routes: z.int().nullable().openapi({ description: 'Open routes that it was chosen from' }),
        why: z.string(),
      })
      .openapi({ description: 'Why the attempt has its route' }),
    candidates: z
      .array(
        z.object({
          providerOrder: z.string(),
          quantity: z.number().nullable(),
          at: z.iso.datetime().nullable(),
          status: z.string().nullable(),
        }),
      )
      .openapi({
        description:
          'Orders of the provider that this attempt may have placed, and that no attempt is known to have placed',
      }),
  })
  .openapi('Attempt');

export const attemptView = ({
  order: _,
  sentAt,
  decidedAt,
  lookedAt,
  noneSince,
  candidates,
  choice,
  ...row
}: AttemptRow) => ({
  ...row,
  sentAt: timeOf(sentAt),
  decidedAt: timeOf(decidedAt),
  lookedAt: timeOf(lookedAt),
  noneSince: timeOf(noneSince),
  choice: {
    routing: choice?.routing ?? ('order' as const),
    preference: choice?.preference ?? null,
    routes: choice?.routes ?? null,
    why: whyChosen(choice),
  },
  candidates: candidates.map(({ at, ...one }) => ({ ...one, at: at === null ? null : new Date(at).toISOString() })),
});
