/** A service of the simulated provider, with panel API v2's own types: numbers, strings and booleans as panels send them. */
export interface CatalogueService {
  readonly service: number;
  readonly name: string;
  readonly type: string;
  readonly category: string;
  /** Decimal string: the price of 1000 items, or of one package for a package type. A subscription's item is a like. */
  readonly rate: string;
  readonly min: string;
  readonly max: string;
  readonly dripfeed: boolean;
  readonly refill: boolean;
  readonly cancel: boolean;
}

type Flags = Partial<Pick<CatalogueService, 'dripfeed' | 'refill' | 'cancel'>>;

const row = (
  service: number,
  category: string,
  name: string,
  type: string,
  rate: string,
  [min, max]: readonly [number, number],
  flags: Flags = {},
): CatalogueService => ({
  service,
  name,
  type,
  category,
  rate,
  min: String(min),
  max: String(max),
  dripfeed: flags.dripfeed ?? false,
  refill: flags.refill ?? false,
  cancel: flags.cancel ?? false,
});

const all: Flags = { dripfeed: true, refill: true, cancel: true };

/**
 * The services of the simulated provider: each type of panel API v2 at least once. The ids are stable, because tests and the demo
 * use them.
 */
export const CATALOGUE: readonly CatalogueService[] = [
  row(1, 'Instagram', 'Instagram followers, 30 days refill', 'Default', '0.90', [50, 100_000], all),
  row(2, 'Instagram', 'Instagram likes, instant', 'Default', '0.27819', [10, 50_000], { dripfeed: true, cancel: true }),
  row(3, 'TikTok', 'TikTok views', 'Default', '0.00123', [100, 10_000_000], { dripfeed: true }),
  row(4, 'TikTok', 'TikTok followers, slow, refill', 'Default', '3.14159', [20, 20_000], {
    refill: true,
    cancel: true,
  }),
  row(5, 'YouTube', 'YouTube watch time views', 'Default', '12.5', [100, 1_000_000], all),
  row(6, 'YouTube', 'YouTube subscribers, no refill, no cancel', 'Default', '21.00001', [10, 5000]),
  row(7, 'Telegram', 'Telegram channel starter package', 'Package', '4.99', [1, 1], { cancel: true }),
  row(8, 'Instagram', 'Instagram comments, your words', 'Custom Comments', '18.75', [5, 1000], { cancel: true }),
  row(9, 'Instagram', 'Instagram comments package', 'Custom Comments Package', '2.345', [1, 1]),
  row(10, 'Telegram', 'Telegram poll votes', 'Poll', '0.6', [10, 20_000], { cancel: true }),
  row(11, 'Instagram', 'Instagram likes on new posts', 'Subscriptions', '1.10', [10, 10_000], { cancel: true }),
  row(12, 'Instagram', 'Instagram mentions, your list', 'Mentions Custom List', '7.5', [10, 10_000]),
  row(13, 'Instagram', 'Instagram likes on a comment', 'Comment Likes', '1.75', [10, 5000], { cancel: true }),
  row(14, 'Websites', 'Web traffic by country', 'Web Traffic', '0.35', [500, 1_000_000], { dripfeed: true }),
  row(15, 'Websites', 'Searches for your keywords', 'SEO', '2.4', [100, 50_000]),
  row(16, 'Instagram', 'Instagram mentions', 'Mentions', '6.2', [10, 10_000]),
  row(17, 'Instagram', 'Instagram mentions with hashtags', 'Mentions with Hashtags', '6.9', [10, 10_000]),
  row(18, 'Instagram', 'Instagram mentions by hashtag', 'Mentions Hashtag', '5.5', [10, 10_000]),
  row(19, 'Instagram', 'Instagram mentions of followers', 'Mentions User Followers', '5.8', [10, 10_000]),
  row(20, 'Instagram', 'Instagram mentions of media likers', 'Mentions Media Likers', '5.9', [10, 10_000]),
  row(21, 'Instagram', 'Instagram replies to a comment', 'Comment Replies', '19.5', [5, 1000]),
  row(22, 'Facebook', 'Facebook invites from groups', 'Invites from Groups', '3.3', [10, 10_000]),
];

/** A package is priced as one piece, every other type per 1000 items. */
export const pricedPer = (type: string): 1 | 1000 => (type.endsWith('Package') ? 1 : 1000);
