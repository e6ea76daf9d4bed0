import { z } from '@hono/zod-openapi';
import { parseMoney } from '../../domain/ledger/money.ts';
import { LIMITS } from '../../domain/limits.ts';
import { readSecret } from '../../net/signature.ts';
import { intBetween, printableText } from '../v1/schemas.ts';
import { profileChange, profileFields, profileView } from './profile-body.ts';

/** A decimal string, stored as written. */
const lowBalance = z
  .string()
  .refine((text) => parseMoney(text) !== undefined, 'must be a decimal string with at most 8 decimals')
  .nullable()
  .openapi({ description: "A balance below this raises an alert; in the provider's own currency", example: '50' });

const url = printableText(LIMITS.link).openapi({ description: "The whole address of the panel's API" });
const key = printableText(500).openapi({ description: 'Our key at the provider; stored encrypted, never shown' });
const callbackSecret = z
  .string()
  .refine((text) => readSecret(text) !== undefined, 'must be whsec_ and 24 to 64 bytes in base64')
  .nullable()
  .openapi({
    description:
      'The secret that signs the callbacks of the provider (Standard Webhooks); stored encrypted, never shown',
  });

/** The changes that staff can make to a provider. */
export const providerChange = z
  .strictObject({
    url: url.optional(),
    key: key.optional(),
    callbackSecret: callbackSecret.optional(),
    pollSeconds: intBetween(1, 86_400).optional(),
    lowBalance: lowBalance.optional(),
    ...profileChange,
  })
  // A missing body is read as an empty one.
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .openapi('ProviderChange', { minProperties: 1 });

/** A provider with its profile, which lists how it differs from others. A misspelt field is refused, not ignored. */
export const providerBody = z
  .strictObject({
    name: printableText(LIMITS.name),
    url,
    key,
    pollSeconds: intBetween(1, 86_400).default(15),
    lowBalance: lowBalance.optional(),
    callbackSecret: callbackSecret.default(null),
    ...profileFields,
  })
  .openapi('NewProvider');

/** Whether orders are sent to a provider. */
export const providerPause = z
  .object({
    id: z.int(),
    pausedUntil: z.iso.datetime().nullable().openapi({ description: 'Null: the provider is not paused' }),
    pauseReason: z.string().nullable().openapi({
      description:
        '`funds`, `key`, `throttled`, `unreachable` or `trouble`: Holdfast paused the provider; `staff`: staff paused it',
    }),
    pauseNote: z.string().nullable().openapi({
      description: 'The reason that staff gave, or for which accounts alone Holdfast paused the provider',
    }),
  })
  .openapi('ProviderPause');

const showedAt = z.iso.datetime({ offset: true });

export const listedProvider = providerPause
  .extend({
    name: z.string(),
    url: z.string(),
    pollSeconds: z.int(),
    createdAt: z.iso.datetime(),
    ...profileView,
    noLists: z.object({ status: showedAt.optional(), refill_status: showedAt.optional() }).openapi({
      description: 'The actions for which the answers of the provider showed that it knows no lists, and when',
    }),
    lowBalance: z.string().nullable(),
    balance: z
      .string()
      .nullable()
      .openapi({ description: 'The balance that the provider reported last, in its own currency' }),
    currency: z.string().nullable(),
    balanceAt: z.iso.datetime().nullable(),
    catalogueAt: z.iso.datetime().nullable(),
    catalogueProblem: z
      .string()
      .nullable()
      .openapi({ description: 'Why the catalogue could not be read since catalogueAt' }),
    running: z.int().openapi({
      description: `Runs of orders that it delivers now. ${LIMITS.ordersCounted} means that many or more`,
    }),
  })
  .openapi('Provider');
