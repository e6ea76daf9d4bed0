import { z } from '@hono/zod-openapi';
import { TEACHABLE, wordKey } from '../../domain/delivery/words.ts';
import { ERROR_MEANINGS } from '../../domain/dispatch/outcome.ts';
import { LIMITS } from '../../domain/limits.ts';
import { USUAL_LISTING, USUAL_PROFILE } from '../../domain/provider/profile.ts';
import { intBetween, printableText } from '../v1/schemas.ts';

const DAY_SECONDS = 86_400;

const listing = z
  .strictObject({
    action: z
      .string()
      .regex(/^[a-z_]{1,40}$/)
      .default(USUAL_LISTING.action),
    pageSize: intBetween(1, 1_000).default(USUAL_LISTING.pageSize),
    skewSeconds: intBetween(0, DAY_SECONDS)
      .default(USUAL_LISTING.skewSeconds)
      .openapi({ description: "How far the provider's clock may be from ours" }),
    looksAfterSeconds: z
      .array(intBetween(1, DAY_SECONDS))
      .min(1)
      .max(20)
      .default([...USUAL_LISTING.looksAfterSeconds])
      .openapi({
        description: 'When Holdfast searches the list after a send with an unknown outcome; the last wait is repeated',
      }),
    authoritative: z.boolean().default(USUAL_LISTING.authoritative).openapi({
      description:
        'Whether a send counts as not placed when two complete lists do not show its order. Holdfast then sends it again without asking staff',
    }),
    graceSeconds: intBetween(1, DAY_SECONDS)
      .default(USUAL_LISTING.graceSeconds)
      .openapi({ description: 'The shortest time between these two lists' }),
  })
  .openapi('OrderListing');

/** A provider's words and our statuses for them. Two spellings of a word must have one meaning; a word has a letter or digit. */
const statusWords = z
  .record(printableText(LIMITS.statusWord), z.enum(TEACHABLE))
  .superRefine((taught, issues) => {
    const entries = Object.entries(taught);
    const refuse = (message: string, word?: string) =>
      issues.addIssue({ code: 'custom', message, path: word === undefined ? [] : [word] });
    if (entries.length > LIMITS.taughtWords) refuse(`must have at most ${LIMITS.taughtWords} status words`);
    const known = new Map<string, string>();
    for (const [word, status] of entries.slice(0, LIMITS.taughtWords)) {
      const key = wordKey(word);
      if (key === '') refuse('must have letters or digits', word);
      if ((known.get(key) ?? status) !== status)
        refuse('is another spelling of a word that means something else', word);
      known.set(key, status);
    }
  })
  .openapi({
    description:
      'What the status words of the provider mean, for orders and refills alike, in any case and spacing: `{"Selesai": "Completed"}`. `Error`: a person decides',
    example: { Selesai: 'Completed' },
  });

/** The fields of a profile in the body of a new provider; see domain/provider/profile.ts. */
export const profileFields = {
  definiteErrors: z
    .array(z.strictObject({ text: printableText(LIMITS.providerText), means: z.enum([...ERROR_MEANINGS, 'unknown']) }))
    .max(100)
    .optional()
    .openapi({ description: 'What an error that contains the text means; `unknown`: it proves nothing' }),
  throttleStatuses: z.array(intBetween(400, 599)).max(20).optional().openapi({
    description: 'HTTP statuses that mean: the provider was asked too often and did not act on the call. Default: 429',
  }),
  listsOrders: listing.nullable().optional().openapi({
    description:
      'How the provider lists its orders. Without it Holdfast cannot search for a send whose outcome is unknown',
  }),
  duplicateGuard: z.boolean().optional().openapi({
    description:
      'The provider refuses a second order for a service and link only while an order of ours for them is running there',
  }),
  breakAfter: intBetween(1, LIMITS.breakAfter)
    .optional()
    .openapi({
      description: `After how many sends in a row without a clear answer the provider is paused. Default: ${USUAL_PROFILE.breakAfter}`,
    }),
  maxParallelSends: intBetween(1, LIMITS.parallelSends)
    .optional()
    .openapi({
      description: `How many sends the provider may have in flight at the same time; further orders wait. Default: ${USUAL_PROFILE.maxParallelSends}`,
    }),
  allowPlainHttp: z.boolean().optional().openapi({
    description:
      'Whether Holdfast may call the provider without TLS, which shows our key on the way. By default it needs https, except where ALLOW_LOOPBACK_URLS is set',
  }),
  statusWords: statusWords.optional(),
  lists: z.boolean().nullable().optional().openapi({
    description:
      'Whether one call can ask about many orders or refills. Null, the default: the answers of the provider show it',
  }),
};

/** The same fields in a change: a value replaces the old one, null restores the default. */
export const profileChange = {
  definiteErrors: profileFields.definiteErrors.nullable(),
  throttleStatuses: profileFields.throttleStatuses.nullable(),
  listsOrders: profileFields.listsOrders,
  duplicateGuard: profileFields.duplicateGuard.nullable(),
  breakAfter: profileFields.breakAfter.nullable(),
  maxParallelSends: profileFields.maxParallelSends.nullable(),
  allowPlainHttp: profileFields.allowPlainHttp.nullable(),
  statusWords: profileFields.statusWords.nullable(),
  lists: profileFields.lists,
};

/** The same fields in an answer, defaults filled in. */
export const profileView = {
  definiteErrors: z.array(z.object({ text: z.string(), means: z.string() })).readonly(),
  throttleStatuses: z.array(z.int()).readonly(),
  listsOrders: z
    .object({
      action: z.string(),
      pageSize: z.int(),
      skewSeconds: z.int(),
      looksAfterSeconds: z.array(z.int()).readonly(),
      authoritative: z.boolean(),
      graceSeconds: z.int(),
    })
    .nullable(),
  duplicateGuard: z.boolean(),
  breakAfter: z.int(),
  maxParallelSends: z.int(),
  allowPlainHttp: z.boolean(),
  statusWords: z.record(z.string(), z.string()),
  lists: z.boolean().nullable(),
};
