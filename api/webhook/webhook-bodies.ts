import { z } from '@hono/zod-openapi';
import { DISABLED_REASONS, type WebhookRow } from '../../db/webhook/webhooks.ts';
import { LIMITS } from '../../domain/limits.ts';
import { WEBHOOK_EVENTS } from '../../domain/webhook/webhooks.ts';
import { printableText, timeOf } from '../v1/schemas.ts';

const eventTypes = z.array(z.enum(WEBHOOK_EVENTS));

const webhook = z.object({
  id: z.int(),
  url: z.string().nullable().openapi({ description: 'null: the webhook sends e-mail' }),
  email: z.string().nullable(),
  description: z.string().nullable(),
  events: eventTypes.nullable().openapi({ description: 'The event types that are sent; null: all' }),
  enabled: z.boolean(),
  disabledReason: z.enum(DISABLED_REASONS).nullable().openapi({
    description:
      'gone: the receiver answered 410. failing: no event got through for days. unconfirmed: the e-mail address is not confirmed. owner: the account disabled it',
  }),
  confirmUntil: z.iso
    .datetime()
    .nullable()
    .openapi({ description: 'How long the code that was mailed to the address is valid' }),
  createdAt: z.iso.datetime(),
  oldSecretUntil: z.iso.datetime().nullable().openapi({ description: 'How long the previous secret signs too' }),
});
export const webhookSchema = webhook.openapi('Webhook');
const secret = z
  .string()
  .openapi({ description: 'Shown once; a webhook that sends e-mail has none', example: 'whsec_…' });
export const withSecret = webhook.extend({ secret }).openapi('WebhookWithSecret');
export const madeSchema = webhook.extend({ secret: secret.optional() }).openapi('NewWebhook');

const address = printableText(LIMITS.link).openapi({
  description: 'https, at a public address',
  example: 'https://example.com/hook',
});
/** Letters, digits and a few ASCII signs: nothing with a meaning to a mail server or in a header. */
const email = z
  .email()
  .max(LIMITS.email)
  .openapi({ description: 'Must be confirmed with a code that is mailed to it', example: 'orders@example.com' });
const description = printableText(LIMITS.name).nullable();
const listensTo = eventTypes
  .min(1)
  .max(WEBHOOK_EVENTS.length)
  .transform((types) => [...new Set(types)])
  .nullable()
  .openapi({ description: 'The event types that are sent; null: all' });

/** The body of POST /v1/webhooks. */
export const webhookBody = z
  .strictObject({
    url: address.optional(),
    email: email.optional(),
    events: listensTo.default(null),
    description: description.default(null),
  })
  .refine(({ url, email }) => (url === undefined) !== (email === undefined), 'needs either url or email')
  .openapi({ oneOf: [{ required: ['url'] }, { required: ['email'] }] });

/** The body of POST /v1/webhooks/{id}/confirm. */
export const confirmBody = z.strictObject({
  code: printableText(40).openapi({
    description: 'The code that was mailed to the address',
    example: '7Q2M-X0VD-9KTB-3HSN',
  }),
});

/** The body of PATCH /v1/webhooks/{id}: an absent field stays as it is. */
export const changeBody = z
  .strictObject({
    url: address.optional(),
    events: listensTo.optional(),
    description: description.optional(),
    enabled: z.boolean().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'needs something to change')
  .openapi({ minProperties: 1 });

type View = z.infer<typeof webhook>;

export const webhookView = ({
  id,
  url,
  email,
  description,
  events,
  disabledReason,
  confirmUntil,
  createdAt,
  previousUntil,
}: WebhookRow): View => ({
  id,
  url,
  email,
  description,
  events: events as View['events'],
  enabled: disabledReason === null,
  disabledReason,
  confirmUntil: timeOf(confirmUntil),
  createdAt: createdAt.toISOString(),
  oldSecretUntil: timeOf(previousUntil),
});
