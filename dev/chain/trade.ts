import { createClient, type Order } from '../../client/index.ts';
import type { TwoPanels } from './panels.ts';

/** Services the child sells at its own price. It buys them from the parent, and the parent from the simulated provider. */
const GOODS = {
  followers: { bought: 'Instagram followers', type: 'Default', rate: '1.79', min: 50, max: 100_000 },
  likes: { bought: 'Instagram likes', type: 'Default', rate: '0.61357', min: 10, max: 50_000 },
  package: { bought: 'Telegram starter package', type: 'Package', rate: '9.99', min: 1, max: 1 },
  comments: { bought: 'Instagram comments, your words', type: 'Custom Comments', rate: '33.33333', min: 5, max: 1000 },
} as const;

type Good = keyof typeof GOODS;

interface Wish {
  readonly what: string;
  readonly good: Good;
  readonly quantity?: number;
  readonly comments?: readonly string[];
  readonly dripFeed?: { readonly runs: number; readonly intervalMinutes: number };
  /** The script for the far provider. */
  readonly sim: string;
  /** The final status, at every level. */
  readonly ends: Order['status'];
  /** The customer cancels it after a part is delivered. */
  readonly canceled?: true;
}

const WORDS = ['So good!', 'Where was this?', 'Wow', 'Again, please', '😍', 'Took me a while', 'No words'];

/** Orders that each end in a different way at the far end of the chain. */
const WISHES: readonly Wish[] = [
  { what: 'all delivered', good: 'likes', quantity: 1234, sim: 'seconds:2', ends: 'Completed' },
  { what: 'some delivered', good: 'followers', quantity: 1000, sim: 'seconds:2,partial:617', ends: 'Partial' },
  { what: 'given up', good: 'likes', quantity: 777, sim: 'delay:500,cancel', ends: 'Canceled' },
  { what: 'a package', good: 'package', sim: 'seconds:2', ends: 'Completed' },
  { what: 'some comments', good: 'comments', comments: WORDS, sim: 'seconds:2,partial:3', ends: 'Partial' },
  {
    what: 'canceled by its customer',
    good: 'followers',
    quantity: 5000,
    sim: 'speed:20',
    ends: 'Partial',
    canceled: true,
  },
  {
    what: 'some taken back after the end',
    good: 'likes',
    quantity: 2000,
    sim: 'seconds:1,flip:partial:1501:after:6',
    ends: 'Partial',
  },
];

/** Two runs, a minute apart. Only with `--drip-feed`, because it takes that minute. */
const DRIP_FEED: Wish = {
  what: 'a drip-feed of two runs',
  good: 'likes',
  quantity: 333,
  dripFeed: { runs: 2, intervalMinutes: 1 },
  sim: 'seconds:2',
  ends: 'Completed',
};

export interface Placed extends Wish {
  /** Id of the child's order. */
  readonly id: number;
}

/** The trade between the two panels, with what is needed to ask each about it. */
export interface Trade {
  /** The child's account at the parent. */
  readonly account: { readonly id: number; readonly key: string; readonly deposit: string };
  /** Id of the parent among the child's providers. */
  readonly provider: number;
  readonly orders: readonly Placed[];
}

const DEPOSIT = '500';

/** Opens an account for the child at the parent, has the child sell the parent's services, and places the orders there. */
export async function openTrade({ parent, child }: TwoPanels, { dripFeed }: { dripFeed: boolean }): Promise<Trade> {
  const atParent = createClient({ url: parent.stack.apiUrl, key: parent.stack.adminKey });
  const { id } = await atParent.POST('/v1/admin/accounts', { body: { name: 'Child panel' } });
  const deposit = { amount: DEPOSIT, reference: 'chain' };
  await atParent.POST('/v1/admin/accounts/{id}/deposits', { params: { path: { id } }, body: deposit });
  const { key } = await atParent.POST('/v1/admin/accounts/{id}/keys', {
    params: { path: { id } },
    body: { name: 'v2' },
  });

  const staff = createClient({ url: child.stack.apiUrl, key: child.stack.adminKey });
  const provider = await staff.POST('/v1/admin/providers', {
    body: { name: 'Parent panel', url: `${parent.stack.apiUrl}/api/v2`, key, pollSeconds: 1 },
  });
  const { data: sold } = await createClient({ url: parent.stack.apiUrl, key }).GET('/v1/services');
  const services = new Map<Good, number>();
  for (const [good, { bought, ...terms }] of Object.entries(GOODS) as [Good, (typeof GOODS)[Good]][]) {
    const theirs = sold.find(({ name }) => name === bought);
    if (theirs === undefined) throw new Error(`the parent does not sell ${bought}`);
    const routes = [{ provider: provider.id, providerService: String(theirs.id), rate: theirs.rate }];
    const service = await staff.POST('/v1/admin/services', {
      body: {
        ...terms,
        name: bought,
        category: 'Chain',
        dripFeed: good === 'likes',
        cancel: true,
        duplicateLink: 'allow',
        routes,
      },
    });
    services.set(good, service.id);
  }

  const customer = createClient({ url: child.stack.apiUrl, key: child.stack.apiKey });
  const orders: Placed[] = [];
  for (const wish of dripFeed ? [...WISHES, DRIP_FEED] : WISHES) {
    const { good, sim, quantity, comments, dripFeed: drip } = wish;
    const order = await customer.POST('/v1/orders', {
      body: {
        service: services.get(good) ?? 0,
        link: `https://example.com/chain/${orders.length + 1}?sim=${sim}`,
        ...(quantity === undefined ? {} : { quantity }),
        ...(comments === undefined ? {} : { comments: [...comments] }),
        ...(drip === undefined ? {} : { dripFeed: drip }),
      },
    });
    orders.push({ ...wish, id: order.id });
  }
  return { account: { id, key, deposit: DEPOSIT }, provider: provider.id, orders };
}

/** Acts as the child's customer: cancels the orders marked `canceled` once their first items are delivered. */
export async function cancelWhatIsWanted({ child }: TwoPanels, { orders }: Trade, signal: AbortSignal): Promise<void> {
  const customer = createClient({ url: child.stack.apiUrl, key: child.stack.apiKey });
  for (const { id } of orders.filter(({ canceled }) => canceled)) {
    for await (const message of customer.events(id, { signal })) {
      if (message.type === 'progress' && message.progress.delivered > 0) break;
    }
    await customer.POST('/v1/orders/{id}/cancel', { params: { path: { id } }, body: { reason: 'enough' } });
  }
}
