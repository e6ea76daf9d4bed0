import { Refusal } from '../errors.ts';
import { type Money, type Rate, unitPrice } from '../ledger/money.ts';
import { type FieldName, linesOf, type OrderFields, readFields, refuseField } from '../placement/order-fields.ts';

/** The service types of panel API v2, all that the field's contract page has (section 1.3). */
interface ServiceTypeRule {
  /** 1000: the rate is per 1000 items. 1: the rate is for one package. */
  readonly per: 1000 | 1;
  /**
   * `given`: the caller says how many. `one`: always one package. `posts`: one for each post, old or new. A field: as many as
   * it has lines.
   */
  readonly quantity: 'given' | 'one' | 'posts' | 'comments' | 'usernames';
  /** The target of an order: a link or a user name. */
  readonly target: 'link' | 'username';
  readonly needs: readonly FieldName[];
  readonly takes: readonly FieldName[];
  readonly dripFeed: boolean;
}

const rule = (needs: readonly FieldName[], more: Partial<ServiceTypeRule> = {}): ServiceTypeRule => ({
  per: 1000,
  quantity: 'given',
  target: 'link',
  needs,
  takes: [],
  dripFeed: false,
  ...more,
});

export const SERVICE_TYPES = {
  Default: rule([], { dripFeed: true }),
  Package: rule([], { per: 1, quantity: 'one' }),
  SEO: rule(['keywords']),
  'Custom Comments': rule(['comments'], { quantity: 'comments' }),
  Mentions: rule(['usernames']),
  'Mentions with Hashtags': rule(['usernames', 'hashtags']),
  'Mentions Custom List': rule(['usernames'], { quantity: 'usernames' }),
  'Mentions Hashtag': rule(['hashtag']),
  'Mentions User Followers': rule(['username']),
  'Mentions Media Likers': rule(['media']),
  'Custom Comments Package': rule(['comments'], { per: 1, quantity: 'one' }),
  'Comment Likes': rule(['username']),
  Poll: rule(['answer_number']),
  'Comment Replies': rule(['username', 'comments'], { quantity: 'comments' }),
  'Invites from Groups': rule(['groups']),
  Subscriptions: rule(['username', 'min', 'max', 'delay'], {
    quantity: 'posts',
    target: 'username',
    takes: ['posts', 'old_posts', 'expiry'],
  }),
  'Web Traffic': rule(['country', 'device', 'type_of_traffic'], {
    takes: ['google_keyword', 'referring_url'],
    dripFeed: true,
  }),
} as const satisfies Record<string, ServiceTypeRule>;

export type ServiceType = keyof typeof SERVICE_TYPES;

export const isServiceType = (type: string): type is ServiceType => Object.hasOwn(SERVICE_TYPES, type);

export const ruleOf = (type: ServiceType): ServiceTypeRule => SERVICE_TYPES[type];

/** Posts that a subscription without `posts` is bought for, where the service does not say otherwise. */
export const USUAL_UNLIMITED_POSTS = 100;

/** What web traffic needs beside the fields of its type, by its `type_of_traffic`. */
const SOURCES: ReadonlyMap<string, FieldName> = new Map([
  ['1', 'google_keyword'],
  ['2', 'referring_url'],
]);

/** What a service says of its subscriptions. */
export interface PostLimits {
  /** How many items one post may get. */
  readonly min: number;
  readonly max: number;
  /** What is bought when the order has no `posts`: it is paid for beforehand, so it must have an end. Null for all other types. */
  readonly unlimitedPosts: number | null;
}

/**
 * The fields of an order of this type, checked on their own and against each other. A subscription always has its `posts`: no
 * later step need know whether its customer said them.
 * @throws Refusal `unexpected_field`, `invalid_<field>`, or for a subscription the limits of the service.
 */
export function fieldsOf(type: ServiceType, given: Readonly<Record<string, string>>, limits: PostLimits): OrderFields {
  const { needs, takes } = ruleOf(type);
  const asked = type === 'Web Traffic' ? SOURCES.get((given.type_of_traffic ?? '').trim()) : undefined;
  const fields = readFields(given, asked === undefined ? needs : [...needs, asked], takes);
  if (type === 'Subscriptions') {
    const [least, most] = [Number(fields.min), Number(fields.max)];
    if (least > most) refuseField('max', 'must not be below min');
    if (least < limits.min) throw new Refusal('quantity_below_min', `the minimum of a post is ${limits.min}`);
    if (most > limits.max) throw new Refusal('quantity_above_max', `the maximum of a post is ${limits.max}`);
    return { ...fields, posts: fields.posts ?? String(limits.unlimitedPosts ?? refuseField('posts')) };
  }
  return fields;
}

/** How many items the fields amount to; undefined when the caller says it, or it is one package. */
export function countedIn(type: ServiceType, fields: OrderFields): number | undefined {
  const { quantity } = ruleOf(type);
  if (quantity === 'given' || quantity === 'one') return undefined;
  if (quantity === 'posts') return Number(fields.posts) + Number(fields.old_posts ?? 0);
  return linesOf(fields[quantity] ?? '').length;
}

/** What one item costs: a subscription's item is a post, which costs as much as the most it may get. */
export function itemPrice(type: ServiceType, rate: Rate, fields: OrderFields): Money {
  const unit = unitPrice(rate, ruleOf(type).per);
  return type === 'Subscriptions' ? ((unit * BigInt(fields.max ?? 0)) as Money) : unit;
}

/** What a provider is told of an order beside the service and the link: a quantity only where the type has one. */
export interface UpstreamOrder {
  readonly quantity?: number;
  readonly fields: OrderFields;
}

/**
 * `quantity` items of an order for a provider. When they are what another provider left missing, what was first in the
 * list, or was there already, is taken as delivered: only the rest of it is sent.
 */
export function upstreamOrder(type: ServiceType, fields: OrderFields, quantity: number): UpstreamOrder {
  const source = ruleOf(type).quantity;
  switch (source) {
    case 'given':
      return { quantity, fields };
    case 'one':
      return { fields };
    case 'posts': {
      const { old_posts: old = '0', ...rest } = fields;
      const done = (countedIn(type, fields) ?? 0) - quantity;
      const left = Math.max(Number(old) - done, 0);
      const posts = String(quantity - left);
      return { fields: { ...rest, posts, ...(left === 0 ? {} : { old_posts: String(left) }) } };
    }
    default:
      return {
        fields: {
          ...fields,
          [source]: linesOf(fields[source] ?? '')
            .slice(-quantity)
            .join('\n'),
        },
      };
  }
}
