import { z } from '@hono/zod-openapi';
import type { WebhookRow } from '../../db/webhooks.ts';
import { LIMITS } from '../../domain/limits.ts';
import { WEBHOOK_EVENTS } from '../../domain/webhooks.ts';
import { timeOf, words } from './routes.ts';

const eventTypes = z.array(z.enum(WEBHOOK_EVENTS));

const webhook = z.object({
  id: z.int(),
  url: z.string(),
  description: z.string().nullable(),
  events: eventTypes.nullable().openapi({ description: 'The types it is told of; null: all' }),
  enabled: z.boolean(),
  disabledReason: z.enum(['gone', 'owner']).nullable().openapi({ description: 'gone: it answered 410' }),
  createdAt: z.iso.datetime(),
  oldSecretUntil: z.iso.datetime().nullable().openapi({ description: 'Until then the secret before signs too' }),
});
export const webhookSchema = webhook.openapi('Webhook');
export const withSecret = webhook
  .extend({ secret: z.string().openapi({ description: 'Shown once', example: 'whsec_…' }) })
  .openapi('WebhookWithSecret');

const address = words(LIMITS.link).openapi({
  description: 'https, at a public address',
  example: 'https://example.com/hook',
});
const description = words(LIMITS.name).nullable();
const listensTo = eventTypes
  .min(1)
  .max(WEBHOOK_EVENTS.length)
  .transform((types) => [...new Set(types)])
  .nullable()
  .openapi({ description: 'The types it is told of; null: all' });

/** What POST /v1/webhooks takes. */
export const webhookBody = z.strictObject({
  url: address,
  events: listensTo.default(null),
  description: description.default(null),
});

/** What PATCH takes: what is absent stays. */
export const changeBody = z.strictObject({
  url: address.optional(),
  events: listensTo.optional(),
  description: description.optional(),
  enabled: z.boolean().optional(),
});

type View = z.infer<typeof webhook>;

export const webhookView = ({
  id,
  url,
  description,
  events,
  disabledReason,
  createdAt,
  previousUntil,
}: WebhookRow): View => ({
  id,
  url,
  description,
  events: events as View['events'],
  enabled: disabledReason === null,
  disabledReason,
  createdAt: createdAt.toISOString(),
  oldSecretUntil: timeOf(previousUntil),
});
