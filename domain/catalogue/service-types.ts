import { Refusal } from '../errors.ts';
import { type Money, type Rate, unitPrice } from '../ledger/money.ts';
import {
  type FieldName,
  fieldFault,
  type JudgedFields,
  judgeFields,
  linesOf,
  type OrderFields,
} from '../placement/order-fields.ts';

/** A service type of panel API v2 (source: the contract page of the field, section 1.3). */
interface ServiceTypeRule {
  /** 1000: the rate is per 1000 items. 1: the rate is for one package. */
  readonly per: 1000 | 1;
  /**
   * Where the quantity comes from. `given`: the caller. `one`: always one package. `posts`: one for each post, old or new. A
   * field's name: the number of its lines.
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

/** Posts that a subscription without `posts` pays for, unless its service has another number. */
export const USUAL_UNLIMITED_POSTS = 100;

/** The further field that web traffic requires, by its `type_of_traffic`. */
const SOURCES: ReadonlyMap<string, FieldName> = new Map([
  ['1', 'google_keyword'],
  ['2', 'referring_url'],
]);

/** The limits of a service for subscriptions. */
export interface PostLimits {
  /** The least and the most items of one post. */
  readonly min: number;
  readonly max: number;
  /** Posts of an order without `posts`. It is paid for in advance, so it needs an end. Null for all other types. */
  readonly unlimitedPosts: number | null;
}

/** The fields of an order as their type reads them, for any service of the type. The work grows with the length of their text. */
export interface ReadFields extends JudgedFields {
  /** The number of lines of the field that is the quantity; undefined when the type counts no lines. */
  readonly lines: number | undefined;
}

export function readFieldsOf(type: ServiceType, given: Readonly<Record<string, string>>): ReadFields {
  const { needs, takes, quantity } = ruleOf(type);
  const asked = type === 'Web Traffic' ? SOURCES.get((given.type_of_traffic ?? '').trim()) : undefined;
  const judged = judgeFields(given, asked === undefined ? needs : [...needs, asked], takes);
  return { ...judged, lines: quantity === 'posts' ? undefined : countedIn(type, judged.fields) };
}

/**
 * The fields of an order, judged by the limits of its service too. A subscription always gets `posts`, so that no later step must
 * handle their absence. Its faults may also be `quantity_below_min` and `quantity_above_max`.
 */
export const judgeReadFields = (type: ServiceType, { fields, faults }: ReadFields, limits: PostLimits): JudgedFields =>
  type === 'Subscriptions' ? judgeSubscription({ fields, faults }, limits) : { fields, faults };

function judgeSubscription({ fields, faults }: JudgedFields, limits: PostLimits): JudgedFields {
  const { min = '0', max = '0', posts = limits.unlimitedPosts } = fields;
  const [least, most] = [Number(min), Number(max)];
  const areGiven = fields.min !== undefined && fields.max !== undefined;
  return {
    fields: { ...fields, ...(posts === null ? {} : { posts: String(posts) }) },
    faults: [
      ...faults,
      ...(areGiven && least > most ? [fieldFault('max', 'must not be below min')] : []),
      ...(fields.min !== undefined && least < limits.min
        ? [new Refusal('quantity_below_min', `the minimum of a post is ${limits.min}`)]
        : []),
      ...(fields.max !== undefined && most > limits.max
        ? [new Refusal('quantity_above_max', `the maximum of a post is ${limits.max}`)]
        : []),
      ...(posts === null ? [fieldFault('posts')] : []),
    ],
  };
}

/** The quantity that the fields determine; undefined when the caller gives it, or for a package. */
export function countedIn(type: ServiceType, fields: OrderFields): number | undefined {
  const { quantity } = ruleOf(type);
  if (quantity === 'given' || quantity === 'one') return undefined;
  if (quantity === 'posts') return Number(fields.posts) + Number(fields.old_posts ?? 0);
  return linesOf(fields[quantity] ?? '').length;
}

/** The price of one item. A subscription's item is a post, which costs as much as the most items that it may get. */
export function itemPrice(type: ServiceType, rate: Rate, fields: OrderFields): Money {
  const unit = unitPrice(rate, ruleOf(type).per);
  return type === 'Subscriptions' ? ((unit * BigInt(fields.max ?? 0)) as Money) : unit;
}

/** What a provider gets beside the service and the link. `quantity` is absent when the type derives it. */
export interface UpstreamOrder {
  readonly quantity?: number;
  readonly fields: OrderFields;
}

/**
 * The part of an order with `quantity` items, for a provider. When it is the part that another provider left missing, the first
 * lines of a list, or the old posts, count as delivered, and only the rest is sent.
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
