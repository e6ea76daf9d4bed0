import { z } from '@hono/zod-openapi';
import { SERVICE_TYPES, type ServiceType, USUAL_UNLIMITED_POSTS } from '../../domain/catalogue/service-types.ts';
import { LIMITS } from '../../domain/limits.ts';
import { REFILL_FALLBACKS } from '../../domain/refill/rules.ts';
import { isPattern } from '../../domain/text/pattern.ts';
import { LARGEST_ID } from '../v1/ids.ts';
import { intBetween, printableText, rate } from '../v1/schemas.ts';

const YEAR_SECONDS = 31_536_000;
const PATTERN_LENGTH = 500;

/** The id of a service at a provider; most have numbers, some have text. */
export const providerService = z
  .union([intBetween(1, Number.MAX_SAFE_INTEGER), z.string().regex(/^[\w.-]{1,64}$/)])
  .transform(String)
  .openapi({ type: 'string', pattern: '^[A-Za-z0-9_.-]{1,64}$', example: '42' });

/** A subscription waits for its customer to post, so by default it raises no alert for a year. */
const alertAfter = (usual: string, until: string) =>
  intBetween(1, YEAR_SECONDS)
    .optional()
    .openapi({
      description: `When ${until} for so long, staff are told; by default ${usual}, of a subscription a year`,
    });

const unlimitedPosts = intBetween(1, LIMITS.posts)
  .optional()
  .openapi({
    description: `Only of Subscriptions: an order without posts is bought, and paid for, for so many; by default ${USUAL_UNLIMITED_POSTS}`,
  });

const pattern = z
  .string()
  .min(1)
  .max(PATTERN_LENGTH)
  .refine(isPattern, 'is not a regular expression of RE2')
  .nullable();

const linkParameters = z
  .array(z.string().regex(/^[\w.[\]-]{1,64}$/))
  .max(LIMITS.linkParameters)
  .openapi({
    description:
      'Parameters of links that make no other target here, in any case, beside those that never do (utm_source, igsh, fbclid …)',
  });

const routeBody = z.strictObject({
  provider: intBetween(1, LARGEST_ID),
  providerService,
  rate,
  active: z.boolean().default(true).openapi({ description: 'Whether orders are sent on it' }),
});

/** The fields of a service, without defaults. */
const fields = {
  name: printableText(LIMITS.name),
  category: printableText(LIMITS.name),
  type: z.enum(Object.keys(SERVICE_TYPES) as [ServiceType, ...ServiceType[]]),
  rate,
  min: intBetween(1, LIMITS.quantity),
  max: intBetween(1, LIMITS.quantity),
  step: intBetween(1, LIMITS.quantity).openapi({ description: 'The quantity, of each run, is a multiple of it' }),
  unlimitedPosts,
  dripFeed: z
    .boolean()
    .openapi({ description: 'Only the types Default and Web Traffic have it, of any other it stays false' }),
  cancel: z.boolean(),
  refillDays: intBetween(0, 36_500),
  refillCap: intBetween(1, 1_000).openapi({ description: 'Refills an order may have' }),
  refillCooldownSeconds: intBetween(0, YEAR_SECONDS).openapi({
    description: 'From the end of one refill to the next request',
  }),
  refillFallback: z.enum(REFILL_FALLBACKS).openapi({
    description:
      "When the provider makes no refill: a person decides (review), what was counted as missing is sent on another route at the house's cost (resend), or it ends Rejected with the reason (reject)",
  }),
  stallAfterSeconds: alertAfter('a day', 'nothing has been delivered'),
  reviewAfterSeconds: alertAfter('a week', 'it has not ended'),
  verify: z.enum(['provider', 'counter']).openapi({
    description: "counter: what the provider says is charged for once the target's count agrees, or a person decides",
  }),
  counterUrl: printableText(LIMITS.link).nullable().openapi({
    description:
      'Where a target is counted: GET <counterUrl>?link=<link> answers {"count": 1234}. With verify counter the default is the installation\'s',
  }),
  counterTolerancePercent: intBetween(0, 100).openapi({
    description: 'Of what was delivered, how much the count may lack',
  }),
  recheckSeconds: intBetween(1, YEAR_SECONDS).openapi({
    description: 'Until a count that does not agree is taken again; each wait after it is twice as long',
  }),
  linkPattern: pattern,
  duplicateLink: z.enum(['reject', 'queue', 'allow']),
  duplicateScope: z.enum(['account', 'all']).openapi({
    description:
      'Whose open orders for a link count: those of the same account, or also those of others that are being delivered',
  }),
  ignoredLinkParameters: linkParameters,
  afterFailedRun: z.enum(['continue', 'retry', 'stop']).openapi({
    description:
      'After a run of a drip-feed that did not deliver all: the next run, the missing part on the next route, or the end',
  }),
  routes: z.array(routeBody).min(1).max(20).openapi({ description: 'In order of preference' }),
};

export const serviceBody = z
  .strictObject({
    ...fields,
    type: fields.type.default('Default'),
    step: fields.step.default(1),
    dripFeed: fields.dripFeed.default(false),
    cancel: fields.cancel.default(false),
    refillDays: fields.refillDays.default(0),
    refillCap: fields.refillCap.default(10),
    refillCooldownSeconds: fields.refillCooldownSeconds.default(86_400),
    refillFallback: fields.refillFallback.default('review'),
    verify: fields.verify.default('provider'),
    counterUrl: fields.counterUrl.default(null),
    counterTolerancePercent: fields.counterTolerancePercent.default(5),
    recheckSeconds: fields.recheckSeconds.default(300),
    linkPattern: fields.linkPattern.default(null),
    duplicateLink: fields.duplicateLink.default('reject'),
    duplicateScope: fields.duplicateScope.default('account'),
    ignoredLinkParameters: fields.ignoredLinkParameters.default([]),
    afterFailedRun: fields.afterFailedRun.default('continue'),
  })
  .refine(({ min, max }) => min <= max, { path: ['max'], message: 'must not be below min' })
  .refine(({ min, max, step }) => min > max || Math.floor(max / step) * step >= min, {
    path: ['step'],
    message: 'must have a multiple from min to max',
  })
  .refine(({ type, verify }) => type !== 'Subscriptions' || verify === 'provider', {
    path: ['verify'],
    message: 'must be provider: the posts of a subscription cannot be counted',
  })
  .refine(({ type, refillDays }) => type !== 'Subscriptions' || refillDays === 0, {
    path: ['refillDays'],
    message: 'must be 0: a subscription is not refilled',
  })
  .refine(({ type, unlimitedPosts: posts }) => type === 'Subscriptions' || posts === undefined, {
    path: ['unlimitedPosts'],
    message: 'is only for services of the type Subscriptions',
  })
  .openapi('NewService');

/** The changes that a service takes: every field of a new one, and `active`. */
export const serviceChange = z
  .strictObject({ ...fields, active: z.boolean().openapi({ description: 'Whether it is sold' }) })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .openapi('ServiceChange', { minProperties: 1 });

/** The service that a body describes, with the defaults of its type. */
export function serviceOf({
  type,
  dripFeed,
  stallAfterSeconds,
  reviewAfterSeconds,
  unlimitedPosts: posts,
  ...body
}: z.output<typeof serviceBody>) {
  const waits = type === 'Subscriptions';
  return {
    ...body,
    type,
    unlimitedPosts: waits ? (posts ?? USUAL_UNLIMITED_POSTS) : null,
    dripFeed: dripFeed && SERVICE_TYPES[type].dripFeed,
    stallAfterSeconds: stallAfterSeconds ?? (waits ? YEAR_SECONDS : 86_400),
    reviewAfterSeconds: reviewAfterSeconds ?? (waits ? YEAR_SECONDS : 604_800),
  };
}

export const listedService = z
  .object({
    id: z.int(),
    name: z.string(),
    category: z.string(),
    type: z.string(),
    rate: z.string(),
    min: z.int(),
    max: z.int(),
    step: z.int(),
    unlimitedPosts: z.int().nullable(),
    dripFeed: z.boolean(),
    cancel: z.boolean(),
    refillDays: z.int(),
    refillCap: z.int(),
    refillCooldownSeconds: z.int(),
    refillFallback: z.enum(REFILL_FALLBACKS),
    stallAfterSeconds: z.int(),
    reviewAfterSeconds: z.int(),
    verify: z.string(),
    counterUrl: z.string().nullable(),
    counterTolerancePercent: z.int(),
    recheckSeconds: z.int(),
    linkPattern: z.string().nullable(),
    duplicateLink: z.enum(['reject', 'queue', 'allow']),
    duplicateScope: z.enum(['account', 'all']),
    ignoredLinkParameters: z.array(z.string()).readonly(),
    afterFailedRun: z.string(),
    active: z.boolean(),
    routes: z.array(
      z.object({
        provider: z.int(),
        providerService: z.string(),
        rate: z.string(),
        active: z.boolean(),
        held: z.enum(['gone', 'unprofitable']).nullable().openapi({
          description:
            'Why nothing is sent on it: its provider does not sell it any more, or asks more than it is sold at',
        }),
        min: z.int().nullable().openapi({ description: 'What the provider takes in one order; null: it has not said' }),
        max: z.int().nullable(),
        step: z.int().nullable().openapi({ description: 'Quantities that it takes are multiples of it' }),
      }),
    ),
  })
  .openapi('ServiceWithRoutes');
