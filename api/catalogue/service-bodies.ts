import { z } from '@hono/zod-openapi';
import { SERVICE_TYPES, type ServiceType, USUAL_UNLIMITED_POSTS } from '../../domain/catalogue/service-types.ts';
import { ROUTINGS } from '../../domain/dispatch/routing.ts';
import { LIMITS } from '../../domain/limits.ts';
import { REFILL_FALLBACKS } from '../../domain/refill/rules.ts';
import { isPattern } from '../../domain/text/pattern.ts';
import { LARGEST_ID } from '../v1/ids.ts';
import { intBetween, printableText, rate } from '../v1/schemas.ts';

const YEAR_SECONDS = 31_536_000;
const PATTERN_LENGTH = 500;

/** The id of a service at a provider: most providers use numbers, some use text. */
export const providerService = z
  .union([intBetween(1, Number.MAX_SAFE_INTEGER), z.string().regex(/^[\w.-]{1,64}$/)])
  .transform(String)
  .openapi({ type: 'string', pattern: '^[A-Za-z0-9_.-]{1,64}$', example: '42' });

/** A subscription waits for its customer to post, so by default it raises no alert for a year. */
const alertAfter = (usual: string, wait: string) =>
  intBetween(1, YEAR_SECONDS)
    .optional()
    .openapi({
      description: `${wait}, in seconds. Default: ${usual}, for Subscriptions a year`,
    });

const unlimitedPosts = intBetween(1, LIMITS.posts)
  .optional()
  .openapi({
    description: `Only for Subscriptions: how many posts an order without \`posts\` buys. Default: ${USUAL_UNLIMITED_POSTS}`,
  });

const pattern = z
  .string()
  .min(1)
  .max(PATTERN_LENGTH)
  // PostgreSQL stores no half of a character.
  .refine((text) => isPattern(text) && !/\p{Cs}/u.test(text), 'must be a regular expression of RE2')
  .nullable();

const linkParameters = z
  .array(z.string().regex(/^[\w.[\]-]{1,64}$/))
  .max(LIMITS.linkParameters)
  .openapi({
    description:
      'Link parameters that do not make another target for this service, in upper or lower case. utm_source, igsh, fbclid and others never do',
  });

const routeBody = z.strictObject({
  provider: intBetween(1, LARGEST_ID),
  providerService,
  rate,
  active: z.boolean().default(true).openapi({ description: 'Whether orders are sent on this route' }),
});

/** The fields of a service, without defaults. */
const fields = {
  name: printableText(LIMITS.name),
  category: printableText(LIMITS.name),
  type: z.enum(Object.keys(SERVICE_TYPES) as [ServiceType, ...ServiceType[]]),
  rate,
  min: intBetween(1, LIMITS.quantity),
  max: intBetween(1, LIMITS.quantity),
  step: intBetween(1, LIMITS.quantity).openapi({ description: 'The quantity of each run must be a multiple of this' }),
  unlimitedPosts,
  dripFeed: z
    .boolean()
    .openapi({ description: 'Only for the types Default and Web Traffic; for any other type it is false' }),
  cancel: z.boolean(),
  refillDays: intBetween(0, 36_500),
  refillCap: intBetween(1, 1_000).openapi({ description: 'How many refills an order may have' }),
  refillCooldownSeconds: intBetween(0, YEAR_SECONDS).openapi({
    description: 'From the end of a refill until the next one may be requested',
  }),
  refillFallback: z.enum(REFILL_FALLBACKS).openapi({
    description:
      'What follows when the provider refuses a refill. review: a person decides. resend: the quantity that was counted as missing is sent on another route at our cost. reject: the refill ends Rejected, with the reason',
  }),
  stallAfterSeconds: alertAfter('a day', 'How long a batch may deliver nothing before its order is stalled'),
  reviewAfterSeconds: alertAfter('a week', 'How long a batch may be In progress before its order needs a review'),
  verify: z.enum(['provider', 'counter']).openapi({
    description:
      "counter: an order is settled only when the target's count agrees with the provider; otherwise a person decides",
  }),
  counterUrl: printableText(LIMITS.link).nullable().openapi({
    description:
      'The counter of targets: GET <counterUrl>?link=<link> answers {"count": 1234}. With verify counter the default is the counter of the installation',
  }),
  counterTolerancePercent: intBetween(0, 100).openapi({
    description: 'By how much of the delivered quantity the count may be too small',
  }),
  recheckSeconds: intBetween(1, YEAR_SECONDS).openapi({
    description:
      'The wait before a target is counted again when its count does not agree; each later wait is twice as long',
  }),
  linkPattern: pattern,
  duplicateLink: z.enum(['reject', 'queue', 'allow']),
  duplicateScope: z.enum(['account', 'all']).openapi({
    description:
      'Which open orders count as duplicates. account: those of the same account. all: also those of other accounts that are being delivered',
  }),
  ignoredLinkParameters: linkParameters,
  afterFailedRun: z.enum(['continue', 'retry', 'stop']).openapi({
    description:
      'What follows a drip-feed run that did not deliver everything. continue: the next run. retry: the missing part is sent on the next route. stop: the order ends',
  }),
  routing: z.enum(ROUTINGS).openapi({
    description:
      'How a route is chosen among those that can take the order. order: by the order of preference. cheapest: by the rate of the route. fastest: by how fast and how fully the routes delivered lately, as far as that is known',
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
    routing: fields.routing.default('order'),
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

/** The changes that a service accepts: every field of a new service, and `active`. */
export const serviceChange = z
  .strictObject({
    ...fields,
    active: z.boolean().openapi({ description: 'Whether the service is sold' }),
    version: printableText(64).openapi({
      description: 'The version that the change is for: a service that has changed since is refused with `conflict`',
    }),
  })
  .partial()
  .refine((change) => Object.keys(change).some((name) => name !== 'version'), 'must change something')
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
    routing: z.enum(ROUTINGS),
    active: z.boolean(),
    routes: z.array(
      z.object({
        provider: z.int(),
        providerService: z.string(),
        rate: z.string(),
        active: z.boolean(),
        held: z.enum(['gone', 'unprofitable']).nullable().openapi({
          description:
            'Why no order is sent on this route. gone: the provider no longer lists the service. unprofitable: the provider charges more than the selling rate',
        }),
        min: z
          .int()
          .nullable()
          .openapi({ description: 'The least that the provider accepts in one order; null when it names no limit' }),
        max: z.int().nullable(),
        step: z.int().nullable().openapi({ description: 'The provider accepts only multiples of this' }),
      }),
    ),
  })
  .openapi('ServiceWithRoutes');

export const serviceFile = z
  .object({
    ...listedService.shape,
    version: z.string().openapi({
      description: 'Changes with everything that staff can change of the service; for a change that expects this state',
    }),
  })
  .openapi('ServiceFile');
